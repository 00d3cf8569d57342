import { docs } from '../docs.ts';
import { absorbFollower } from '../graph/edits.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { SimTensor } from '../graph/sim-graph.ts';
import type { SimEdit } from '../sim-rule.ts';
import { defineSimRule } from '../sim-rule.ts';

// A matrix multiplication with constant float weights that Myelin did not take runs as a 1x1 convolution between two
// reshapes that cost nothing; an Add of a constant behind it becomes its bias.
export const matmulToConvTransform = defineSimRule<SimLayer | true>({
  id: 'matmul-to-conv-transform',
  pass: 'MatMulToConvTransform',
  summary: 'A float matrix multiplication with constant weights becomes a 1x1 convolution',
  docs: [docs.fusions('matrix multiplication with constant weights may run as a convolution')],
  evidence: { kind: 'observed', engines: ['matmul_noq', 'mlp_Relu_noq', 'resnet18.mo'] },
  kinds: ['MATRIX_MULTIPLY'],
  check(layer) {
    if (layer.parameters.constantWeights !== true || layer.inputs.length !== 1) return null;
    const add = layer.output.soleReader();
    const others = add?.inputs.filter((tensor) => tensor !== layer.output) ?? [];
    const isBias =
      add?.kind === 'ELEMENTWISE' &&
      add.op === 'SUM' &&
      others.every((t) => t.producer?.kind === 'CONSTANT');
    return isBias ? add : true;
  },
  effect(layer, bias, edit) {
    const { graph } = edit;
    const before = layer.producer;
    const merges =
      before?.kind === 'SHUFFLE' &&
      before.parameters.transposes === false &&
      before.output.soleReader() !== null;
    const text = `Convert layer type of ${layer.name} from MATRIX_MULTIPLY to CONVOLUTION`;
    edit.say(text, layer, ...(merges ? [before] : []));
    layer.kind = 'CONVOLUTION';
    layer.op = 'MatMul';
    if (bias !== true) absorbBias(layer, bias, edit);
    if (merges) {
      graph.setInput(layer, 0, before.input);
      graph.remove(before);
    } else addReshape(layer, 'before', edit);
    addReshape(layer, 'after', edit);
  },
});

function absorbBias(layer: SimLayer, bias: SimLayer, edit: SimEdit): void {
  const { graph } = edit;
  edit.say(`ConvReshapeBiasAddFusion: Fusing ${layer.name} with ${bias.name}`, layer, bias);
  const constant = bias.inputs.find((tensor) => tensor !== layer.output)?.producer;
  absorbFollower(graph, layer, bias);
  while (layer.inputs.length > 1) graph.removeInput(layer, 1);
  if (constant?.output.readers.length === 0) graph.remove(constant);
}

/** Convolutions take images: a reshape that moves nothing stands on either side. */
function addReshape(layer: SimLayer, where: 'before' | 'after', { graph }: SimEdit): void {
  const name = `reshape_${where}_${layer.nodes[0] ?? layer.name}`;
  const outer = where === 'before' ? layer.input : layer.output;
  const inner = new SimTensor(`${name}_inner`, outer.dims, outer.dataType);
  const init = {
    kind: 'SHUFFLE',
    op: 'Reshape',
    name,
    nodes: layer.nodes.slice(0, 1),
    parameters: { transposes: false },
  } as const;
  if (where === 'before') {
    graph.add({ ...init, inputs: [outer], outputs: [inner] }, layer);
    graph.setInput(layer, 0, inner);
  } else {
    graph.setOutput(layer, 0, inner);
    graph.add({ ...init, inputs: [inner], outputs: [outer] }, layer.next);
  }
}
