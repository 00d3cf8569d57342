import type { PhaseCount } from '../sim/predicted-engine.ts';
import type { BuiltLayer, LatencyFigures } from './built-engine.ts';
import type { EngineProfile } from './read-profile.ts';

/** What a log of TensorRT's builder, or of trtexec, tells. Cloneable data. */
export interface BuildLog {
  /** The file's name. */
  readonly name: string;
  /** `10.6.0`. */
  readonly trtVersion: string | null;
  readonly gpu: string | null;
  /** Compute capability times ten. */
  readonly sm: number | null;
  /** The command line as trtexec repeats it. */
  readonly command: string | null;
  /** What trtexec says at its end; null where the log is the builder's alone, or stops before. */
  readonly outcome: 'passed' | 'failed' | null;
  /** Every rewriting of the graph, in order. */
  readonly passes: readonly LogPass[];
  /** How many layers were left after a phase, in order; phases repeat. */
  readonly counts: readonly PhaseCount[];
  /** Layers of the finished engine, where the log lists them (`Engine Layer Information`, verbose logs of trtexec). */
  readonly layers: readonly BuiltLayer[];
  /** Names of the network's inputs and outputs, where the log lists them with the layers. */
  readonly bindings: readonly string[];
  readonly tactics: TacticSummary;
  /** Reformats that the builder decided on. */
  readonly reformats: readonly LogReformat[];
  readonly buildSeconds: number | null;
  readonly memory: MemoryFigures;
  readonly performance: PerformanceSummary | null;
  readonly latency: LatencyFigures | null;
  /** Times of layers, where trtexec printed them (`--dumpProfile`). */
  readonly profile: EngineProfile | null;
  /** Options and device as trtexec lists them: section, then key. */
  readonly sections: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly messages: readonly LogMessage[];
  readonly refusals: readonly ParserRefusal[];
}

/** One pass at one node: `Running: ConvReluFusion on Conv_0`. */
export interface LogPass {
  readonly pass: string;
  /** As the builder calls the node then: `w + QuantizeLinear_1 + Conv_0`. */
  readonly node: string;
  /** The heading of the builder's above it, null before the first. */
  readonly phase: string | null;
}

/** What was timed to choose kernels. All 0 in logs whose lines about tactics were cut out or that are not verbose. */
export interface TacticSummary {
  /** Layers for which costs were computed. */
  readonly layers: number;
  /** Kernels timed, over all layers and formats. */
  readonly timed: number;
  /** Combinations of types and formats tried. */
  readonly formatCombinations: number;
  /** Reformats timed. */
  readonly reformats: number;
  readonly chosen: readonly ChosenTactic[];
}

/** The winner of one timing. */
export interface ChosenTactic {
  readonly layer: string;
  /** `CaskConvolution`. */
  readonly runner: string;
  readonly tactic: string;
  /** Microseconds where the log gives the fastest time. */
  readonly timeUs: number | null;
}

/** A change of type or format that the builder put between two layers. */
export interface LogReformat {
  /** `Reformatted Input Tensor 0 to Conv_2 (Conv_0_out)`. */
  readonly what: string;
  /** `Float(25088,784,28,1)`. */
  readonly from: string;
  readonly to: string;
}

/** Bytes; null where the log does not say. */
export interface MemoryFigures {
  readonly hostPersistentBytes: number | null;
  readonly devicePersistentBytes: number | null;
  readonly scratchBytes: number | null;
  readonly activationBytes: number | null;
  readonly weightsBytes: number | null;
  readonly engineBytes: number | null;
  /** The most that the builder's allocators held on the GPU. */
  readonly peakGpuBytes: number | null;
}

/** Microseconds over the runs of trtexec. */
export interface Statistics {
  readonly minUs: number;
  readonly maxUs: number;
  readonly meanUs: number;
  readonly medianUs: number;
  /** From 8.5 on; null before. */
  readonly p90Us: number | null;
  readonly p95Us: number | null;
  readonly p99Us: number | null;
}

/** trtexec's summary. */
export interface PerformanceSummary {
  readonly runs: number | null;
  readonly queriesPerSecond: number | null;
  readonly latency: Statistics | null;
  readonly enqueue: Statistics | null;
  readonly hostToDevice: Statistics | null;
  readonly compute: Statistics | null;
  readonly deviceToHost: Statistics | null;
}

/** A warning or error, with the lines that belong to it. */
export interface LogMessage {
  readonly severity: 'warning' | 'error';
  readonly text: string;
  /** Counting from 1. */
  readonly line: number;
}

/** A node that the parser did not take. */
export interface ParserRefusal {
  readonly opType: string;
  /** The node's name; its first output where it has none. */
  readonly node: string;
  /** What TensorRT says of it. */
  readonly reason: string;
}
