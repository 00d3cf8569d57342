import type { PredictedLayer, RuleNote } from '../sim/predicted-engine.ts';
import { subjectNodes } from './collect-events.ts';
import type { EngineIndex } from './engine-index.ts';
import type { Reason } from './explanation.ts';

/** The refusal among the notes of `layer` by the first of `rules` that has one; of several, the last. */
export function refusalOf(layer: PredictedLayer, rules: readonly string[]): Reason | null {
  const refused = layer.notes.filter((note) => note.outcome === 'refused');
  for (const rule of rules) {
    const note = refused.findLast(({ ruleId }) => ruleId === rule);
    if (note) return asReason(note);
  }
  return null;
}

/** The same, but only where the rule was tried at `layer` itself: a note may also blame it for what a neighbour could not do. */
export function ownRefusalOf(
  index: EngineIndex,
  layer: PredictedLayer,
  rules: readonly string[],
): Reason | null {
  const nodes = new Set(layer.nodes);
  const own = index.engine.trace.filter(
    (event) => event.outcome === 'refused' && subjectNodes(event).some((name) => nodes.has(name)),
  );
  for (const rule of rules) {
    const event = own.findLast(({ ruleId }) => ruleId === rule);
    if (event) return asReason(event);
  }
  return null;
}

const asReason = ({ ruleId, text, nodes }: Omit<RuleNote, 'outcome'>): Reason => ({
  ruleId,
  text,
  nodes,
});
