import type { Tensor } from '../../ir/tensor.ts';
import type { Value } from '../../ir/graph.ts';
import { constantOf } from '../../ir/quantizer-nodes.ts';
import { isDequantize, isQuantize } from './operator-kinds.ts';

/** Operators that exporters put between weights and their layer; on constants the builder computes them. */
const FOLDS = new Set([
  'Transpose',
  'Reshape',
  'Squeeze',
  'Unsqueeze',
  'Flatten',
  'Identity',
  'Cast',
]);

/** True for an operator that the builder computes once and for all when its input is constant. */
export const foldsOnConstants = (opType: string): boolean => FOLDS.has(opType);

/** The constant that a value is made of, through Q, DQ, transposes and casts; undefined when the network computes it. */
export function weightSource(value: Value | null | undefined): Tensor | undefined {
  let source = value;
  for (;;) {
    const tensor = constantOf(source);
    if (tensor) return tensor;
    const maker = source?.producer();
    if (!maker) return undefined;
    const { opType } = maker;
    if (!isQuantize(opType) && !isDequantize(opType) && !FOLDS.has(opType)) return undefined;
    source = maker.inputs[0];
  }
}
