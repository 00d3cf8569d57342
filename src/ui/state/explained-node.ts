import type { PredictedEngine } from '../../core/sim/predicted-engine.ts';
import type { Selection } from './app-state.ts';
import { mainNodeOf } from './layer-words.ts';

/** The ONNX node whose place in the engine a selection asks about: of a layer, its main one. */
export function explainedNode(
  selection: Selection | null,
  engine: PredictedEngine | null,
): string | null {
  if (selection?.kind === 'node') return selection.name;
  if (selection?.kind !== 'layer') return null;
  const layer = engine?.layers.find(({ name }) => name === selection.name);
  if (layer === undefined) return null;
  const main = mainNodeOf(layer);
  // A layer that the builder adds runs no node, and goes by its own name.
  return layer.nodes.includes(main) ? main : (layer.nodes[0] ?? null);
}
