import { swapWithFollower } from '../graph/edits.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { takeQuantizers } from './gemm-kernels.ts';
import { isMoving } from './layer-roles.ts';
import type { RegionPlan } from './region-plan.ts';

/** Steps between the score product and its Softmax: scale, mask, casts. */
const MAX_STEPS = 8;

/**
 * Softmax between two products of computed operands is fused attention, one kernel, in FP16 regions and where a Q feeds
 * the second product; in FP32 the three stay apart.
 */
export function planAttention(plan: RegionPlan): void {
  for (const softmax of plan.layers) {
    if (softmax.kind !== 'SOFTMAX') continue;
    const path = attentionPath(plan, softmax);
    if (!path) continue;
    const { scores, mix, between } = path;
    const quantized = between.some((layer) => layer.kind === 'QUANTIZE');
    if (quantized ? !scores.quantized : !plan.half) continue;
    for (const layer of [softmax, mix, ...between]) plan.claim(scores, layer);
    if (quantized) takeQuantizers(plan, scores, mix);
    else takeFollowingQ(plan, scores, mix);
  }
}

interface AttentionPath {
  readonly scores: SimLayer;
  readonly mix: SimLayer;
  readonly between: readonly SimLayer[];
}

function attentionPath(plan: RegionPlan, softmax: SimLayer): AttentionPath | null {
  const between: SimLayer[] = [];
  let scores = computedMaker(softmax);
  for (let i = 0; scores && scores.kind !== 'MATRIX_MULTIPLY' && i < MAX_STEPS; i++) {
    between.push(scores);
    scores = computedMaker(scores);
  }
  let mix = plan.sole(softmax);
  for (let i = 0; mix && mix.kind !== 'MATRIX_MULTIPLY' && i < MAX_STEPS; i++) {
    between.push(mix);
    mix = plan.sole(mix);
  }
  if (scores?.kind !== 'MATRIX_MULTIPLY' || mix?.kind !== 'MATRIX_MULTIPLY') return null;
  return { scores, mix, between };
}

const computedMaker = (layer: SimLayer): SimLayer | null =>
  layer.inputs
    .map((tensor) => tensor.producer)
    .find((maker) => maker && maker.kind !== 'CONSTANT') ?? null;

/** A Q behind fused attention in FP16 joins it; the transposes on the way run on integers, in a kernel of their own. */
function takeFollowingQ(plan: RegionPlan, scores: SimLayer, mix: SimLayer): void {
  const moving: SimLayer[] = [];
  let next = plan.sole(mix);
  for (; next && isMoving(next); next = plan.sole(next)) moving.push(next);
  if (next?.kind !== 'QUANTIZE') return;
  for (const layer of moving.reverse()) swapWithFollower(plan.graph, layer, next);
  plan.claim(scores, next);
  plan.keep(moving.reverse(), mix);
}
