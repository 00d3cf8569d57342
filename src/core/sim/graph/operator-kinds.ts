import type { LayerKind } from './layer-parameters.ts';

interface OperatorKind {
  readonly kind: LayerKind;
  /** The operator's name inside its kind, where it differs from the ONNX one. */
  readonly op?: string;
}

const activation: OperatorKind = { kind: 'ACTIVATION' };
const unary: OperatorKind = { kind: 'UNARY' };
const shuffle: OperatorKind = { kind: 'SHUFFLE' };
const elementwise = (op: string): OperatorKind => ({ kind: 'ELEMENTWISE', op });
const identity: OperatorKind = { kind: 'CAST', op: 'Identity' };

/** Which kind of layer TensorRT's parser makes of an ONNX operator; what is not here becomes OTHER. */
export const OPERATOR_KINDS: ReadonlyMap<string, OperatorKind> = new Map(
  Object.entries({
    Conv: { kind: 'CONVOLUTION' },
    ConvTranspose: { kind: 'DECONVOLUTION' },
    Gemm: { kind: 'MATRIX_MULTIPLY' },
    MatMul: { kind: 'MATRIX_MULTIPLY' },
    BatchNormalization: { kind: 'SCALE' },
    Relu: activation,
    Clip: activation,
    Sigmoid: activation,
    Tanh: activation,
    LeakyRelu: activation,
    Elu: activation,
    Selu: activation,
    Celu: activation,
    HardSigmoid: activation,
    HardSwish: activation,
    Mish: activation,
    Gelu: activation,
    Softplus: activation,
    Softsign: activation,
    ThresholdedRelu: activation,
    PRelu: { kind: 'PARAMETRIC_RELU' },
    Erf: unary,
    Exp: unary,
    Log: unary,
    Sqrt: unary,
    Reciprocal: unary,
    Abs: unary,
    Neg: unary,
    Sin: unary,
    Cos: unary,
    Floor: unary,
    Ceil: unary,
    Round: unary,
    Sign: unary,
    Not: unary,
    Add: elementwise('SUM'),
    Sum: elementwise('SUM'),
    Sub: elementwise('SUB'),
    Mul: elementwise('PROD'),
    Div: elementwise('DIV'),
    Pow: elementwise('POW'),
    Max: elementwise('MAX'),
    Min: elementwise('MIN'),
    Equal: elementwise('EQUAL'),
    Greater: elementwise('GREATER'),
    Less: elementwise('LESS'),
    And: elementwise('AND'),
    Or: elementwise('OR'),
    Concat: { kind: 'CONCATENATION' },
    Slice: { kind: 'SLICE' },
    Split: { kind: 'SLICE' },
    Pad: { kind: 'SLICE', op: 'Pad' },
    Reshape: shuffle,
    Flatten: shuffle,
    Squeeze: shuffle,
    Unsqueeze: shuffle,
    Transpose: shuffle,
    DepthToSpace: shuffle,
    SpaceToDepth: shuffle,
    Resize: { kind: 'RESIZE' },
    Upsample: { kind: 'RESIZE' },
    MaxPool: { kind: 'POOLING', op: 'MAX' },
    AveragePool: { kind: 'POOLING', op: 'AVERAGE' },
    GlobalMaxPool: { kind: 'REDUCE', op: 'MAX' },
    GlobalAveragePool: { kind: 'REDUCE', op: 'AVG' },
    ReduceMean: { kind: 'REDUCE', op: 'AVG' },
    ReduceMax: { kind: 'REDUCE', op: 'MAX' },
    ReduceMin: { kind: 'REDUCE', op: 'MIN' },
    ReduceSum: { kind: 'REDUCE', op: 'SUM' },
    ReduceProd: { kind: 'REDUCE', op: 'PROD' },
    ReduceL2: { kind: 'REDUCE', op: 'L2' },
    Softmax: { kind: 'SOFTMAX' },
    LogSoftmax: { kind: 'SOFTMAX' },
    LayerNormalization: { kind: 'NORMALIZATION' },
    InstanceNormalization: { kind: 'NORMALIZATION' },
    GroupNormalization: { kind: 'NORMALIZATION' },
    Identity: identity,
    Dropout: identity,
    Cast: { kind: 'CAST' },
    Gather: { kind: 'GATHER' },
    TopK: { kind: 'TOPK' },
    ArgMax: { kind: 'TOPK' },
    ArgMin: { kind: 'TOPK' },
  } satisfies Record<string, OperatorKind>),
);

const QUANTIZE = new Set(['QuantizeLinear', 'TRT_FP8QuantizeLinear', 'TRT_INT4QuantizeLinear']);
const DEQUANTIZE = new Set([
  'DequantizeLinear',
  'TRT_FP8DequantizeLinear',
  'TRT_INT4DequantizeLinear',
]);

/** True for QuantizeLinear and its TensorRT custom spellings, in any domain. */
export const isQuantize = (opType: string): boolean => QUANTIZE.has(opType);
/** True for DequantizeLinear and its TensorRT custom spellings, in any domain. */
export const isDequantize = (opType: string): boolean => DEQUANTIZE.has(opType);
