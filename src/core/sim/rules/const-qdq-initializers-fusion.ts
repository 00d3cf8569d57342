import { docs } from '../docs.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// TensorRT reads the scale and zero point of every Q and DQ at build time; they are constants of the layer from here on.
// A scale that other nodes compute cannot be folded, and no later rule will touch such a Q or DQ.
export const constQdqInitializersFusion = defineSimRule<true>({
  id: 'const-qdq-initializers-fusion',
  pass: 'ConstQDQInitializersFusion',
  summary: 'Scale and zero point become constants of the Q or DQ layer',
  docs: [
    docs.explicitQuantization('scales must be constants that are known when the engine is built'),
  ],
  evidence: { kind: 'observed', engines: ['residual_id_short_after_relu_c64'] },
  kinds: ['QUANTIZE', 'DEQUANTIZE'],
  check: (layer) =>
    layer.quantizer?.constantScale === true ||
    refuse('its scale is computed by other nodes and is not a constant', layer),
  effect: () => undefined,
});
