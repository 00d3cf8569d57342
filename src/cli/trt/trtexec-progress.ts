/** Lines about single kernels: nine tenths of a verbose log, and different in each build. */
const TACTIC_LINE =
  /^(Tactic( Name)?:|Skipping|-{5,} ?Timing Runner|>{5,} ?Chose Runner|Fastest Tactic|Deleting timing cache|.*has been disqualified|.*tactic.*(skipped|time))/i;

/** Whether a message of TensorRT is about one kernel only. */
export const isTacticLine = (message: string): boolean => TACTIC_LINE.test(message);

/** What lines of trtexec begin; the first that fits counts. */
const STEPS: readonly (readonly [RegExp, string])[] = [
  [/^Start parsing network model/, 'reading the model'],
  [/^Finished parsing network model|^Original: \d+ layers/, 'building'],
  [/^(?:Engine built in|Engine generation completed)/, 'loading the engine'],
  [/^Starting inference/, 'timing'],
  [/^Timing trace has/, 'timing layers'],
];

/** Follows a verbose log: the step that it is at, and how much of that. */
export class TrtexecProgress {
  step = 'starting';
  private layers = 0;
  private costed = 0;
  private readonly onProgress: (step: string, fraction: number) => void;

  constructor(onProgress: (step: string, fraction: number) => void) {
    this.onProgress = onProgress;
  }

  /** A message without what the logger puts before it. */
  take(message: string): void {
    const begun = STEPS.find(([pattern]) => pattern.test(message));
    if (begun) this.step = begun[1];
    // The builder lists the layers first, then works out what each costs by timing its kernels.
    if (message.startsWith('[GpuLayer]')) this.layers++;
    const isCost = message.includes('Computing costs for');
    if (isCost) this.costed++;
    if (begun || isCost)
      this.onProgress(this.step, isCost ? Math.min(1, this.costed / Math.max(1, this.layers)) : 0);
  }
}
