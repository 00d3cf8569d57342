import type { FindingRule } from './finding.ts';
import { deconvolutionRelu } from './rules/deconvolution-relu.ts';
import { depthwiseActivation } from './rules/depthwise-activation.ts';
import { doublyQuantizedSum } from './rules/doubly-quantized-sum.ts';
import { duplicateQuantizers } from './rules/duplicate-quantizers.ts';
import { floatGlobalPooling } from './rules/float-global-pooling.ts';
import { floatOutputBeforeQuantizer } from './rules/float-output-before-quantizer.ts';
import { floatResidual } from './rules/float-residual.ts';
import { floatWeightedLayer } from './rules/float-weighted-layer.ts';
import { fp8InWeakMode } from './rules/fp8-in-weak-mode.ts';
import { halfPrecisionScale } from './rules/half-precision-scale.ts';
import { identityInChain } from './rules/identity-in-chain.ts';
import { int32BiasDequantize } from './rules/int32-bias-dequantize.ts';
import { int4Activation } from './rules/int4-activation.ts';
import { int8NotAllowed } from './rules/int8-not-allowed.ts';
import { integerIsland } from './rules/integer-island.ts';
import { integerOperator } from './rules/integer-operator.ts';
import { missingDynamicRange } from './rules/missing-dynamic-range.ts';
import { missingOutputQuantizer } from './rules/missing-output-quantizer.ts';
import { missingZeroPoint } from './rules/missing-zero-point.ts';
import { mixedFanOut } from './rules/mixed-fan-out.ts';
import { nonpositiveScale } from './rules/nonpositive-scale.ts';
import { nonzeroZeroPoint } from './rules/nonzero-zero-point.ts';
import { oneSidedQuantization } from './rules/one-sided-quantization.ts';
import { opsetTooLow } from './rules/opset-too-low.ts';
import { outputDequantizer } from './rules/output-dequantizer.ts';
import { partlyQuantizedInputs } from './rules/partly-quantized-inputs.ts';
import { perChannelActivation } from './rules/per-channel-activation.ts';
import { perChannelDeconvolution } from './rules/per-channel-deconvolution.ts';
import { quantizerInsideFusion } from './rules/quantizer-inside-fusion.ts';
import { requantization } from './rules/requantization.ts';
import { scaleShapeMismatch } from './rules/scale-shape-mismatch.ts';
import { strongFloat32 } from './rules/strong-float32.ts';
import { survivingQuantizer } from './rules/surviving-quantizer.ts';
import { typeAboveGpu } from './rules/type-above-gpu.ts';
import { typeAboveVersion } from './rules/type-above-version.ts';
import { typeChangingReformat } from './rules/type-changing-reformat.ts';
import { uint8Quantizer } from './rules/uint8-quantizer.ts';
import { unalignedChannels } from './rules/unaligned-channels.ts';
import { unequalScalesAcrossCopy } from './rules/unequal-scales-across-copy.ts';
import { unequalScalesAtConcat } from './rules/unequal-scales-at-concat.ts';
import { unevenGroupChannels } from './rules/uneven-group-channels.ts';
import { unsupportedQuantizedType } from './rules/unsupported-quantized-type.ts';
import { variableScale } from './rules/variable-scale.ts';

/**
 * All findings: what TensorRT refuses first, then what costs time, then what is worth knowing. Where two findings weigh
 * alike, they are told in this order.
 */
export const CATALOGUE: readonly FindingRule[] = [
  integerOperator,
  nonzeroZeroPoint,
  missingZeroPoint,
  uint8Quantizer,
  unsupportedQuantizedType,
  nonpositiveScale,
  variableScale,
  scaleShapeMismatch,
  halfPrecisionScale,
  perChannelActivation,
  int4Activation,
  int32BiasDequantize,
  opsetTooLow,
  typeAboveVersion,
  typeAboveGpu,
  int8NotAllowed,
  fp8InWeakMode,
  floatResidual,
  doublyQuantizedSum,
  quantizerInsideFusion,
  mixedFanOut,
  missingOutputQuantizer,
  partlyQuantizedInputs,
  oneSidedQuantization,
  unequalScalesAtConcat,
  unequalScalesAcrossCopy,
  floatOutputBeforeQuantizer,
  deconvolutionRelu,
  integerIsland,
  unevenGroupChannels,
  survivingQuantizer,
  requantization,
  duplicateQuantizers,
  floatWeightedLayer,
  floatGlobalPooling,
  depthwiseActivation,
  perChannelDeconvolution,
  unalignedChannels,
  identityInChain,
  typeChangingReformat,
  outputDequantizer,
  strongFloat32,
  missingDynamicRange,
];
