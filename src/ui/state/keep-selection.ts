import type { Scene } from '../../api/scene.ts';
import type { Selection } from './app-state.ts';
import { itemOfNode } from './graph-marks.ts';

/**
 * What a selection becomes when the model changes: a node that is gone (a Q/DQ pair that was taken out, say) is replaced
 * by the node that read it, or by the one that made what it read. All else is left to those who follow the prediction.
 */
export function keepSelection(
  selection: Selection | null,
  before: Scene,
  after: Scene,
): Selection | null {
  if (selection?.kind !== 'node' || itemOfNode(after, selection.name) !== undefined)
    return selection;
  for (const name of neighboursOf(before, selection.name))
    if (itemOfNode(after, name) !== undefined) return { kind: 'node', name, nodes: [name] };
  return null;
}

/** Main nodes of the boxes behind and before a node or badge, readers first. */
function* neighboursOf(scene: Scene, node: string): Generator<string> {
  const own = itemOfNode(scene, node);
  const mainOf = new Map(scene.boxes.map(({ id, nodes }) => [id, nodes[0]]));
  const touches = scene.edges.filter(
    ({ from, to, badges }) =>
      from === own || to === own || badges.some(({ nodes }) => nodes.includes(node)),
  );
  for (const end of ['to', 'from'] as const)
    for (const edge of touches) {
      const main = edge[end] === own ? undefined : mainOf.get(edge[end]);
      if (main !== undefined) yield main;
    }
}
