import type { FindingRule } from './finding.ts';
import { fp8InWeakMode } from './rules/fp8-in-weak-mode.ts';
import { halfPrecisionScale } from './rules/half-precision-scale.ts';
import { int32BiasDequantize } from './rules/int32-bias-dequantize.ts';
import { int4Activation } from './rules/int4-activation.ts';
import { int8NotAllowed } from './rules/int8-not-allowed.ts';
import { integerOperator } from './rules/integer-operator.ts';
import { missingZeroPoint } from './rules/missing-zero-point.ts';
import { nonpositiveScale } from './rules/nonpositive-scale.ts';
import { nonzeroZeroPoint } from './rules/nonzero-zero-point.ts';
import { opsetTooLow } from './rules/opset-too-low.ts';
import { perChannelActivation } from './rules/per-channel-activation.ts';
import { scaleShapeMismatch } from './rules/scale-shape-mismatch.ts';
import { typeAboveGpu } from './rules/type-above-gpu.ts';
import { typeAboveVersion } from './rules/type-above-version.ts';
import { uint8Quantizer } from './rules/uint8-quantizer.ts';
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
];
