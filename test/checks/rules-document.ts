import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PHASES } from '../../src/core/sim/phases.ts';
import type { Phase, Step } from '../../src/core/sim/phases.ts';
import type { SimRule } from '../../src/core/sim/sim-rule.ts';
import {
  evidenceText,
  exampleLines,
  GENERATED,
  ruleComment,
  sourceLines,
  versionText,
} from './document-parts.ts';
import { ROOT } from './source-files.ts';

/** The text of src/core/sim/RULES.md: every rule of the simulator in the order of the builder. */
export function rulesDocument(): string {
  const seen = new Set<SimRule>();
  const phases = PHASES.map((phase, index) => phaseText(phase, index + 1, seen));
  return [
    GENERATED,
    '',
    '# Rules of the simulator',
    '',
    `${String(seen.size)} rules in ${String(PHASES.length)} phases, in the order in which TensorRT's builder works. A rule that runs again in a later phase is`,
    'described where it runs first. Examples are the first golden of each rule: a model, and what the simulator makes of it.',
    '',
    ...phases,
  ].join('\n');
}

function phaseText(phase: Phase, number: number, seen: Set<SimRule>): string {
  const only = {
    explicit: ' Only for networks with Q/DQ.',
    float: ' Only for networks without Q/DQ.',
  };
  const lines = [
    `## ${String(number)}. ${phase.name.replace(/\.$/, '')}`,
    '',
    `${capital(phase.why)}.${phase.only ? only[phase.only] : ''}`,
    '',
    ...phase.steps.map((step, i) => `${String(i + 1)}. ${stepText(step)}`),
    '',
  ];
  for (const rule of phase.steps.flatMap((step) => step.rules)) {
    if (seen.has(rule)) continue;
    seen.add(rule);
    lines.push(...ruleLines(rule));
  }
  return lines.join('\n');
}

function stepText({ rules, repeat, backward }: Step): string {
  const names = rules.map(({ id }) => `[${id}](#${id})`).join(', ');
  return `${names}${repeat ? ', until none fires' : ''}${backward ? ', from the outputs to the inputs' : ''}`;
}

function ruleLines(rule: SimRule): string[] {
  const comment = ruleComment(
    readFileSync(join(ROOT, 'src/core/sim/rules', `${rule.id}.ts`), 'utf8'),
  );
  const version = versionText(rule);
  return [
    `### ${rule.id}`,
    '',
    `**${rule.summary}.** The builder's log calls it \`${rule.pass}\`.${version === '' ? '' : ` ${version}`}`,
    '',
    ...(comment === '' ? [] : [comment, '']),
    ...sourceLines(rule.docs),
    `- ${evidenceText(rule.evidence)}`,
    '',
    ...exampleLines(`test/golden/sim/${rule.id}`, (head) =>
      head.replace(/\ntarget: (.*)$/, ' Target: $1.'),
    ),
  ];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
