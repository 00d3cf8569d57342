import type { FindingRule } from '../finding.ts';
import { lintDocs } from '../lint-docs.ts';
import { byteText } from '../wording.ts';

// A DQ in front of an output of the network is a layer that only widens the data; whoever reads it can do that cheaper.
export const outputDequantizer: FindingRule = {
  id: 'output-dequantizer',
  severity: 'info',
  title: 'The network ends with a DQ',
  docs: [lintDocs.issue(2383, 'end the network with a Q to give INT8 out')],
  evidence: { kind: 'observed', engines: ['output_qdq'] },
  consequence: 'The DQ runs as a layer and writes four times the bytes.',
  advice: 'End with the Q if the reader can take INT8, or leave the last pair out.',
  find: (context) =>
    context.quantizers.flatMap(({ kind, node, output, onWeight }) => {
      const stands = context.survives(node);
      if (kind !== 'DQ' || !output.isGraphOutput || onWeight || !stands) return [];
      const costBytes = context.bytes(output);
      return [
        {
          nodes: [node.name],
          message: `${node.name} makes the output ${output.name} (${byteText(costBytes)}) in a layer of its own.`,
          costBytes,
          fix: {
            kind: 'remove-qdq',
            description: `Remove ${node.name} and give INT8 out, or remove its Q too.`,
          },
        },
      ];
    }),
};
