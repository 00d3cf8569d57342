import { NORMALIZING_PASSES } from './normalizing-passes.ts';
import { PLACING_PASSES } from './placing-passes.ts';
import type { RewritePass } from './rewrite-pass.ts';
import { dropDeconvolutionRelu } from './rewrites/drop-deconvolution-relu.ts';
import { foldBatchNormalization } from './rewrites/fold-batch-normalization.ts';
import { foldClippedNormalization } from './rewrites/fold-clipped-normalization.ts';
import { foldReluIntoClip } from './rewrites/fold-relu-into-clip.ts';
import { hoistQuantizer } from './rewrites/hoist-quantizer.ts';
import { joinDeconvolutionRelu } from './rewrites/join-deconvolution-relu.ts';
import { lowerQuantizer } from './rewrites/lower-quantizer.ts';
import { mergeEqualQuantizers } from './rewrites/merge-equal-quantizers.ts';
import { moveReluBehindQuantizer } from './rewrites/move-relu-behind-quantizer.ts';
import { padChannels } from './rewrites/pad-channels.ts';
import { quantizeGate } from './rewrites/quantize-gate.ts';
import { quantizePlainOutput } from './rewrites/quantize-plain-output.ts';
import { quantizePooling } from './rewrites/quantize-pooling.ts';
import { quantizeWeightedLayers } from './rewrites/quantize-weighted-layers.ts';
import { removeDoublePair } from './rewrites/remove-double-pair.ts';
import { removeIdleRelu } from './rewrites/remove-idle-relu.ts';
import { removeLonePair } from './rewrites/remove-lone-pair.ts';
import { removeOutputPair } from './rewrites/remove-output-pair.ts';
import { removeRepeatedRelu } from './rewrites/remove-repeated-relu.ts';
import { removeUnreadQuantizer } from './rewrites/remove-unread-quantizer.ts';
import { removeWiderPair } from './rewrites/remove-wider-pair.ts';
import { splitSharedDequantizer } from './rewrites/split-shared-dequantizer.ts';

/** All passes in the order in which they run: what exporters wrote is made plain first, then pairs find their places. */
export const PIPELINE: readonly RewritePass[] = [
  ...NORMALIZING_PASSES,
  // dead ends and copies would look like readers that disagree
  removeUnreadQuantizer,
  mergeEqualQuantizers,
  removeDoublePair,
  foldBatchNormalization,
  foldReluIntoClip,
  removeIdleRelu,
  removeRepeatedRelu,
  foldClippedNormalization,
  lowerQuantizer,
  quantizeWeightedLayers,
  ...PLACING_PASSES,
  quantizeGate,
  quantizePooling,
  quantizePlainOutput,
  // what no layer uses is known once the pairs stand where they belong
  moveReluBehindQuantizer,
  removeWiderPair,
  removeOutputPair,
  removeLonePair,
  hoistQuantizer,
  splitSharedDequantizer,
  joinDeconvolutionRelu,
  dropDeconvolutionRelu,
  padChannels,
];

/** Those that run unless they are told not to. */
export const USUAL_PASSES: readonly RewritePass[] = PIPELINE.filter(
  ({ onRequest }) => onRequest === undefined,
);
