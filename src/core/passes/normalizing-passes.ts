import type { RewritePass } from './rewrite-pass.ts';
import { adoptOnnxQuantizers } from './rewrites/adopt-onnx-quantizers.ts';
import { dequantizeBias } from './rewrites/dequantize-bias.ts';
import { dequantizeCopyOperators } from './rewrites/dequantize-copy-operators.ts';
import { foldConstants } from './rewrites/fold-constants.ts';
import { foldWeightTranspose } from './rewrites/fold-weight-transpose.ts';
import { makeActivationsSymmetric } from './rewrites/make-activations-symmetric.ts';
import { makeFloat16 } from './rewrites/make-float16.ts';
import { makeScalesFloat32 } from './rewrites/make-scales-float32.ts';
import { makeWeightsPerChannel } from './rewrites/make-weights-per-channel.ts';
import { makeWeightsPerTensor } from './rewrites/make-weights-per-tensor.ts';
import { makeWeightsSymmetric } from './rewrites/make-weights-symmetric.ts';
import { quantizeFloatWeights } from './rewrites/quantize-float-weights.ts';
import { raiseOperatorSet } from './rewrites/raise-operator-set.ts';
import { removeCastNoise } from './rewrites/remove-cast-noise.ts';
import { removeIdentity } from './rewrites/remove-identity.ts';
import { removeRangeClip } from './rewrites/remove-range-clip.ts';
import { shiftUint8ToInt8 } from './rewrites/shift-uint8-to-int8.ts';
import { stateZeroPoints } from './rewrites/state-zero-points.ts';
import { storeWeightsQuantized } from './rewrites/store-weights-quantized.ts';
import { unfoldQlinearOperators } from './rewrites/unfold-qlinear-operators.ts';

/** What any exporter wrote becomes what TensorRT takes. These run first, in this order. */
export const NORMALIZING_PASSES: readonly RewritePass[] = [
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
];
