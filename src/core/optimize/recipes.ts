import type { Graph } from '../ir/graph.ts';
import type { PlacementEdit } from '../placement/placement-edit.ts';

/**
 * What kind of change an edit is, without the names: networks repeat their blocks, so what helped in one is tried first in
 * the next.
 */
export function recipeOf(edits: readonly PlacementEdit[], graph: Graph): string {
  return edits
    .map((edit) => kindOf(edit, graph))
    .sort()
    .join(' + ');
}

function kindOf(edit: PlacementEdit, graph: Graph): string {
  const typeOf = (name: string): string => graph.node(name)?.opType ?? '?';
  const behind = (quantize: string): string =>
    graph.node(quantize)?.inputs[0]?.producer()?.opType ?? 'input';
  switch (edit.kind) {
    case 'add-pair': {
      const maker = graph.value(edit.value)?.producer()?.opType ?? 'input';
      const reader = edit.reader ? typeOf(edit.reader.node) : 'all';
      return `pair on ${maker} for ${reader}, ${edit.scale.kind}`;
    }
    case 'remove-pair':
      return `no pair on ${behind(edit.quantize)}`;
    case 'share-scale':
      return `one scale on ${[edit.from, ...edit.quantizers].map(behind).sort().join(', ')}`;
    case 'move-pair':
      return `pair of ${behind(edit.quantize)} over ${typeOf(edit.over)}`;
    case 'remove-relu':
      return 'no Relu';
  }
}

/** Names of nodes that an edit concerns. */
export function editedNodes(edit: PlacementEdit, graph: Graph): readonly string[] {
  switch (edit.kind) {
    case 'add-pair': {
      const value = graph.value(edit.value);
      const ends = [value?.producer(), ...(value?.consumers() ?? [])];
      return ends.flatMap((node) => node?.name ?? []);
    }
    case 'remove-pair':
      return [edit.quantize];
    case 'share-scale':
      return [edit.from, ...edit.quantizers];
    case 'move-pair':
      return [edit.quantize, edit.over];
    case 'remove-relu':
      return [edit.node];
  }
}
