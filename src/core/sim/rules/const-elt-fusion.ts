import { docs } from '../docs.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule } from '../sim-rule.ts';

// Adding or multiplying a constant is a scale layer; a division or a subtraction by one stays element-wise and goes
// into a point-wise layer instead (conv_act_GeluErf_q_after).
export const constEltFusion = defineSimRule<SimLayer>({
  id: 'const-elt-fusion',
  pass: 'ConstEltFusion',
  summary: 'An addition or multiplication with a constant becomes a scale layer',
  docs: [docs.fusions('constants are folded into the layers that use them')],
  evidence: { kind: 'observed', engines: ['move_AddConst_both', 'move_MulConst_both'] },
  kinds: ['CONSTANT'],
  check(layer) {
    const reader = layer.output.soleReader();
    if (reader?.kind !== 'ELEMENTWISE' || reader.inputs.length !== 2) return null;
    return reader.op === 'SUM' || reader.op === 'PROD' ? reader : null;
  },
  effect(layer, reader, edit) {
    edit.say(`ConstEltFusion: Fusing ${layer.name} with ${reader.name}`, reader);
    const { graph } = edit;
    graph.removeInput(reader, reader.inputs.indexOf(layer.output));
    graph.remove(layer);
    reader.kind = 'SCALE';
    reader.parameters = { ...layer.parameters, scaleOp: reader.op === 'SUM' ? 'SUM' : 'PROD' };
    reader.name = `${layer.name} + ${reader.name}`;
  },
});
