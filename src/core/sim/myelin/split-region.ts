import type { SimGraph } from '../graph/sim-graph.ts';
import { planAttention } from './attention-kernels.ts';
import { planGemms } from './gemm-kernels.ts';
import { planPointwise } from './pointwise-kernels.ts';
import type { Region } from './region-plan.ts';
import { RegionPlan } from './region-plan.ts';

/** Splits a region into kernels as the inspector of real engines lists them. */
export function splitRegion(graph: SimGraph, region: Region): RegionPlan {
  const plan = new RegionPlan(graph, region);
  mergeEqualQuantizers(plan);
  planGemms(plan);
  planAttention(plan);
  planPointwise(plan);
  return plan;
}

/** Equal quantizers of one tensor are computed once; the others leave no trace. */
function mergeEqualQuantizers(plan: RegionPlan): void {
  for (const layer of plan.layers) {
    if (layer.kind !== 'QUANTIZE' || plan.isVanished(layer)) continue;
    for (const twin of layer.input.readers)
      if (
        twin !== layer &&
        twin.kind === 'QUANTIZE' &&
        twin.quantizer?.key === layer.quantizer?.key &&
        plan.has(twin)
      )
        plan.vanish(twin);
  }
}
