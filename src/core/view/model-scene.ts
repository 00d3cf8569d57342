import type { Model } from '../ir/graph.ts';
import { layoutDraft } from './draft.ts';
import { foldDraft } from './fold-draft.ts';
import { draftModel } from './model-draft.ts';
import type { Scene } from './scene.ts';

export interface ModelSceneOptions {
  /** Module paths to draw as one box each: `/layer1/0`. Unknown paths change nothing. */
  readonly folded?: ReadonlySet<string>;
}

/**
 * The drawing of an ONNX graph. Quantizers of activations are badges on edges, or small boxes where several read them;
 * constants, and the quantizers of weights, belong to the box that reads them. Every node is in the `nodes` of exactly
 * one box or badge.
 */
export function buildModelScene(model: Model, options: ModelSceneOptions = {}): Scene {
  return layoutDraft(foldDraft(draftModel(model), options.folded ?? new Set()));
}
