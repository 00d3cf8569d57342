import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PIPELINE } from '../../src/core/passes/pipeline.ts';
import type { PassGroup, RewritePass } from '../../src/core/passes/rewrite-pass.ts';
import {
  evidenceText,
  exampleLines,
  GENERATED,
  ruleComment,
  sourceLines,
} from './document-parts.ts';
import { ROOT } from './source-files.ts';

const GROUPS: Readonly<Record<PassGroup, string>> = {
  normalize: 'What exporters write becomes what TensorRT takes',
  place: 'Where Q/DQ stand',
  tidy: 'What is useless goes, what helps kernels comes',
};
const PROMISES = {
  'bit-exact': 'bit-exact: every value that both models have stays equal to the bit',
  'one-step': 'within one quantization step of the values that are quantized',
  approximate: 'approximate: calibration and validation answer for them',
} as const;

/** The text of src/core/passes/PASSES.md: every pass in the order in which they run. */
export function passesDocument(): string {
  const groups = [...new Set(PIPELINE.map(({ group }) => group))];
  return [
    GENERATED,
    '',
    '# Rewrite passes',
    '',
    `${String(PIPELINE.length)} passes, in the order in which they run, again and again until none finds anything. Those on request run only when they are`,
    'named. `optimize` keeps of the rest only what the predicted engine is worse without. Examples are the first golden of each pass.',
    '',
    ...groups.flatMap((group) => groupLines(group)),
  ].join('\n');
}

function groupLines(group: PassGroup): string[] {
  const passes = PIPELINE.filter((pass) => pass.group === group);
  const rows = passes.map(
    ({ id, title, numerics, onRequest }) =>
      `| [${id}](#${id}) | ${title} | ${numerics} | ${onRequest === undefined ? 'usual' : 'on request'} |`,
  );
  return [
    `## ${GROUPS[group]}`,
    '',
    '| pass | does | numbers | runs |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    ...passes.flatMap(passLines),
  ];
}

function passLines(pass: RewritePass): string[] {
  const source = readFileSync(join(ROOT, 'src/core/passes/rewrites', `${pass.id}.ts`), 'utf8');
  const comment = ruleComment(source);
  const request = pass.onRequest === undefined ? '' : ` Only on request: ${pass.onRequest}.`;
  return [
    `### ${pass.id}`,
    '',
    `**${pass.summary}.** Numbers: ${PROMISES[pass.numerics]}.${request} Tried at ${pass.opTypes.join(', ')}.`,
    '',
    ...(comment === '' ? [] : [comment, '']),
    ...sourceLines(pass.docs),
    `- ${evidenceText(pass.evidence)}`,
    '',
    ...exampleLines(`test/golden/passes/${pass.id}`, (head) => {
      const [sentence = '', ...options] = head.split('\n');
      return `${sentence}${options.map((line) => ` (${line})`).join('')}`;
    }),
  ];
}
