import type { BuiltEngine, BuiltLayer } from '../../core/engine/built-engine.ts';
import type { EngineView } from '../../api/engine-api.ts';
import type { Scene } from '../../api/scene.ts';
import type { Selection } from './app-state.ts';

/** The layer of that index, selected; null where the engine has none. */
export function builtSelection(engine: BuiltEngine, index: number | undefined): Selection | null {
  const layer = index === undefined ? undefined : engine.layers[index];
  return layer === undefined
    ? null
    : { kind: 'built', name: String(layer.index), nodes: layer.nodes };
}

/** The layer of the engine that a selection means: itself, else the first computing one that runs a node of it. */
export function builtLayerOf(
  { layers }: BuiltEngine,
  selection: Selection | null,
): BuiltLayer | undefined {
  if (selection?.kind === 'built') return layers[Number(selection.name)];
  const wanted = new Set(selection?.nodes ?? []);
  if (wanted.size === 0) return undefined;
  const runs = layers.filter(({ nodes }) => nodes.some((node) => wanted.has(node)));
  return runs.find(({ role }) => role === 'compute') ?? runs[0];
}

/** What a layer is called where room is short: the nodes that give it its work, else its own name. */
export function shortLayerName({ name, nodes }: Pick<BuiltLayer, 'name' | 'nodes'>): string {
  const copy = /^Reformatting CopyNode for (In|Out)put Tensor \d+ to (.*)$/.exec(name);
  if (copy !== null) return `${copy[1] === 'In' ? 'before' : 'after'} ${copy[2] ?? ''}`;
  const work = nodes.filter((node) => !/quantizelinear/i.test(node));
  return work.length === 0 ? name : work.join(' + ');
}

/** A field of the file as text: what is nested stands as JSON. */
export const fieldText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/**
 * The drawing of an engine with each box under the node that gives it its work, so that it can be listed by modules; what runs no
 * node stands under its own name.
 */
export function outlineOf({ engine, scene }: Pick<EngineView, 'engine' | 'scene'>): Scene {
  const boxes = scene.boxes.map((box) => {
    const layer = engine.layers[Number(box.id)];
    if (layer === undefined) return box;
    const main = layer.nodes.find((node) => !/quantizelinear/i.test(node)) ?? layer.nodes[0];
    // Slashes would make modules of a layer's name.
    return { ...box, nodes: [main ?? shortLayerName(layer).replaceAll('/', '∕')] };
  });
  return { ...scene, boxes };
}
