import type { EngineGraph } from '../../core/sim/predicted-engine.ts';
import type { Scene } from '../../api/scene.ts';
import type { Selection } from './app-state.ts';

/** Id of the box or badge that stands for a node: of a badge that is its first node's name. */
export function itemOfNode(scene: Scene, node: string): string | undefined {
  const box = scene.boxes.find(({ nodes }) => nodes.includes(node));
  if (box !== undefined) return box.id;
  for (const { badges } of scene.edges)
    for (const { nodes } of badges) if (nodes.includes(node)) return nodes[0];
  return undefined;
}

/** The box or badge that a selection means in one of the graphs, if it means exactly one there. */
export function selectedItem(
  scene: Scene,
  engine: EngineGraph | null,
  selection: Selection | null,
): string | null {
  if (selection?.kind === 'layer' && engine !== null) {
    const layer = engine.layers.find(({ name }) => name === selection.name);
    return layer === undefined ? null : String(layer.index);
  }
  if (selection?.kind === 'node' && engine === null)
    return itemOfNode(scene, selection.name) ?? null;
  return null;
}

/** What to bring into view for a selection: its own item, else the topmost box that shares a node with it. */
export function goalOf(scene: Scene, selected: string | null, nodes: readonly string[]) {
  if (selected !== null) return selected;
  const wanted = new Set(nodes);
  const box = scene.boxes.find((other) => other.nodes.some((node) => wanted.has(node)));
  if (box !== undefined) return box.id;
  const [first] = nodes;
  return first === undefined ? undefined : itemOfNode(scene, first);
}
