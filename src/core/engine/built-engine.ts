import type { Diagnostic } from '../base/diagnostic.ts';
import type { Dim } from '../ir/graph.ts';
import type {
  EngineDataType,
  EngineGraph,
  EngineLayer,
  EngineTensor,
} from '../sim/predicted-engine.ts';
import type { LogPass } from './build-log.ts';

/** An edge of a built engine. */
export interface BuiltTensor extends EngineTensor {
  /** Type and format as the file words them: `Thirty-two wide channel vectorized row major Int8 format`. */
  readonly formatText: string;
}

/** Time of one layer, out of a profile. */
export interface LayerTime {
  readonly averageUs: number;
  /** Absent in profiles of TensorRT before 8.4. */
  readonly medianUs: number | null;
  /** Of the sum over all layers, 0 to 1. */
  readonly share: number;
}

/** What the inspector tells of a convolution or deconvolution, also of one inside `ConvActPool`. */
export interface ConvolutionFacts {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly prePadding: readonly number[];
  readonly postPadding: readonly number[];
  readonly groups: number;
  readonly outMaps: number;
  readonly weights: { readonly dataType: EngineDataType; readonly count: number } | null;
  readonly bias: { readonly dataType: EngineDataType; readonly count: number } | null;
  readonly hasResidual: boolean;
  readonly isDeconvolution: boolean;
}

/** A layer of an engine that TensorRT built. */
export interface BuiltLayer extends EngineLayer {
  readonly inputs: readonly BuiltTensor[];
  readonly outputs: readonly BuiltTensor[];
  /** `ParameterType`: Convolution, Pooling, …; null where the file has none (NoOp, Myelin's kernels). */
  readonly parameterType: string | null;
  /** The chosen kernel by its name, else by its number (`0x…`); null where the file has neither. */
  readonly tactic: string | null;
  readonly streamId: number | null;
  /** What a point-wise layer computes, or a convolution behind its product, one operation a line. */
  readonly operations: readonly string[];
  readonly convolution: ConvolutionFacts | null;
  /** Bytes of weights and bias that the layer holds; 0 where the file does not tell. */
  readonly weightBytes: number;
  /** True where `nodes` are read off the name alone, because the file has no `Metadata`: inner nodes may be missing. */
  readonly nodesGuessed: boolean;
  /** Null without a profile, and where the profile does not name the layer. */
  readonly time: LayerTime | null;
  /** Every other field of the file, as it is. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** An input or output of the whole network. */
export interface IoTensor {
  readonly name: string;
  /** Null where the file lists names alone and no layer tells. */
  readonly mode: 'input' | 'output' | null;
  readonly dataType: EngineDataType;
  readonly dims: readonly Dim[];
}

/**
 * The kind of file that an engine was read from. `names`: built without detailed profiling verbosity, so that layers are names
 * alone; `bindings`: 8.2 to 10.x; `io-tensors`: 11.x; `list`: layers without a frame around them; `prediction`: a file of our own.
 */
export type EngineFileKind = 'names' | 'bindings' | 'io-tensors' | 'list' | 'prediction';

/** What TensorRT built, as far as its files tell. Cloneable data. */
export interface BuiltEngine extends EngineGraph {
  /** Where it was read from, for headings. */
  readonly name: string;
  readonly fileKind: EngineFileKind;
  /** `10.6.0`, where a log or manifest tells; no file of TensorRT's own states it. */
  readonly trtVersion: string | null;
  /** `NVIDIA H100 80GB HBM3`, likewise. */
  readonly gpu: string | null;
  readonly layers: readonly BuiltLayer[];
  readonly ioTensors: readonly IoTensor[];
  /** Microseconds of one inference, where times or a performance summary were read. */
  readonly latency: LatencyFigures | null;
  /** Runs behind the profile, null without one. */
  readonly profiledRuns: number | null;
  /** What the builder did, in order; null where no log was read. */
  readonly passes: readonly LogPass[] | null;
  /** What the reader could not take as it was: warnings, each with what to do. */
  readonly remarks: readonly Diagnostic[];
}

/** Microseconds of one inference over many runs. */
export interface LatencyFigures {
  readonly runs: number;
  /** GPU compute time alone. */
  readonly computeMedianUs: number;
  readonly computeP95Us: number;
  /** With copies to and from the host; equal to compute where none were made. */
  readonly latencyMedianUs: number;
}
