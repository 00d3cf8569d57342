import type { RewritePass } from './rewrite-pass.ts';
import { quantizeWeightedLayers } from './rewrites/quantize-weighted-layers.ts';
import { removeIdentity } from './rewrites/remove-identity.ts';

/** All passes in the order in which they run: what exporters wrote is made plain first, then pairs find their places. */
export const PIPELINE: readonly RewritePass[] = [removeIdentity, quantizeWeightedLayers];

/** Those that run unless they are told not to. */
export const USUAL_PASSES: readonly RewritePass[] = PIPELINE.filter(
  ({ onRequest }) => onRequest === undefined,
);
