import { DATA_TYPES } from '../data-type.ts';
import type { DataType } from '../data-type.ts';
import type { Dim } from '../graph.ts';
import { attrInt, attrInts, attrTensor } from '../node-attributes.ts';
import { elementCount } from '../tensor.ts';
import { MAX_FOLDED_ELEMENTS, readConstant } from './infer-session.ts';
import type { NodeContext } from './node-context.ts';
import type { InferOperator, OperatorTable } from './operator-table.ts';
import { sameFor } from './operator-table.ts';

/** The value stands in one of several attributes, by kind (opset 12); strings and sparse tensors are not folded. */
function constant(c: NodeContext): void {
  const tensor = attrTensor(c.node, 'value');
  if (tensor !== undefined) {
    c.output(0, tensor.dataType, tensor.dims);
    return c.fold(0, readConstant(tensor));
  }
  for (const attribute of c.node.attributes.values()) {
    switch (attribute.type) {
      case 'float':
        return scalarOrList(c, 'float32', [], [attribute.value]);
      case 'int':
        return scalarOrList(c, 'int64', [], [Number(attribute.value)]);
      case 'floats':
        return scalarOrList(c, 'float32', [attribute.value.length], attribute.value);
      case 'ints':
        return scalarOrList(c, 'int64', [attribute.value.length], attribute.value.map(Number));
      case 'string':
        return c.output(0, 'string', []);
      case 'strings':
        return c.output(0, 'string', [attribute.value.length]);
      case 'opaque':
        return c.output(0, undefined, undefined);
      default:
        break;
    }
  }
  c.attributeProblem('value', 'is missing');
}

function scalarOrList(
  c: NodeContext,
  dataType: DataType,
  shape: readonly number[],
  elements: readonly number[],
): void {
  c.output(0, dataType, shape);
  c.fold(0, { dataType, shape, elements });
}

/** The shape is a list of dimensions; the attribute holds one element, float32 0 by default. */
function constantOfShape(c: NodeContext): void {
  const tensor = attrTensor(c.node, 'value');
  const dataType = tensor?.dataType ?? 'float32';
  const target = c.required(0) && c.elements(0);
  const length = c.listLength(0);
  if (target === undefined) {
    return c.output(0, dataType, length === undefined ? undefined : c.freshShape(length));
  }
  c.output(0, dataType, target);
  const element = tensor === undefined ? 0 : readConstant(tensor)?.elements[0];
  if (element === undefined || !target.every((d) => typeof d === 'number')) return;
  const shape = target as number[];
  const count = elementCount(shape);
  if (shape.some((d) => d < 0) || count > MAX_FOLDED_ELEMENTS) return;
  c.fold(0, { dataType, shape, elements: new Array<Dim>(count).fill(element) });
}

function range(c: NodeContext): void {
  const dataType = c.required(0)?.dataType;
  const [start, limit, step] = [0, 1, 2].map((i) => c.required(i) && c.constant(i)?.elements[0]);
  if (step === 0) c.attributeProblem('delta', 'is 0');
  if (start === undefined || limit === undefined || step === undefined || step === 0) {
    return c.output(0, dataType, [c.fresh()]);
  }
  const span = c.dims.subtract(limit, start);
  const steps = span === undefined ? undefined : c.dims.ceilDivide(span, step);
  const count = typeof steps === 'number' ? Math.max(0, steps) : steps;
  c.output(0, dataType, [c.orFresh(count)]);
  if (typeof count !== 'number' || count > MAX_FOLDED_ELEMENTS || dataType === undefined) return;
  if (typeof start !== 'number' || typeof step !== 'number') return;
  const elements = Array.from({ length: count }, (_, i) => start + i * step);
  c.fold(0, { dataType, shape: [count], elements });
}

/** The type of an attribute `dtype`, or that of the input, or float32. */
function statedType(c: NodeContext): DataType | undefined {
  if (!c.hasAttribute('dtype'))
    return c.dataType(0) ?? (c.inputCount === 0 ? 'float32' : undefined);
  const dataType = DATA_TYPES[attrInt(c.node, 'dtype', 1)];
  if (dataType === undefined) c.attributeProblem('dtype', 'is not the number of an element type');
  return dataType;
}

const likeInput: InferOperator = (c) => c.output(0, statedType(c), c.required(0)?.shape);

function randomOfShape(c: NodeContext): void {
  const shape = attrInts(c.node, 'shape');
  if (shape === undefined) c.attributeProblem('shape', 'is missing');
  c.output(0, statedType(c), shape);
}

/** One class number per sample of each row; opset 7 made int32 the default. */
function multinomial(c: NodeContext): void {
  const shape = c.shapeOfRank(0, 2, 2);
  const dataType = DATA_TYPES[attrInt(c.node, 'dtype', 6)];
  c.output(0, dataType, [shape?.[0] ?? c.fresh(), attrInt(c.node, 'sample_size', 1)]);
}

/** Element type stays, shape stays; a triangle is cut to zero. */
const keeps: InferOperator = (c) => c.output(0, c.required(0)?.dataType, c.shape(0));

export const creationOperators: OperatorTable = {
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Range: range,
  ...sameFor('EyeLike RandomNormalLike RandomUniformLike Bernoulli', likeInput),
  ...sameFor('RandomNormal RandomUniform', randomOfShape),
  Multinomial: multinomial,
  Trilu: keeps,
};
