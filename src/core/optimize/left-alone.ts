import type { Model } from '../ir/graph.ts';
import { isExcluded } from '../passes/is-excluded.ts';
import type { PlacementEdit } from '../placement/placement-edit.ts';
import type { OptimizeOptions } from './optimize-options.ts';

/** True for an edit that quantizes what the user wants left alone. */
export function isLeftAlone(
  edit: PlacementEdit,
  { graph }: Model,
  { settings = {} }: OptimizeOptions,
): boolean {
  if (edit.kind !== 'add-pair') return false;
  const readers = edit.reader
    ? [graph.node(edit.reader.node)]
    : (graph.value(edit.value)?.consumers() ?? []);
  return readers.some((node) => node !== undefined && isExcluded(node, settings));
}
