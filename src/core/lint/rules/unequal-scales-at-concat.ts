import type { FindingRule } from '../finding.ts';
import { lintDocs } from '../lint-docs.ts';
import type { QuantizerFacts } from '../quantizer-facts.ts';
import { listed, shortNumber } from '../wording.ts';

// A Q behind a Concat is taken to each of its inputs. Where the input has another scale, the values are requantized:
// in the epilogue of the convolution before it if that reads nothing else, else by a layer of its own.
export const unequalScalesAtConcat: FindingRule = {
  id: 'unequal-scales-at-concat',
  severity: 'warning',
  title: 'A Concat joins tensors of different scales',
  docs: [
    lintDocs.explicitQuantization('a Q behind a Concat moves to its inputs; equal scales cancel'),
  ],
  evidence: {
    kind: 'observed',
    engines: ['concat_unequal_after', 'concat_unequal', 'concat_upsample_unequal', 'spp_unequal'],
  },
  consequence: 'Values are rounded twice, and requantized by extra work or an extra layer.',
  advice: 'Give all inputs of the Concat and the Q behind it one scale: that of the widest range.',
  find: (context) =>
    context.nodes
      .filter(({ opType }) => opType === 'Concat')
      .flatMap((concat) => {
        const [output] = concat.outputs;
        const before = concat.inputs.flatMap((value) => context.dequantizeOf(value) ?? []);
        const after = output ? context.quantizesOf(output) : [];
        const all = [...before, ...after];
        if (before.length === 0 || all.some(({ onWeight }) => onWeight)) return [];
        if (new Set(all.map(({ key }) => key)).size < 2) return [];
        const scales = scalesOf(all);
        if (scales.length < 2) return [];
        return [
          {
            nodes: [concat.name, ...all.map(({ node }) => node.name)],
            message: `${concat.name} joins scales ${listed(scales, 4)}.`,
            costBytes: context.bytes(output, 1),
            fix: {
              kind: 'equalize-scales' as const,
              description: `Give ${listed(
                all.map(({ node }) => node.name),
                4,
              )} the scale ${scales.at(-1) ?? ''}.`,
            },
          },
        ];
      }),
};

/** The different scales, smallest first. */
const scalesOf = (quantizers: readonly QuantizerFacts[]): string[] =>
  [...new Set(quantizers.flatMap(({ scales }) => scales?.[0] ?? []))]
    .sort((a, b) => a - b)
    .map(shortNumber);
