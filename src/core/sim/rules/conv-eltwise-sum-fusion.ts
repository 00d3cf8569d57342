import { docs } from '../docs.ts';
import { absorbFollower } from '../graph/edits.ts';
import { sameDims } from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// A convolution takes the Add behind it, and with it the ReLU that joined the Add; the other operand becomes its
// residual input. The result then has the type of that operand: with a float shortcut, float. Where both operands come
// from convolutions, the one that does less work takes the Add: the shortcut's 1x1 beside a 3x3 (resnet18), but the last
// 1x1 of a bottleneck where its shortcut reads twice the channels (resnet50 from the second stage on). Where both do as
// much (resnet50, first stage), the one nearer to the network's input takes it. Of two that read one tensor, the Add's
// second operand takes it, whatever the work (repvgg_a0).
export const convEltwiseSumFusion = defineSimRule<SimLayer>({
  id: 'conv-eltwise-sum-fusion',
  pass: 'ConvEltwiseSumFusion',
  summary: 'A residual Add runs inside the convolution before it',
  docs: [docs.fusions('convolution and element-wise sum become one layer')],
  evidence: {
    kind: 'observed',
    engines: [
      'residual_id_none_relu_c64',
      'residual_down_none_relu_c72',
      'mbv2_none',
      'resnet50.convs',
    ],
  },
  kinds: ['CONVOLUTION'],
  check(layer) {
    const add = layer.output.readers.find((reader) => reader.kind === 'ELEMENTWISE');
    if (add?.op !== 'SUM' || add.inputs.length !== 2 || add.quantized) return null;
    if (layer.activation || layer.hasResidual)
      return refuse('an activation or another Add stands in its epilogue already', layer);
    if (!layer.output.soleReader())
      return refuse('the convolution has other readers beside the Add', layer);
    const other = add.inputs.find((tensor) => tensor !== layer.output);
    if (!other || !sameDims(other, layer.output))
      return refuse('the operands of the Add differ in shape', add);
    return isNearerThan(layer, other.producer, add) ? add : null;
  },
  effect(layer, add, edit) {
    edit.say(`ConvEltwiseSumFusion: Fusing ${layer.name} with ${add.name}`, layer, add);
    absorbFollower(edit.graph, layer, add);
    layer.activation = add.activation;
    layer.hasResidual = true;
    for (const q of layer.output.readers.filter((reader) => reader.kind === 'QUANTIZE'))
      edit.decline('the sum has the type of its shortcut, which is float', q, layer);
  },
});

/** Whether `layer` takes the Add rather than the convolution that makes the other operand, if that could take it. */
function isNearerThan(layer: SimLayer, other: SimLayer | null, add: SimLayer): boolean {
  const competes =
    other?.kind === 'CONVOLUTION' &&
    !other.activation &&
    !other.hasResidual &&
    other.output.soleReader() === add;
  if (!competes) return true;
  // branches that part right before: the builder comes to the last copy of their DQ first (RepVGG)
  if (sourceOf(layer) === sourceOf(other)) return add.inputs[1] === layer.output;
  const [work, otherWork] = [workOf(layer), workOf(other)];
  if (work !== otherWork) return work < otherWork;
  const [here, there] = [depth(layer), depth(other)];
  return here < there || (here === there && add.inputs[0] === layer.output);
}

/** The layer that a convolution reads, behind Q and DQ. */
function sourceOf(conv: SimLayer): SimLayer | null {
  let maker = conv.producer;
  while (maker?.kind === 'QUANTIZE' || maker?.kind === 'DEQUANTIZE') maker = maker.producer;
  return maker;
}

/** Products for each element of the result. */
function workOf({ parameters: { kernel = [], inputChannels = 1, groups = 1 } }: SimLayer): number {
  return kernel.reduce((product, size) => product * size, inputChannels / groups);
}

/** Steps back to where the two branches of a block part: enough to tell which one is shorter. */
function depth(conv: SimLayer): number {
  let steps = 0;
  for (let layer = conv.producer; layer && steps < 64; layer = layer.producer, steps++)
    if (layer.output.readers.length > 1) break;
  return steps;
}
