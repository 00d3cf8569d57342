import type { FindingRule } from '../finding.ts';
import { lintDocs } from '../lint-docs.ts';
import { counted } from '../wording.ts';

// Weakly typed builds accept INT8 Q/DQ only with the INT8 flag; strongly typed ones take types from the network.
export const int8NotAllowed: FindingRule = {
  id: 'int8-not-allowed',
  severity: 'error',
  title: 'INT8 Q/DQ without INT8 allowed',
  docs: [lintDocs.explicitQuantization('weakly typed networks with Q/DQ need the INT8 flag')],
  evidence: { kind: 'documented' },
  until: '10.16',
  consequence: 'The builder refuses a network with Q/DQ whose configuration does not allow INT8.',
  advice: 'Build with --int8 --fp16 or --best (here --mode best), or strongly typed.',
  find(context) {
    if (context.target.mode !== 'fp16') return [];
    const quantizers = context.quantizers.filter(({ type }) => (type ?? 'int8') === 'int8');
    if (quantizers.length === 0) return [];
    return [
      {
        nodes: quantizers.map(({ node }) => node.name),
        message: `The model has ${counted(quantizers.length, 'INT8 Q/DQ node')}, but mode fp16 does not allow INT8.`,
        fix: { kind: 'change-target', description: 'Choose the mode best.' },
      },
    ];
  },
};
