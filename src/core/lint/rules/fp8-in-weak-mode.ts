import type { FindingRule } from '../finding.ts';
import { lintDocs } from '../lint-docs.ts';
import { listed } from '../wording.ts';

// A weakly typed build has one switch for each type, and those of INT8 and FP8 exclude each other.
export const fp8InWeakMode: FindingRule = {
  id: 'fp8-in-weak-mode',
  severity: 'error',
  title: 'FP8 Q/DQ in a weakly typed build',
  docs: [lintDocs.quantizationSchemes('FP8 networks are best strongly typed')],
  evidence: { kind: 'observed', engines: ['fp8_mlp', 'fp8_conv_chain'] },
  since: '9.0',
  until: '10.16',
  consequence: 'The builder refuses the configuration before it looks at a layer.',
  advice: 'Build strongly typed (trtexec --stronglyTyped, here --mode strong).',
  find(context) {
    const { mode } = context.target;
    if (mode === 'strong') return [];
    const names = context.quantizers
      .filter(({ type }) => type?.startsWith('float8'))
      .map(({ node }) => node.name);
    if (names.length === 0) return [];
    return [
      {
        nodes: names,
        message: `${listed(names)} ${names.length > 1 ? 'quantize' : 'quantizes'} to FP8, which mode ${mode} ${mode === 'best' ? 'cannot allow beside INT8' : 'does not allow'}.`,
        ...(mode === 'best' && {
          parserMessage:
            "IBuilder::buildSerializedNetwork: Error Code 9: API Usage Error (INT8 mode and FP8 mode aren't allowed to be enabled together.)",
        }),
        fix: { kind: 'change-target', description: 'Choose the mode strong.' },
      },
    ];
  },
};
