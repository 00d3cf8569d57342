import type { FindingRule } from '../finding.ts';
import { groupBy } from '../group-by.ts';
import { lintDocs } from '../lint-docs.ts';
import { listed, shortNumber } from '../wording.ts';

// The parser looks at each scale that is a constant. A scale of 0 is what calibrators give to tensors that were all zero.
export const nonpositiveScale: FindingRule = {
  id: 'nonpositive-scale',
  severity: 'error',
  title: 'A scale is not positive',
  docs: [lintDocs.parserSource('every coefficient of a scale must be above 0')],
  evidence: { kind: 'documented' },
  consequence: 'The parser stops at this node and no engine is built.',
  advice: 'Give channels that are always zero a small positive scale; any will do.',
  find(context) {
    const bad = context.quantizers.filter(({ scales }) => scales?.some((s) => !(s > 0)));
    return groupBy(bad, ({ scale }) => scale).map((group) => {
      const [{ scales = [], scale }] = group;
      const wrong = scales.filter((s) => !(s > 0));
      const names = group.map(({ node }) => node.name);
      const which =
        scales.length === 1
          ? 'scale'
          : `${String(wrong.length)} of ${String(scales.length)} scales, the first`;
      return {
        nodes: names,
        message: `${listed(names)} ${group.length > 1 ? 'have' : 'has'} ${which} ${shortNumber(wrong[0] ?? NaN)}; a scale must be above 0.`,
        parserMessage: 'Scale coefficients must all be positive',
        fix: {
          kind: 'change-quantizer',
          description: `Replace the values of ${scale.name} that are not above 0 by 1.`,
        },
      };
    });
  },
};
