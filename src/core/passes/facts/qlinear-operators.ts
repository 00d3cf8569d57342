/** Data, scale and zero point: the numbers of three inputs. */
export type Operand = readonly [data: number, scale: number, zeroPoint: number];

/** How an operator that computes on integers is written with Q and DQ. */
export interface QlinearForm {
  /** The float operator. */
  readonly opType: string;
  /** `rest`: as many as there are, from input 2 on. */
  readonly operands: readonly Operand[] | 'rest';
  /** Scale and zero point of the result. */
  readonly result: readonly [scale: number, zeroPoint: number];
  /** INT32 bias, in steps of the first two operands' scales. */
  readonly bias?: number;
  /** Attributes that the float operator knows too. */
  readonly attributes: readonly string[];
  /** Axis of the channels of the second operand, which may have a scale each. */
  readonly channelAxis?: number;
}

const ONE: readonly Operand[] = [[0, 1, 2]];
const TWO: readonly Operand[] = [
  [0, 1, 2],
  [3, 4, 5],
];
const WINDOW = ['auto_pad', 'dilations', 'kernel_shape', 'pads', 'strides'] as const;
const unary = (opType: string, ...attributes: string[]): QlinearForm => ({
  opType,
  operands: ONE,
  result: [3, 4],
  attributes,
});
const binary = (opType: string): QlinearForm => ({
  opType,
  operands: TWO,
  result: [6, 7],
  attributes: [],
});

/** ONNX's own two, and those of onnxruntime's domain (its ContribOperators.md). */
export const QLINEAR_FORMS: Readonly<Record<string, QlinearForm>> = {
  QLinearConv: {
    opType: 'Conv',
    operands: TWO,
    result: [6, 7],
    bias: 8,
    attributes: [...WINDOW, 'group'],
    channelAxis: 0,
  },
  QLinearMatMul: { ...binary('MatMul'), channelAxis: -1 },
  QLinearAdd: binary('Add'),
  QLinearMul: binary('Mul'),
  QGemm: {
    opType: 'Gemm',
    operands: TWO,
    result: [7, 8],
    bias: 6,
    attributes: ['alpha', 'transA', 'transB'],
    channelAxis: 1,
  },
  QLinearConcat: { opType: 'Concat', operands: 'rest', result: [0, 1], attributes: ['axis'] },
  QLinearGlobalAveragePool: unary('GlobalAveragePool'),
  QLinearAveragePool: unary('AveragePool', ...WINDOW, 'ceil_mode', 'count_include_pad'),
  QLinearSigmoid: unary('Sigmoid'),
  QLinearLeakyRelu: unary('LeakyRelu', 'alpha'),
  QLinearSoftmax: unary('Softmax', 'axis'),
};

/** Operators on integers whose scales are computed while the network runs. */
export const DYNAMIC_OPERATORS = [
  'ConvInteger',
  'MatMulInteger',
  'DynamicQuantizeLinear',
  'DynamicQuantizeMatMul',
  'MatMulIntegerToFloat',
] as const;

/** The operands of a node in that form. */
export const operandsOf = ({ operands }: QlinearForm, inputCount: number): readonly Operand[] =>
  operands === 'rest'
    ? Array.from({ length: Math.floor((inputCount - 2) / 3) }, (_, i): Operand => {
        const first = 2 + 3 * i;
        return [first, first + 1, first + 2];
      })
    : operands;
