import type { Model } from '../ir/graph.ts';
import { isExcluded } from '../passes/is-excluded.ts';
import type { PlacementEdit } from '../placement/placement-edit.ts';
import type { OptimizeOptions } from './optimize-options.ts';

/** Operators that TensorRT always computes in float: a pair for them rounds in vain. */
const FLOAT_ONLY =
  /^(?:\w*Normalization|Softmax|LogSoftmax|Erf|Exp|Log|Pow|Sqrt|Reciprocal|Reduce\w+|CumSum|TopK|ArgMax|ArgMin)$/;

/** True for an edit that quantizes what the user wants left alone, or what cannot use it. */
export function isLeftAlone(
  edit: PlacementEdit,
  { graph }: Model,
  { settings = {} }: OptimizeOptions,
): boolean {
  if (edit.kind !== 'add-pair') return false;
  const readers = edit.reader
    ? [graph.node(edit.reader.node)]
    : (graph.value(edit.value)?.consumers() ?? []);
  const known = readers.filter((node) => node !== undefined);
  return (
    known.some((node) => isExcluded(node, settings)) ||
    known.every(({ opType }) => FLOAT_ONLY.test(opType))
  );
}
