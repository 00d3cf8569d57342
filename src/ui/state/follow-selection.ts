import type { PredictedEngine, PredictedLayer } from '../../core/sim/predicted-engine.ts';
import type { Selection } from './app-state.ts';

/**
 * What a selection becomes under a new prediction: the layer of the same name, else the one that runs most of its
 * nodes; a node, constant or module stays, and a finding until the linter has had its say. Null when nothing of it is left.
 */
export function followSelection(
  selection: Selection | null,
  engine: PredictedEngine,
): Selection | null {
  if (selection?.kind === 'layer') {
    const layer =
      engine.layers.find(({ name }) => name === selection.name) ??
      nearestLayer(engine, selection.nodes);
    return layer ? { kind: 'layer', name: layer.name, nodes: layer.nodes } : null;
  }
  return selection;
}

function nearestLayer(
  engine: PredictedEngine,
  nodes: readonly string[],
): PredictedLayer | undefined {
  const wanted = new Set(nodes);
  let best: PredictedLayer | undefined;
  let most = 0;
  for (const layer of engine.layers) {
    const shared = layer.nodes.filter((node) => wanted.has(node)).length;
    if (shared > most) [best, most] = [layer, shared];
  }
  return best;
}
