import type { EngineGraph } from '../../core/sim/predicted-engine.ts';
import type { Selection } from './app-state.ts';

/** The layer of a built engine that runs most of some nodes, selected; the first node where none does. */
export function sameWork({ layers }: EngineGraph, nodes: readonly string[]): Selection | null {
  const wanted = new Set(nodes);
  let best: Selection | null = null;
  let most = 0;
  for (const layer of layers) {
    const shared = layer.nodes.filter((node) => wanted.has(node)).length;
    if (shared <= most) continue;
    most = shared;
    best = { kind: 'built', name: String(layer.index), nodes: layer.nodes };
  }
  const [name] = nodes;
  return best ?? (name === undefined ? null : { kind: 'node', name, nodes });
}
