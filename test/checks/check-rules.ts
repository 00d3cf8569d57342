import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PHASES } from '../../src/core/sim/phases.ts';
import type { SimRule } from '../../src/core/sim/sim-rule.ts';
import { checkSources } from './check-sources.ts';
import { ROOT } from './source-files.ts';
import type { SourceFile } from './source-files.ts';

const RULES = /^src\/core\/sim\/rules\/.*\.ts$/;
const GOLDENS = 'test/golden/sim';
/** A step with more is split, so that its order can be seen. */
const RULES_PER_STEP = 12;

function isRule(value: unknown): value is SimRule {
  return typeof value === 'object' && value !== null && 'id' in value && 'check' in value;
}

/** Holds every rule file to what makes it a rule: its place in the order, its source, its evidence, its goldens. */
export async function checkRules(files: readonly SourceFile[]): Promise<string[]> {
  const ordered = PHASES.flatMap((phase) => phase.steps.flatMap((step) => step.rules));
  const complaints = checkSteps();
  const known = new Set<SimRule>();
  for (const file of files.filter(({ path }) => RULES.test(path))) {
    const module = (await import(pathToFileURL(join(ROOT, file.path)).href)) as Record<
      string,
      unknown
    >;
    const rules = Object.values(module).filter(isRule);
    const rule = rules[0];
    if (rules.length !== 1 || !rule) {
      complaints.push(`${file.path}: exports ${String(rules.length)} rules, must be one`);
      continue;
    }
    known.add(rule);
    if (!ordered.includes(rule)) complaints.push(`${file.path}: does not stand in phases.ts`);
    complaints.push(...checkRule(rule, file).map((complaint) => `${file.path}: ${complaint}`));
  }
  for (const rule of ordered)
    if (!known.has(rule)) complaints.push(`phases.ts: ${rule.id} has no file of its own`);
  return complaints;
}

/** The builder runs some passes again in later phases, so a rule may return in another step, but never in the same. */
function checkSteps(): string[] {
  return PHASES.flatMap(({ name, steps }) =>
    steps.flatMap(({ rules }) => {
      const twice = rules.filter((rule, i) => rules.indexOf(rule) !== i);
      const complaints = twice.map(
        ({ id }) => `phases.ts: ${id} stands twice in a step of "${name}"`,
      );
      if (rules.length > RULES_PER_STEP)
        complaints.push(`phases.ts: a step of "${name}" has ${String(rules.length)} rules`);
      return complaints;
    }),
  );
}

function checkRule(rule: SimRule, file: SourceFile): string[] {
  const complaints: string[] = [];
  if (rule.id !== basename(file.path, '.ts')) complaints.push(`its id is ${rule.id}`);
  if (rule.summary.trim() === '') complaints.push('has no summary');
  return [...complaints, ...checkSources(rule), ...checkGoldens(rule, file.text)];
}

function checkGoldens(rule: SimRule, source: string): string[] {
  const folder = join(ROOT, GOLDENS, rule.id);
  const names = existsSync(folder) ? readdirSync(folder).filter((n) => n.endsWith('.txt')) : [];
  if (names.length === 0) return [`has no golden in ${GOLDENS}/${rule.id}`];
  const refuses = source.includes('refuse(') || source.includes('new Refusal(');
  const shown = names.some((name) => readFileSync(join(folder, name), 'utf8').includes('refused'));
  return refuses && !shown ? [`refuses, but no golden in ${GOLDENS}/${rule.id} shows it`] : [];
}
