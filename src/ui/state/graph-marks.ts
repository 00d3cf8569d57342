import type { Scene, SceneBox } from '../../api/scene.ts';
import type { Selection } from './app-state.ts';

/** Ids of the boxes that stand for at least one of the nodes. */
export function boxesOfNodes(scene: Scene, nodes: readonly string[]): ReadonlySet<string> {
  if (nodes.length === 0) return new Set();
  const wanted = new Set(nodes);
  return new Set(
    scene.boxes.filter((box) => box.nodes.some((node) => wanted.has(node))).map(({ id }) => id),
  );
}

/** The box that a selection means in one of the graphs, if it means exactly one there. */
export function selectedBox(
  scene: Scene,
  side: 'model' | 'engine',
  selection: Selection | null,
): string | null {
  if (selection === null) return null;
  const { kind, name, nodes } = selection;
  if (side === 'engine' && kind === 'layer')
    return scene.boxes.find((box) => box.subtitle === name || sameNodes(box, nodes))?.id ?? null;
  if (side === 'model' && kind === 'node')
    return scene.boxes.find((box) => box.nodes.includes(name))?.id ?? null;
  return null;
}

const sameNodes = (box: SceneBox, nodes: readonly string[]): boolean =>
  nodes.length > 0 &&
  box.nodes.length === nodes.length &&
  box.nodes.every((n, i) => n === nodes[i]);
