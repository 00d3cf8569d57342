/** The files that one build can leave, by what they hold. */
export const ARTEFACT_ENDINGS = {
  /** TensorRT's plan. */
  engine: '.engine',
  layers: '.layer.json',
  profile: '.profile.json',
  times: '.times.json',
  log: '.build.log',
  prediction: '.prediction.json',
  comparison: '.comparison.json',
  manifest: '.manifest.json',
} as const;
export type Artefact = keyof typeof ARTEFACT_ENDINGS;

/** How a build ended. `refused`: TensorRT said no; `failed`: something around it did. */
export type BuildOutcome = 'built' | 'refused' | 'failed' | 'cancelled' | 'timed-out';

/** What a build was, for whoever finds its files later. Written last, so that a folder with a manifest is complete. */
export interface BuildManifest {
  readonly format: 'qdq-lab-build';
  readonly version: 1;
  /** The model's file name without folder, and its hash, by which a resumed batch knows what is done. */
  readonly model: { readonly name: string; readonly sha256: string; readonly sizeBytes: number };
  readonly outcome: BuildOutcome;
  /** One sentence where the outcome is not `built`. */
  readonly reason: string | null;
  readonly mode: string;
  readonly backend: 'trtexec' | 'python';
  /** `10.6.0`. */
  readonly trtVersion: string | null;
  readonly gpu: {
    readonly name: string;
    /** Compute capability times ten. */
    readonly sm: number | null;
    readonly driver: string | null;
    readonly memoryBytes: number | null;
    /** MHz when the timing began. */
    readonly smClockMhz: number | null;
    readonly memoryClockMhz: number | null;
  } | null;
  /** Program and arguments as they were run, without the folders of this machine. */
  readonly command: readonly string[];
  /** Where it ran: null for this machine, else what `--host` named. */
  readonly host: string | null;
  readonly startedAt: string;
  readonly buildSeconds: number | null;
  readonly engineBytes: number | null;
  /** Microseconds, as in `LatencyFigures`. */
  readonly latency: {
    readonly runs: number;
    readonly computeMedianUs: number;
    readonly computeP95Us: number;
    readonly latencyMedianUs: number;
  } | null;
  /** File names beside the manifest. */
  readonly artefacts: Readonly<Partial<Record<Artefact, string>>>;
  /** `qdq-lab` that wrote it. */
  readonly producer: string;
}
