import type { Severity } from '../base/diagnostic.ts';
import type { Model } from '../ir/graph.ts';
import type { InferReport } from '../ir/infer/infer-report.ts';
import type { PredictedEngine } from '../sim/predicted-engine.ts';
import { compareVersions } from '../sim/target.ts';
import type { Target } from '../sim/target.ts';
import { CATALOGUE } from './catalogue.ts';
import type { Finding, FindingRule } from './finding.ts';
import { LintContext } from './lint-context.ts';

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/**
 * What there is to say about a model and the engine predicted from it: errors that make TensorRT refuse it first, then
 * the findings that move most bytes. The model must have its shapes inferred, as `inferred` reports it.
 */
export function lintModel(model: Model, engine: PredictedEngine, inferred: InferReport): Finding[] {
  const context = new LintContext(model, engine, inferred);
  const findings = CATALOGUE.filter((rule) => appliesTo(rule, engine.target)).flatMap((rule) =>
    rule.find(context).map((discovery): Finding => ({
      ruleId: rule.id,
      severity: rule.severity,
      consequence: rule.consequence,
      advice: rule.advice,
      costBytes: 0,
      ...discovery,
    })),
  );
  // The sort is stable: findings of equal weight keep the order of the catalogue, then of the graph.
  return findings.sort((a, b) => RANK[a.severity] - RANK[b.severity] || b.costBytes - a.costBytes);
}

/** True for a finding that says that TensorRT does not build the model. */
export const isRefusal = (finding: Finding): boolean => finding.severity === 'error';

function appliesTo({ since, until }: FindingRule, { trt }: Target): boolean {
  return (
    (since === undefined || compareVersions(trt, since) >= 0) &&
    (until === undefined || compareVersions(trt, until) <= 0)
  );
}
