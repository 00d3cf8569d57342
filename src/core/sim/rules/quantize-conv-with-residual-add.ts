import { docs } from '../docs.ts';
import { absorbFollower, absorbProducer } from '../graph/edits.ts';
import { dequantizeOf, isWeightTensor, sameDims, soleQuantize } from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

interface Match {
  readonly add: SimLayer;
  readonly residual: SimLayer;
  readonly q: SimLayer;
}

// The best case of a residual block: an INT8 convolution, an Add whose other operand is dequantized, and a Q behind it
// become one layer, INT8 throughout. The convolution's own branch must carry no Q/DQ, and nobody else may read the sum.
export const quantizeConvWithResidualAdd = defineSimRule<Match>({
  id: 'quantize-conv-with-residual-add',
  pass: 'QuantizeConvWithResidualAdd',
  summary: 'INT8 convolution, Add with a quantized shortcut, ReLU and Q become one layer',
  docs: [
    docs.explicitQuantization(
      'quantize the residual input: then the fused Add is INT8 too and takes the Q behind it',
    ),
  ],
  evidence: {
    kind: 'observed',
    engines: ['residual_id_short_after_relu_c64', 'residual_down_short_after_relu_c72'],
  },
  kinds: ['CONVOLUTION'],
  check(layer) {
    const add = layer.output.readers.find(
      (reader) => reader.kind === 'ELEMENTWISE' && reader.op === 'SUM',
    );
    if (
      !add ||
      layer.activation ||
      !dequantizeOf(layer.inputs[0]) ||
      !isWeightTensor(layer.inputs[1])
    )
      return null;
    const other = add.inputs.find((tensor) => tensor !== layer.output);
    if (!other) return null;
    const residual = dequantizeOf(other);
    if (!residual)
      return refuse('the shortcut of the Add has no Q/DQ, so the sum is computed in float', add);
    if (!layer.output.soleReader())
      return refuse('the convolution has other readers beside the Add', layer);
    if (!sameDims(other, layer.output))
      return refuse('the operands of the Add differ in shape', add);
    const q = soleQuantize(add.output);
    if (q) return { add, residual, q };
    return refuse(
      add.output.readers.some((reader) => reader.kind === 'QUANTIZE')
        ? 'another reader takes the sum in float, so its Q cannot move into the layer'
        : 'no Q follows the Add, so its result and its shortcut are float',
      add,
      residual,
      ...add.output.readers.filter((reader) => reader.kind === 'QUANTIZE'),
    );
  },
  effect(layer, { add, residual, q }, edit) {
    const { graph } = edit;
    edit.say(`Swapping ${add.name} with ${q.name}`, add, q);
    edit.say(`QuantizeDoubleInputNodes: fusing ${q.name} into ${layer.name}`, layer);
    absorbFollower(graph, add, q, add.name);
    absorbProducer(graph, add, add.inputs.indexOf(residual.output));
    absorbProducer(graph, layer, 0);
    const weights = layer.inputs[1]?.producer?.producer;
    const sole = weights?.kind === 'CONSTANT' && weights.output.readers.length === 1;
    absorbProducer(graph, layer, 1);
    if (sole) {
      const { name } = absorbProducer(graph, layer, 1);
      layer.name = `${name} + ${layer.name}`;
    }
    edit.say(`ConvEltwiseSumFusion: Fusing ${layer.name} with ${add.name}`, layer);
    absorbFollower(graph, layer, add);
    layer.activation = add.activation;
    layer.hasResidual = true;
    layer.quantized = true;
  },
});
