import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from '../../src/core/lint/catalogue.ts';
import type { FindingRule } from '../../src/core/lint/finding.ts';
import {
  evidenceText,
  GENERATED,
  ruleComment,
  sourceLines,
  versionText,
} from './document-parts.ts';
import { ROOT } from './source-files.ts';

const HEADINGS = {
  error: 'Errors: TensorRT refuses the model',
  warning: 'Warnings: it costs time',
  info: 'Infos: worth knowing',
} as const;

/** The text of src/core/lint/FINDINGS.md: everything that `qdq-lab lint` can say. */
export function findingsDocument(): string {
  const groups = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const rules = CATALOGUE.filter((rule) => rule.severity === severity);
    return [`## ${HEADINGS[severity]}`, '', ...rules.flatMap(findingLines)];
  });
  return [
    GENERATED,
    '',
    '# Findings',
    '',
    `What \`qdq-lab lint\` tells about a model and its predicted engine: ${String(CATALOGUE.length)} findings. A finding may be graver or milder in places.`,
    '',
    ...groups,
  ].join('\n');
}

function findingLines(rule: FindingRule): string[] {
  const comment = ruleComment(
    readFileSync(join(ROOT, 'src/core/lint/rules', `${rule.id}.ts`), 'utf8'),
  );
  const version = versionText(rule);
  return [
    `### ${rule.id}`,
    '',
    `**${rule.title}.**${version === '' ? '' : ` ${version}`}`,
    '',
    ...(comment === '' ? [] : [comment, '']),
    `- What happens: ${rule.consequence}`,
    `- What to do: ${rule.advice}`,
    ...sourceLines(rule.docs),
    `- ${evidenceText(rule.evidence)}`,
    '',
  ];
}
