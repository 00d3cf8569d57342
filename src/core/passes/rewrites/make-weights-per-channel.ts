import { constantOf } from '../../ir/quantizer-nodes.ts';
import { scaleLayout } from '../../quant/scale-layout.ts';
import { isSymmetric, pairGroup, quantizerParts } from '../facts/quantizer-parts.ts';
import { largestOf } from '../facts/weight-numbers.ts';
import { commonChannelAxis } from '../facts/weight-readers.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { NewConstants } from '../edits/new-constants.ts';
import { passDocs } from '../pass-docs.ts';
import { setInt8Scale } from '../edits/retype-pair.ts';
import { propose, Refusal, refuse } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

const INT8_MAX = 127;

// One scale for all output channels gives small channels few steps. The epilogue of an INT8 kernel multiplies by one scale
// a channel anyway, so finer weights cost nothing at run time.
export const makeWeightsPerChannel: RewritePass = {
  id: 'make-weights-per-channel',
  title: 'Give weights a scale for each channel',
  summary:
    'Weights with one scale get one for each output channel, from the float weights: more exact at the same speed',
  group: 'normalize',
  docs: [
    passDocs.explicitQuantization('per-tensor activations, per-channel weights are recommended'),
  ],
  evidence: { kind: 'documented' },
  numerics: 'approximate',
  onRequest: 'it rounds weights anew, which undoes what training with the old scale has learned',
  opTypes: ['QuantizeLinear'],
  check(node, context) {
    const parts = quantizerParts(node, context);
    const tensor = constantOf(parts?.data);
    const isOne = parts?.type === 'int8' && isSymmetric(parts) && parts.scales.length === 1;
    if (!parts || !tensor || !isOne || tensor.dims.length < 2) return null;
    const numbers = context.numbers(parts.data);
    const group = pairGroup(parts, context);
    if (group instanceof Refusal) return group;
    const channels = commonChannelAxis(
      group.dequantizers.map(({ output }) => output),
      tensor.dims.length,
    );
    if (!channels || !numbers) return null;
    if ('reason' in channels) return refuse(channels.reason, node, ...channels.nodes);
    const { axis } = channels;
    const opset = context.model.opsets.get('') ?? context.model.opsets.get('ai.onnx') ?? 1;
    if (opset < 13) return refuse('operator sets before 13 know one scale only', node);
    const count = tensor.dims[axis] ?? 1;
    if (count === 1 || group.clip) return null;
    const text = `Give ${parts.data.name} a scale for each of its ${String(count)} channels`;
    return propose(text, [node, ...channels.nodes], () => {
      const fake = { ...parts.scaleTensor, dims: [count] };
      const layout = scaleLayout(tensor.dims, fake, axis, 0);
      if (!layout) return [];
      const old = parts.scales[0] ?? 1;
      const scales = largestOf({ numbers, layout }, count).map((largest) =>
        largest === 0 ? old : largest / INT8_MAX,
      );
      const constants = new NewConstants(context);
      const edits = [parts, ...group.dequantizers].flatMap((each): GraphEdit[] => [
        ...setInt8Scale(each, scales, constants, '_per_channel'),
        {
          kind: 'set-attributes',
          node: each.node.name,
          attributes: { axis: { name: 'axis', type: 'int', value: BigInt(axis) } },
        },
      ]);
      return [...constants.edits, ...edits];
    });
  },
};
