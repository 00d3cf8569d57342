import { docs } from '../docs.ts';
import { defineSimRule } from '../sim-rule.ts';

// What no layer took runs by itself: each Q and DQ left is a copy that changes the type, a kernel of its own.
export const qdqToCopy = defineSimRule<true>({
  id: 'qdq-to-copy',
  pass: 'QDQToCopy',
  summary: 'A Q or DQ that no layer took becomes a copy layer',
  docs: [docs.explicitQuantization('Q/DQ layers that cannot be fused run as layers of their own')],
  evidence: { kind: 'observed', engines: ['fanout_unequal', 'output_qdq'] },
  kinds: ['QUANTIZE', 'DEQUANTIZE'],
  check: () => true,
  effect(layer, _, edit) {
    edit.say(`Swap the layer type of ${layer.name} from ${layer.kind} to kQDQ`, layer);
  },
});
