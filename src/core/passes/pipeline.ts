import type { RewritePass } from './rewrite-pass.ts';
import { adoptOnnxQuantizers } from './rewrites/adopt-onnx-quantizers.ts';
import { dequantizeBias } from './rewrites/dequantize-bias.ts';
import { dequantizeCopyOperators } from './rewrites/dequantize-copy-operators.ts';
import { dropDeconvolutionRelu } from './rewrites/drop-deconvolution-relu.ts';
import { foldBatchNormalization } from './rewrites/fold-batch-normalization.ts';
import { foldClippedNormalization } from './rewrites/fold-clipped-normalization.ts';
import { foldConstants } from './rewrites/fold-constants.ts';
import { foldReluIntoClip } from './rewrites/fold-relu-into-clip.ts';
import { foldWeightTranspose } from './rewrites/fold-weight-transpose.ts';
import { hoistQuantizer } from './rewrites/hoist-quantizer.ts';
import { joinDeconvolutionRelu } from './rewrites/join-deconvolution-relu.ts';
import { lowerQuantizer } from './rewrites/lower-quantizer.ts';
import { makeActivationsSymmetric } from './rewrites/make-activations-symmetric.ts';
import { makeFloat16 } from './rewrites/make-float16.ts';
import { makeScalesFloat32 } from './rewrites/make-scales-float32.ts';
import { makeWeightsPerChannel } from './rewrites/make-weights-per-channel.ts';
import { makeWeightsPerTensor } from './rewrites/make-weights-per-tensor.ts';
import { makeWeightsSymmetric } from './rewrites/make-weights-symmetric.ts';
import { mergeEqualQuantizers } from './rewrites/merge-equal-quantizers.ts';
import { moveReluBehindQuantizer } from './rewrites/move-relu-behind-quantizer.ts';
import { padChannels } from './rewrites/pad-channels.ts';
import { quantizeConcatOutput } from './rewrites/quantize-concat-output.ts';
import { quantizeFloatReader } from './rewrites/quantize-float-reader.ts';
import { quantizeFloatWeights } from './rewrites/quantize-float-weights.ts';
import { quantizeAttention } from './rewrites/quantize-attention.ts';
import { quantizeGate } from './rewrites/quantize-gate.ts';
import { quantizePlainOutput } from './rewrites/quantize-plain-output.ts';
import { quantizePointwiseOperands } from './rewrites/quantize-pointwise-operands.ts';
import { quantizePooling } from './rewrites/quantize-pooling.ts';
import { quantizeResidualShortcut } from './rewrites/quantize-residual-shortcut.ts';
import { quantizeResizeInput } from './rewrites/quantize-resize-input.ts';
import { quantizeWeightedLayers } from './rewrites/quantize-weighted-layers.ts';
import { raiseOperatorSet } from './rewrites/raise-operator-set.ts';
import { removeCastNoise } from './rewrites/remove-cast-noise.ts';
import { removeDoublePair } from './rewrites/remove-double-pair.ts';
import { removeIdentity } from './rewrites/remove-identity.ts';
import { removeIdleRelu } from './rewrites/remove-idle-relu.ts';
import { removeLonePair } from './rewrites/remove-lone-pair.ts';
import { removeOutputPair } from './rewrites/remove-output-pair.ts';
import { removeRangeClip } from './rewrites/remove-range-clip.ts';
import { removeRepeatedRelu } from './rewrites/remove-repeated-relu.ts';
import { removeUnreadQuantizer } from './rewrites/remove-unread-quantizer.ts';
import { removeWiderPair } from './rewrites/remove-wider-pair.ts';
import { shareBottleneckScale } from './rewrites/share-bottleneck-scale.ts';
import { shareConcatScale } from './rewrites/share-concat-scale.ts';
import { shareMaxpoolScale } from './rewrites/share-maxpool-scale.ts';
import { shareSiluScale } from './rewrites/share-silu-scale.ts';
import { shiftUint8ToInt8 } from './rewrites/shift-uint8-to-int8.ts';
import { splitSharedDequantizer } from './rewrites/split-shared-dequantizer.ts';
import { stateZeroPoints } from './rewrites/state-zero-points.ts';
import { storeWeightsQuantized } from './rewrites/store-weights-quantized.ts';
import { unfoldQlinearOperators } from './rewrites/unfold-qlinear-operators.ts';
import { unquantizeResidualBranch } from './rewrites/unquantize-residual-branch.ts';
import { unquantizeSilu } from './rewrites/unquantize-silu.ts';

/**
 * All passes in the order in which they run, again and again until none finds anything. What an exporter wrote is made what
 * TensorRT takes; then pairs find their places; then what they left over goes.
 */
export const PIPELINE: readonly RewritePass[] = [
  // 1. What any exporter wrote becomes what TensorRT takes.
  // Noise first: the others look at neighbours, and read scales and zero points that are constants.
  removeIdentity,
  foldConstants,
  removeCastNoise,
  // One way of writing: Q and DQ of ONNX around float operators.
  adoptOnnxQuantizers,
  unfoldQlinearOperators,
  dequantizeCopyOperators,
  makeScalesFloat32,
  // What is exact before what is not, so that as little as possible is rounded anew.
  shiftUint8ToInt8,
  makeActivationsSymmetric,
  makeWeightsSymmetric,
  // Looks for symmetric INT8: what has a zero point was made so by the passes above, its Clip included.
  removeRangeClip,
  dequantizeBias,
  foldWeightTranspose,
  stateZeroPoints,
  quantizeFloatWeights,
  storeWeightsQuantized,
  makeWeightsPerChannel,
  makeWeightsPerTensor,
  // Half-precision scales need the newer operator set.
  raiseOperatorSet,
  makeFloat16,

  // 2. What would hide a pattern goes: dead ends and copies look like readers that disagree.
  removeUnreadQuantizer,
  mergeEqualQuantizers,
  removeDoublePair,
  foldBatchNormalization,
  foldReluIntoClip,
  removeIdleRelu,
  removeRepeatedRelu,
  foldClippedNormalization,
  lowerQuantizer,

  // 3. Where pairs stand. A float network gets its first ones, on request.
  quantizeWeightedLayers,
  // What may go goes before scales are shared: a SiLU that has no quantizers needs no common one.
  unquantizeSilu,
  shareSiluScale,
  // A Q behind a Concat counts as one of those who read its inputs, for all that follow.
  quantizeConcatOutput,
  shareBottleneckScale,
  unquantizeResidualBranch,
  quantizeResidualShortcut,
  quantizePointwiseOperands,
  // Copies quantizers that are there by now, and only to readers that the passes above have left.
  quantizeFloatReader,
  // Scales last, when all quantizers around a tensor are there; what a Resize parts, stays parted.
  shareMaxpoolScale,
  shareConcatScale,
  quantizeResizeInput,
  // Layers without weights look at the pairs of their neighbours, so they come when those are there.
  quantizeGate,
  quantizeAttention,
  quantizePooling,
  quantizePlainOutput,

  // 4. What no layer uses is known once the pairs stand where they belong.
  moveReluBehindQuantizer,
  removeWiderPair,
  removeOutputPair,
  removeLonePair,
  hoistQuantizer,
  splitSharedDequantizer,
  joinDeconvolutionRelu,
  dropDeconvolutionRelu,
  // Widens what is there by then, and changes no pattern of the others.
  padChannels,
];

/** Those that run unless they are told not to. */
export const USUAL_PASSES: readonly RewritePass[] = PIPELINE.filter(
  ({ onRequest }) => onRequest === undefined,
);
