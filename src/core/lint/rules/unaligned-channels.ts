import type { FindingRule } from '../finding.ts';
import { channelsOf, isInt8 } from '../graph-questions.ts';
import { lintDocs } from '../lint-docs.ts';
import { counted } from '../wording.ts';

const STEP = 16;
/** Elements that an INT8 tensor-core instruction takes along channels. */
const VECTOR = 32;
/** Channels of an image: there is nothing to choose. */
const IMAGE_CHANNELS = 4;

// INT8 kernels work on 32 channels at a time and pad the rest. Nothing breaks; the padding is computed for nothing.
export const unalignedChannels: FindingRule = {
  id: 'unaligned-channels',
  severity: 'info',
  title: 'Channels of an INT8 convolution fill no vector',
  docs: [lintDocs.fusions('tensor cores want channels in multiples of 32 for INT8')],
  evidence: { kind: 'documented' },
  consequence: 'Kernels pad the channels and compute the padding.',
  advice: 'Choose channel counts that are multiples of 32 where the network is designed.',
  find: (context) =>
    context.nodes
      .filter(({ opType }) => opType === 'Conv')
      .flatMap((node) => {
        const channels = channelsOf(node, context);
        if (!channels || channels.groups > 1 || !isInt8(context.layer(node))) return [];
        const { input, output } = channels;
        const counts = [
          ...(input % STEP !== 0 && input > IMAGE_CHANNELS
            ? [counted(input, 'input channel')]
            : []),
          ...(output % STEP !== 0 ? [counted(output, 'output channel')] : []),
        ];
        if (counts.length === 0) return [];
        const padded = (count: number): string => String(Math.ceil(count / VECTOR) * VECTOR);
        return [
          {
            nodes: [node.name],
            message: `${node.name} has ${counts.join(' and ')}; INT8 kernels compute ${padded(input)} × ${padded(output)} for ${String(input)} × ${String(output)}.`,
            costBytes: context.bytes(node.outputs[0], 1),
          },
        ];
      }),
};
