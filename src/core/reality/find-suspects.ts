import type { LogPass } from '../engine/build-log.ts';
import { subjectNodes } from '../explain/collect-events.ts';
import { ruleCatalog } from '../sim/rule-catalog.ts';
import type { PredictedEngine, TraceEvent } from '../sim/predicted-engine.ts';
import type { RuleSuspect } from './reality-comparison.ts';

/** Rules that fire for every quantizer or weight of a network say nothing of one place. */
const EVERYWHERE: ReadonlySet<string> = new Set([
  'const-qdq-initializers-fusion',
  'const-weights-fusion',
  'const-weights-quantize-fusion',
]);
/** More than these are no help. */
const MOST = 4;

/** Where to look for the rule that erred. */
export interface Scene {
  /** Nodes that are concerned, quantizers beside them included. */
  readonly nodes: ReadonlySet<string>;
  /** What must have gone wrong: a rule `fired` too much, or one too few (`refused`). */
  readonly wanted: 'fired' | 'refused';
  /** For fusions that went too far: the sets of nodes that TensorRT kept apart. */
  readonly apart?: readonly (readonly string[])[];
}

/** Finds rules that may have erred: in the builder's log where there is one, else by what the trace says at the nodes. */
export class SuspectFinder {
  private readonly engine: PredictedEngine;
  private readonly logged: ReadonlySet<string> | null;
  private readonly passes: readonly LogPass[] | null;

  constructor(engine: PredictedEngine, passes: readonly LogPass[] | null) {
    this.engine = engine;
    this.passes = passes && passes.length > 0 ? passes : null;
    this.logged = this.passes && new Set(this.passes.map(({ pass, node }) => `${pass} on ${node}`));
  }

  find(scene: Scene): readonly RuleSuspect[] {
    const events = this.eventsAt(scene.nodes);
    const shown = [...this.firedAgainstLog(events), ...this.missedInLog(scene.nodes)];
    if (shown.length > 0) return shown.slice(0, MOST);
    const candidates = events.filter(({ outcome }) => outcome === scene.wanted);
    const across = scene.apart ? candidates.filter((event) => isAcross(event, scene.apart)) : [];
    return suspectsOf(across.length > 0 ? across : candidates);
  }

  /** Events that name nodes of the scene, without those that say nothing. */
  private eventsAt(nodes: ReadonlySet<string>): readonly TraceEvent[] {
    return this.engine.trace.filter(
      (event) =>
        !(EVERYWHERE.has(event.ruleId) && event.outcome === 'fired') &&
        namesOf(event).some((name) => nodes.has(name)),
    );
  }

  /** What we let happen and the builder did not do; only passes that logs name can be looked up. */
  private firedAgainstLog(events: readonly TraceEvent[]): RuleSuspect[] {
    const { logged } = this;
    if (!logged) return [];
    return unique(
      events
        .filter(({ outcome, pass }) => outcome === 'fired' && !pass.includes(' '))
        .filter(({ pass, node }) => !logged.has(`${pass} on ${node}`))
        .map(({ ruleId, pass, node, text }) => ({
          ruleId,
          pass,
          erred: 'fired' as const,
          certainty: 'log' as const,
          evidence: `predicted at ${node} (${oneLine(text)}), but the builder's log has no ${pass} there`,
        })),
    );
  }

  /** What the builder did and we did not let happen. */
  private missedInLog(nodes: ReadonlySet<string>): RuleSuspect[] {
    if (!this.passes) return [];
    const ours = new Set(
      this.engine.trace
        .filter(({ outcome }) => outcome === 'fired')
        .map(({ pass, node }) => `${pass} on ${node}`),
    );
    return unique(
      this.passes
        .filter(({ pass, node }) => !ours.has(`${pass} on ${node}`))
        .filter(({ node }) => namesOf({ node, nodes: [] }).some((name) => nodes.has(name)))
        .map(({ pass, node }) => {
          const rule = ruleCatalog.find((known) => known.pass === pass);
          return {
            ruleId: rule?.id ?? '',
            pass,
            erred: rule ? ('refused' as const) : ('unknown' as const),
            certainty: 'log' as const,
            evidence: `the builder's log has ${pass} on ${node}, which was not predicted${rule ? '' : '; no rule retells this pass'}`,
          };
        }),
    );
  }
}

const namesOf = (event: Pick<TraceEvent, 'node' | 'nodes'>): readonly string[] => [
  ...event.nodes,
  ...subjectNodes(event as TraceEvent),
];

/** Brings together what should have stayed apart: what it ran on was of one set, what it took in of another. */
function isAcross(event: TraceEvent, apart: readonly (readonly string[])[] = []): boolean {
  const touched = (names: readonly string[]): number =>
    apart.filter((set) => set.some((node) => names.includes(node))).length;
  return touched(namesOf(event)) > 1 && touched(subjectNodes(event)) <= 1;
}

/** The last to have a say comes first: earlier passes only prepared what it did. */
function suspectsOf(events: readonly TraceEvent[]): readonly RuleSuspect[] {
  const suspects = unique(
    [...events].reverse().map(({ ruleId, pass, node, outcome, text }) => ({
      ruleId,
      pass,
      erred: outcome,
      certainty: 'suspect' as const,
      evidence: `${outcome === 'fired' ? 'it fired' : 'it refused'} at ${node}: ${oneLine(text)}`,
    })),
  );
  const [only] = suspects;
  if (suspects.length === 1 && only) return [{ ...only, certainty: 'only' }];
  return suspects.slice(0, MOST);
}

/** One entry for each rule. */
function unique(suspects: readonly RuleSuspect[]): RuleSuspect[] {
  const seen = new Map<string, RuleSuspect>();
  for (const suspect of suspects) {
    const key = `${suspect.ruleId} ${suspect.pass} ${suspect.erred}`;
    if (!seen.has(key)) seen.set(key, suspect);
  }
  return [...seen.values()];
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
