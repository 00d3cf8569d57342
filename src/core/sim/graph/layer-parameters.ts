/** Kinds of layers between import and engine, named as the builder's log names them. */
export type LayerKind =
  | 'CONSTANT'
  | 'QUANTIZE'
  | 'DEQUANTIZE'
  | 'CONVOLUTION'
  | 'DECONVOLUTION'
  | 'MATRIX_MULTIPLY'
  | 'ACTIVATION'
  | 'UNARY'
  | 'ELEMENTWISE'
  | 'POINTWISE'
  | 'SCALE'
  | 'PARAMETRIC_RELU'
  | 'POOLING'
  | 'REDUCE'
  | 'CONCATENATION'
  | 'SLICE'
  | 'SHUFFLE'
  | 'RESIZE'
  | 'SOFTMAX'
  | 'NORMALIZATION'
  | 'CAST'
  | 'GATHER'
  | 'TOPK'
  | 'MYELIN'
  | 'OTHER';

/** T: transpose, R: reshape. */
export type ShuffleSteps = 'T' | 'R' | 'TR' | 'RT' | 'TRT';

/** What a rule needs to know of an operator's attributes. Only what applies is present. */
export interface LayerParameters {
  /** Convolution and pooling: sizes of the window, strides, groups. */
  readonly kernel?: readonly number[];
  readonly strides?: readonly number[];
  readonly groups?: number;
  readonly inputChannels?: number;
  readonly outputChannels?: number;
  /** Convolution: its bias is computed by another layer, as by the Identity that exporters put behind a shared one. */
  readonly dynamicBias?: true;
  /** Reduction: axes, not negative, and whether they stay as length 1. */
  readonly reducedAxes?: readonly number[];
  readonly keepDims?: boolean;
  /** Matrix multiplication: whether the second operand is a constant, through Q/DQ or not. */
  readonly constantWeights?: boolean;
  /** Normalization: how many rows are normalized, each by itself. */
  readonly rows?: number;
  /** Clip: bounds, when constant. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Concatenation, softmax: axis, not negative. */
  readonly axis?: number;
  /** Slice: axes that it cuts, and whether it skips elements. */
  readonly slicedAxes?: readonly number[];
  readonly strided?: boolean;
  /** Slice that fills (ONNX Pad) with this value. */
  readonly fill?: number;
  /** Shuffle: whether elements change places in memory. */
  readonly transposes?: boolean;
  /** Shuffle: its steps, of which one layer has at most a transpose, a reshape and a transpose, in this order. */
  readonly shuffle?: ShuffleSteps;
  /** Constant: number of elements, and whether the elements are all alike. */
  readonly elements?: number;
  readonly dims?: readonly number[];
  /** Scale made of a constant and an element-wise layer. */
  readonly scaleOp?: 'SUM' | 'PROD';
}

/** What a Q or DQ does, so that two of them can be compared. */
export interface Quantizer {
  /** Equal for quantizers with equal scales, types and axes. */
  readonly key: string;
  readonly perTensor: boolean;
  readonly type: 'Int8' | 'FP8' | 'Int4' | 'FP4' | 'UInt8';
  /** False when the scale is made by other nodes at run time. */
  readonly constantScale: boolean;
  /** The tensor that holds the scale. */
  readonly scaleName: string;
}
