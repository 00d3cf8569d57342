import { PHASES } from './phases.ts';
import type { DocLink, Evidence } from './sim-rule.ts';

/** What a page shows of a rule. */
export interface RuleInfo {
  readonly id: string;
  readonly pass: string;
  readonly phase: string;
  readonly summary: string;
  readonly docs: readonly DocLink[];
  readonly evidence: Evidence;
}

/** All rules, each once, in the order in which they first run. */
export const ruleCatalog: readonly RuleInfo[] = collect();

function collect(): RuleInfo[] {
  const seen = new Map<string, RuleInfo>();
  for (const phase of PHASES)
    for (const { id, pass, summary, docs, evidence } of phase.steps.flatMap((step) => step.rules))
      if (!seen.has(id)) seen.set(id, { id, pass, phase: phase.name, summary, docs, evidence });
  return [...seen.values()];
}
