import type { FindingRule } from '../finding.ts';
import { channelsOf } from '../graph-questions.ts';
import { lintDocs } from '../lint-docs.ts';

// Grouped INT8 kernels take channels in fours. A group of one channel, depthwise, has kernels of its own.
export const unevenGroupChannels: FindingRule = {
  id: 'uneven-group-channels',
  severity: 'warning',
  title: 'Groups of a quantized convolution are no multiple of 4 channels',
  docs: [
    lintDocs.issue(4060, 'a grouped convolution with Q/DQ finds no implementation'),
    lintDocs.issue(1934, 'grouped INT8 ConvTranspose wants 4 channels a group'),
  ],
  evidence: { kind: 'documented' },
  consequence: 'There may be no INT8 kernel: "Could not find any implementation for node".',
  advice: 'Make the channels of each group a multiple of 4, or leave the layer in float.',
  find: (context) =>
    context.nodes
      .filter(({ opType }) => opType === 'Conv' || opType === 'ConvTranspose')
      .flatMap((node) => {
        const channels = channelsOf(node, context);
        const [x, w] = node.inputs;
        if (!channels || !context.dequantizeOf(x) || !context.dequantizeOf(w)) return [];
        const { groups } = channels;
        const [input, output] = [channels.input / groups, channels.output / groups];
        if (groups === 1 || (input === 1 && output === 1)) return [];
        if (input % 4 === 0 && output % 4 === 0) return [];
        return [
          {
            nodes: [node.name],
            message: `${node.name} has ${String(groups)} groups of ${String(input)} input and ${String(output)} output channels; INT8 kernels want multiples of 4.`,
            costBytes: context.bytes(node.outputs[0]),
          },
        ];
      }),
};
