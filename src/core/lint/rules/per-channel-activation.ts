import type { FindingRule } from '../finding.ts';
import { lintDocs } from '../lint-docs.ts';
import { groupBy } from '../group-by.ts';
import { listed } from '../wording.ts';

// One scale a channel is for constants. Scales of the data's own rank are blocks, which FP4 and MXFP8 activations have.
export const perChannelActivation: FindingRule = {
  id: 'per-channel-activation',
  severity: 'error',
  title: 'An activation has one scale for each channel',
  docs: [
    lintDocs.explicitQuantization(
      'activations are quantized per tensor, weights per tensor or channel',
    ),
  ],
  evidence: { kind: 'documented' },
  consequence: 'No kernel takes such an activation, and the build fails.',
  advice: 'Quantize activations with one scale; keep per-channel scales for weights.',
  find(context) {
    const bad = context.quantizers.filter(
      ({ onWeight, scaleDims }) => !onWeight && scaleDims?.length === 1 && (scaleDims[0] ?? 1) > 1,
    );
    return groupBy(bad, ({ scale, kind, data }) => (kind === 'Q' ? data : scale)).map((group) => {
      const [{ data, scaleDims }] = group;
      const names = group.map(({ node }) => node.name);
      return {
        nodes: names,
        message: `${listed(names)} ${group.length > 1 ? 'quantize' : 'quantizes'} the activation ${data.name} with ${String(scaleDims?.[0] ?? 0)} scales; TensorRT takes one.`,
        costBytes: context.bytes(data),
        fix: { kind: 'change-quantizer', description: `Quantize ${data.name} with one scale.` },
      };
    });
  },
};
