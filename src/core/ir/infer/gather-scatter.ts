import { attrInt } from '../node-attributes.ts';
import type { Dim } from '../graph.ts';
import { elementCount } from '../tensor.ts';
import type { FoldedConstant } from './infer-report.ts';
import type { NodeContext } from './node-context.ts';
import type { OperatorTable } from './operator-table.ts';
import { sameFor } from './operator-table.ts';

function gather(c: NodeContext): void {
  const shape = c.shapeOfRank(0, 1);
  const indices = c.required(1)?.shape;
  const axis = shape && c.axis(attrInt(c.node, 'axis', 0), shape.length);
  if (shape === undefined || axis === undefined || indices === undefined) {
    return c.output(0, c.dataType(0), undefined);
  }
  c.output(0, c.dataType(0), [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)]);
  if (axis === 0) c.fold(0, gatherConstant(c.constant(0), c.constant(1)));
}

/** Rows of a constant along axis 0. */
function gatherConstant(
  data: FoldedConstant | undefined,
  indices: FoldedConstant | undefined,
): FoldedConstant | undefined {
  const length = data?.shape[0];
  if (data === undefined || indices === undefined || length === undefined) return undefined;
  const row = elementCount(data.shape.slice(1));
  const elements: Dim[] = [];
  for (const index of indices.elements) {
    if (typeof index !== 'number') return undefined;
    const at = index < 0 ? index + length : index;
    if (at < 0 || at >= length) return undefined;
    for (let i = 0; i < row; i++) elements.push(data.elements[at * row + i] ?? 0);
  }
  return { dataType: data.dataType, shape: [...indices.shape, ...data.shape.slice(1)], elements };
}

function gatherElements(c: NodeContext): void {
  c.required(0);
  c.output(0, c.dataType(0), c.required(1)?.shape);
}

/** The last dimension of the indices says how many leading dimensions of the data (after the batch) they choose from. */
function gatherNd(c: NodeContext): void {
  const shape = c.shapeOfRank(0, 1);
  const indices = c.shapeOfRank(1, 1);
  const batch = attrInt(c.node, 'batch_dims', 0);
  const depth = indices?.at(-1);
  if (shape === undefined || indices === undefined || typeof depth !== 'number') {
    return c.output(0, c.dataType(0), undefined);
  }
  if (batch + depth > shape.length || batch < 0) {
    c.attributeProblem('batch_dims', 'leaves fewer dimensions than the indices choose from');
    return c.output(0, c.dataType(0), undefined);
  }
  c.output(0, c.dataType(0), [...indices.slice(0, -1), ...shape.slice(batch + depth)]);
}

/** Updates go into a copy of the data. */
function scatter(c: NodeContext): void {
  c.output(0, c.required(0)?.dataType, c.shape(0));
  c.required(1);
  c.required(2);
}

/** Lists of dimensions that are patched in place, as `ScatterND` and `ScatterElements` do on axis 0. */
function scatterList(c: NodeContext): void {
  scatter(c);
  const [data, indices, updates] = [c.constant(0), c.constant(1), c.constant(2)];
  if (data?.shape.length !== 1 || indices === undefined || updates === undefined) return;
  if (indices.elements.length !== updates.elements.length) return;
  const elements = [...data.elements];
  for (const [i, index] of indices.elements.entries()) {
    if (typeof index !== 'number') return;
    const at = index < 0 ? index + elements.length : index;
    if (at < 0 || at >= elements.length) return;
    elements[at] = updates.elements[i] ?? 0;
  }
  c.fold(0, { ...data, elements });
}

/** `values` holds what stands off and on; its type is that of the result. */
function oneHot(c: NodeContext): void {
  const indices = c.required(0)?.shape;
  const depth = c.required(1) && c.elements(1)?.[0];
  const dataType = c.required(2)?.dataType;
  const axis = indices && c.axis(attrInt(c.node, 'axis', -1), indices.length + 1);
  if (indices === undefined || axis === undefined) return c.output(0, dataType, undefined);
  const size: Dim = depth ?? c.fresh();
  c.output(0, dataType, [...indices.slice(0, axis), size, ...indices.slice(axis)]);
}

/** Keeps the entries where the condition holds; without an axis the input counts as a list. */
function compress(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  if (!c.hasAttribute('axis')) return c.output(0, c.dataType(0), [c.fresh()]);
  const axis = shape && c.axis(attrInt(c.node, 'axis', 0), shape.length);
  const kept = c.numbers(1)?.filter((e) => e !== 0).length;
  const result =
    axis === undefined ? undefined : shape?.map((d, i) => (i === axis ? (kept ?? c.fresh()) : d));
  c.output(0, c.dataType(0), result);
}

/** Elements change places or values, the shape stays. */
function keepsShape(c: NodeContext): void {
  c.output(0, c.required(0)?.dataType, c.shape(0));
}

export const gatherScatterOperators: OperatorTable = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  ...sameFor('Scatter ScatterElements ScatterND', scatterList),
  OneHot: oneHot,
  Compress: compress,
  ...sameFor('TensorScatter ReverseSequence', keepsShape),
};
