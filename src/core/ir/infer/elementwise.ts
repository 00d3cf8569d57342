import type { DataType } from '../data-type.ts';
import { isFloatType } from '../data-type.ts';
import { attrFloat, attrInt, attrString } from '../node-attributes.ts';
import { DATA_TYPES } from '../data-type.ts';
import type { Dim } from '../graph.ts';
import { broadcastShapes } from './broadcast.ts';
import { elementMath } from './element-math.ts';
import { foldElementwise } from './fold-elementwise.ts';
import type { NodeContext } from './node-context.ts';
import type { InferOperator, OperatorTable } from './operator-table.ts';
import { sameFor } from './operator-table.ts';
import type { Shape } from './merge-shapes.ts';

/** Output 0 has type and shape of input 0; further inputs (slopes, bounds) do not change the shape. */
const unary: InferOperator = (c) => {
  const dataType = c.required(0)?.dataType;
  c.output(0, dataType, c.shape(0));
  foldMath(c, dataType);
};

const unaryToBool: InferOperator = (c) => {
  c.required(0);
  c.output(0, 'bool', c.shape(0));
  foldMath(c, 'bool');
};

/** All inputs broadcast; opset 1 to 6 aligned the second input by attributes, and the first one gave the shape. */
function broadcasting(resultType: (c: NodeContext) => DataType | undefined): InferOperator {
  return (c) => {
    const dataType = resultType(c);
    if (c.inputCount === 0) c.required(0);
    c.output(0, dataType, broadcastAll(c));
    foldMath(c, dataType);
  };
}

function broadcastAll(c: NodeContext): Shape | undefined {
  if (c.opset < 7 && c.node.domain === '' && c.hasAttribute('broadcast')) return c.shape(0);
  const shapes: (Shape | undefined)[] = [];
  for (let i = 0; i < c.inputCount; i++) shapes.push(c.required(i)?.shape);
  return broadcastShapes(c, shapes);
}

/** Operands have one type, so the first that is known gives it. */
function operandType(c: NodeContext): DataType | undefined {
  for (let i = 0; i < c.inputCount; i++) {
    const dataType = c.dataType(i);
    if (dataType !== undefined) return dataType;
  }
  return undefined;
}

function foldMath(c: NodeContext, dataType: DataType | undefined): void {
  const make = elementMath[c.node.opType];
  const operand = operandType(c);
  if (make === undefined || operand === undefined) return;
  foldElementwise(c, dataType, make(c.dims, operand));
}

const where: InferOperator = (c) => {
  const dataType = c.dataType(1) ?? c.dataType(2);
  c.output(0, dataType, broadcastAll(c));
  foldElementwise(c, dataType, (condition, yes, no) => {
    if (typeof condition === 'number') return condition === 0 ? no : yes;
    return yes === no ? yes : undefined;
  });
};

/** Bounds are attributes before opset 11 and then inputs 1 and 2, each of which may be left out. */
const clip: InferOperator = (c) => {
  const value = c.constant(0);
  c.output(0, c.required(0)?.dataType, c.shape(0));
  const low = c.input(1) === undefined ? attrFloat(c.node, 'min', -Infinity) : c.numbers(1)?.[0];
  const high = c.input(2) === undefined ? attrFloat(c.node, 'max', Infinity) : c.numbers(2)?.[0];
  if (value === undefined || low === undefined || high === undefined) return;
  const clamp = (e: Dim): Dim => {
    const raised = low === -Infinity ? e : c.orFresh(c.dims.max(e, low));
    return high === Infinity ? raised : c.orFresh(c.dims.min(raised, high));
  };
  c.fold(0, { ...value, elements: value.elements.map(clamp) });
};

const LEGACY_TYPES: Readonly<Record<string, DataType>> = {
  FLOAT: 'float32',
  FLOAT16: 'float16',
  DOUBLE: 'float64',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  UINT64: 'uint64',
  BOOL: 'bool',
  STRING: 'string',
};

/** Element type for the number of an attribute such as `to` or `dtype`; a diagnostic when there is no such type. */
function typeAttribute(c: NodeContext, name: string): DataType | undefined {
  // Before opset 6 the type stood there in words.
  const inWords = LEGACY_TYPES[attrString(c.node, name, '').toUpperCase()];
  const dataType = inWords ?? DATA_TYPES[attrInt(c.node, name, 0)];
  if (dataType !== undefined && dataType !== 'undefined') return dataType;
  c.attributeProblem(name, 'is not the number of an element type');
  return undefined;
}

function castTo(c: NodeContext, dataType: DataType | undefined): void {
  c.required(0);
  c.output(0, dataType, c.shape(0));
  if (dataType === undefined || c.constant(0) === undefined) return;
  const value = c.constant(0);
  if (value === undefined) return;
  const elements = value.elements.map((e) => {
    if (isFloatType(dataType)) return e;
    if (typeof e === 'string') return c.orFresh(c.dims.floor(e));
    return dataType === 'bool' ? Number(e !== 0) : Math.trunc(e);
  });
  c.fold(0, { dataType, shape: value.shape, elements });
}

const UNARY =
  'Abs Acos Acosh Asin Asinh Atan Atanh Ceil Celu Cos Cosh Elu Erf Exp Floor Gelu HardSigmoid HardSwish Hardmax ' +
  'LeakyRelu Log LogSoftmax Mish Neg ParametricSoftplus PRelu Reciprocal Relu Round ScaledTanh Scale Selu Shrink Sigmoid Sign ' +
  'Sin Sinh Softmax Softplus Softsign Sqrt Swish Tan Tanh ThresholdedRelu Affine Crop ImageScaler BitwiseNot SwiGLU';
const SAME_TYPE = 'Add Sub Mul Div Mod Max Min Sum Mean BitShift BitwiseAnd BitwiseOr BitwiseXor';
const TO_BOOL = 'And Or Xor Equal Greater GreaterOrEqual Less LessOrEqual';

export const elementwiseOperators: OperatorTable = {
  ...sameFor(UNARY, unary),
  ...sameFor('IsNaN IsInf Not', unaryToBool),
  ...sameFor(SAME_TYPE, broadcasting(operandType)),
  ...sameFor(
    TO_BOOL,
    broadcasting(() => 'bool'),
  ),
  // The exponent may have a type of its own; the base gives that of the result.
  Pow: broadcasting((c) => c.dataType(0)),
  Where: where,
  Clip: clip,
  BitCast: (c) => c.output(0, typeAttribute(c, 'to'), c.required(0)?.shape),
  Cast: (c) => castTo(c, typeAttribute(c, 'to')),
  CastLike: (c) => castTo(c, c.required(1)?.dataType),
};
