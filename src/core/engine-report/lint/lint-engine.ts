import type { Severity } from '../../base/diagnostic.ts';
import type { BuiltEngine } from '../../engine/built-engine.ts';
import { ENGINE_CATALOGUE } from './engine-catalogue.ts';
import { EngineContext } from './engine-context.ts';
import type { EngineFinding } from './engine-finding.ts';

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** What there is to say about a real engine: warnings first, then what gives most time back. */
export function lintEngine(engine: BuiltEngine): readonly EngineFinding[] {
  const context = new EngineContext(engine);
  const findings = ENGINE_CATALOGUE.flatMap((rule) =>
    rule.find(context).map((discovery): EngineFinding => ({
      ruleId: rule.id,
      title: rule.title,
      severity: rule.severity,
      consequence: rule.consequence,
      advice: rule.advice,
      docs: rule.docs,
      ...discovery,
    })),
  );
  // The sort is stable: findings of equal weight keep the order of the catalogue, then of the engine.
  return findings.sort(
    (a, b) => RANK[a.severity] - RANK[b.severity] || (b.lostUs ?? 0) - (a.lostUs ?? 0),
  );
}
