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
  kinds: ['ELEMENTWISE'],
  check(layer) {
    if (layer.op !== 'SUM' && layer.op !== 'PROD') return null;
    const makers = layer.inputs.map((tensor) => tensor.producer);
    const constant = makers.find((maker) => maker?.kind === 'CONSTANT');
    return constant && makers.some((maker) => maker !== constant) && layer.inputs.length === 2
      ? constant
      : null;
  },
  effect(layer, constant, edit) {
    edit.say(`ConstEltFusion: Fusing ${constant.name} with ${layer.name}`, layer);
    const { graph } = edit;
    graph.removeInput(layer, layer.inputs.indexOf(constant.output));
    layer.kind = 'SCALE';
    layer.parameters = { ...constant.parameters, scaleOp: layer.op === 'SUM' ? 'SUM' : 'PROD' };
    layer.name = `${constant.name} + ${layer.name}`;
    if (constant.output.readers.length === 0) graph.remove(constant);
  },
});
