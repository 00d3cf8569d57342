import type { DataType } from '../data-type.ts';
import type { Dim } from '../graph.ts';
import { elementCount } from '../tensor.ts';
import type { FoldedConstant } from './infer-report.ts';
import { MAX_FOLDED_ELEMENTS } from './infer-session.ts';
import type { NodeContext } from './node-context.ts';

/** One element of the result from one element of each operand; undefined when it cannot be said. */
export type ElementFunction = (...operands: Dim[]) => Dim | undefined;

/**
 * Applies `f` to constant inputs with broadcasting and stores the result as output 0. Does nothing unless all inputs are
 * known constants. `dataType` is that of the result.
 */
export function foldElementwise(
  c: NodeContext,
  dataType: DataType | undefined,
  f: ElementFunction,
): void {
  const operands: FoldedConstant[] = [];
  for (let i = 0; i < c.inputCount; i++) {
    const constant = c.constant(i);
    if (constant === undefined) return;
    operands.push(constant);
  }
  const shape = broadcastNumbers(operands.map((o) => o.shape));
  if (shape === undefined || dataType === undefined || operands.length === 0) return;
  const count = elementCount(shape);
  if (count > MAX_FOLDED_ELEMENTS) return;
  const readers = operands.map((o) => broadcastReader(o, shape));
  const elements: Dim[] = [];
  for (let i = 0; i < count; i++) elements.push(c.orFresh(f(...readers.map((read) => read(i)))));
  c.fold(0, { dataType, shape, elements });
}

/** The common shape of constants, or undefined when they do not broadcast. */
export function broadcastNumbers(
  shapes: readonly (readonly number[])[],
): readonly number[] | undefined {
  const rank = Math.max(0, ...shapes.map((s) => s.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    for (const [i, d] of shape.entries()) {
      const at = rank - shape.length + i;
      if (d === 1) continue;
      if (result[at] !== 1 && result[at] !== d) return undefined;
      result[at] = d;
    }
  }
  return result;
}

/** Reads `constant` as if it had the broadcast `shape`; the index is row major. */
export function broadcastReader(
  constant: FoldedConstant,
  shape: readonly number[],
): (index: number) => Dim {
  const { elements } = constant;
  if (elements.length === 1) return () => elements[0] ?? 0;
  if (elements.length === elementCount(shape)) return (index) => elements[index] ?? 0;
  const strides = broadcastStrides(constant.shape, shape.length);
  return (index) => {
    let at = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis] ?? 1;
      at += (index % size) * (strides[axis] ?? 0);
      index = Math.floor(index / size);
    }
    return elements[at] ?? 0;
  };
}

function broadcastStrides(shape: readonly number[], rank: number): readonly number[] {
  const strides = new Array<number>(rank).fill(0);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    const size = shape[i] ?? 1;
    strides[rank - shape.length + i] = size === 1 ? 0 : stride;
    stride *= size;
  }
  return strides;
}
