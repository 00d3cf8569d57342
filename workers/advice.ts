import type {
  Explanation,
  Finding,
  FindingRuleInfo,
  NodeExplanation,
  Shortfall,
} from '../src/api/analyze-api.ts';
import { ok } from '../src/core/base/result.ts';
import type { Result } from '../src/core/base/result.ts';
import { confidence } from '../src/core/explain/confidence.ts';
import { explainNode } from '../src/core/explain/explain-node.ts';
import { differencesFromReference, referenceEngine } from '../src/core/explain/reference-engine.ts';
import type { Simulation } from '../src/core/explain/resimulate.ts';
import { findChange } from '../src/core/explain/smallest-change.ts';
import { CATALOGUE } from '../src/core/lint/catalogue.ts';
import { lintModel } from '../src/core/lint/lint-model.ts';

/**
 * All that is said about a prediction once it is on show: findings, reasons, changes. A chunk of its own that the worker
 * fetches when it is first asked for any of it, so that the first prediction does not wait for it.
 */
export const advice = {
  findings: ({ model, engine, inferred }: Simulation): readonly Finding[] =>
    lintModel(model, engine, inferred),

  findingRules: (): readonly FindingRuleInfo[] =>
    CATALOGUE.map(({ id, severity, title, docs, evidence }) => ({
      id,
      severity,
      title,
      docs,
      evidence: evidence.kind,
    })),

  confidence: ({ engine }: Simulation): readonly number[] => engine.layers.map(confidence),

  why: ({ model, engine }: Simulation, node: string): Result<Explanation> =>
    explainNode(model, engine, node),

  /** The same with the smallest change. `pause` is called now and then. */
  explain: async (
    start: Simulation,
    node: string,
    pause: () => Promise<void>,
  ): Promise<Result<NodeExplanation>> => {
    const explanation = advice.why(start, node);
    if (!explanation.ok) return explanation;
    const found = await findChange(start, node, { pause });
    if (!found.ok) return found;
    return ok({ explanation: explanation.value, change: found.value?.change ?? null });
  },

  shortfall: ({ model, engine }: Simulation): Result<Shortfall> => {
    const reference = referenceEngine(model, engine.target);
    if (!reference.ok) return reference;
    const { target, summary } = reference.value;
    return ok({
      target,
      summary,
      differences: differencesFromReference(engine, reference.value),
    });
  },
};
