import { assert } from '../base/assert.ts';
import type { SimGraph, SimLayer } from './graph/sim-graph.ts';
import type { Phase, Step } from './phases.ts';
import { PHASES } from './phases.ts';
import type { PhaseCount, TraceEvent } from './predicted-engine.ts';
import type { SimContext, SimEdit, SimRule } from './sim-rule.ts';
import { Refusal } from './sim-rule.ts';
import { compareVersions } from './target.ts';

/** More rounds than any network needs: a rule set that does not converge is a bug of ours. */
const MAX_ROUNDS = 1000;

export interface PhaseRun {
  readonly trace: readonly TraceEvent[];
  readonly counts: readonly PhaseCount[];
}

/** Runs all phases over `graph`, which is changed in place, and records what fired and what was refused. */
export function runPhases(graph: SimGraph, context: SimContext): PhaseRun {
  const run = new Run(graph, context);
  const kind = context.explicit ? 'explicit' : 'float';
  for (const phase of PHASES) if (!phase.only || phase.only === kind) run.phase(phase);
  return run;
}

class Run implements PhaseRun {
  readonly trace: TraceEvent[] = [];
  readonly counts: PhaseCount[] = [];
  private readonly refused = new Set<string>();
  private phaseName = '';
  private readonly graph: SimGraph;
  private readonly context: SimContext;

  constructor(graph: SimGraph, context: SimContext) {
    this.graph = graph;
    this.context = context;
  }

  phase(phase: Phase): void {
    this.phaseName = phase.name;
    for (const step of phase.steps) this.step(step);
    this.counts.push({ phase: phase.name, layers: this.graph.layerCount });
  }

  private step(step: Step): void {
    const rules = step.rules.filter((rule) => appliesTo(rule, this.context));
    let rounds = 0;
    let fired = true;
    while (fired) {
      assert(
        rounds++ < MAX_ROUNDS,
        `rules do not settle: ${rules.map((rule) => rule.id).join(', ')}`,
      );
      fired = false;
      for (const rule of rules) fired = this.sweep(rule, step.backward === true) || fired;
      if (!step.repeat) return;
    }
  }

  /** Offers a rule every layer of its kinds, once. */
  private sweep(rule: SimRule, backward: boolean): boolean {
    const walk = backward ? this.graph.layersBackward() : this.graph.layers();
    const candidates: SimLayer[] = [];
    for (const layer of walk) if (rule.kinds.includes(layer.kind)) candidates.push(layer);
    let fired = false;
    for (const layer of candidates)
      while (layer.alive && rule.kinds.includes(layer.kind) && this.offer(rule, layer)) {
        fired = true;
        if (!rule.again) break;
      }
    return fired;
  }

  private offer(rule: SimRule, layer: SimLayer): boolean {
    const verdict = rule.check(layer, this.context);
    if (verdict === null) return false;
    if (verdict instanceof Refusal) {
      this.refuse(rule, layer, verdict);
      return false;
    }
    const event = { ...this.eventOf(rule, layer), outcome: 'fired' as const };
    const lines: string[] = [];
    rule.effect(layer, verdict, this.edit(rule, lines));
    this.trace.push({ ...event, text: lines.join('\n') });
    return true;
  }

  private edit(rule: SimRule, lines: string[]): SimEdit {
    return {
      graph: this.graph,
      say: (text, ...layers) => {
        lines.push(text);
        const nodes = layers.flatMap((layer) => layer.nodes);
        for (const layer of layers)
          layer.notes.push({ ruleId: rule.id, outcome: 'fired', text, nodes });
      },
    };
  }

  private refuse(rule: SimRule, layer: SimLayer, { reason, layers }: Refusal): void {
    const key = `${rule.id}\n${layer.name}\n${reason}`;
    if (this.refused.has(key)) return;
    this.refused.add(key);
    const nodes = layers.flatMap((other) => other.nodes);
    const outcome = 'refused' as const;
    this.trace.push({ ...this.eventOf(rule, layer), outcome, text: reason, nodes });
    for (const at of new Set([layer, ...layers]))
      at.notes.push({ ruleId: rule.id, outcome, text: reason, nodes });
  }

  private eventOf(rule: SimRule, layer: SimLayer) {
    const { phaseName: phase } = this;
    return { phase, pass: rule.pass, node: layer.name, ruleId: rule.id, nodes: [...layer.nodes] };
  }
}

function appliesTo(rule: SimRule, { target }: SimContext): boolean {
  const early = rule.since !== undefined && compareVersions(target.trt, rule.since) < 0;
  const late = rule.until !== undefined && compareVersions(target.trt, rule.until) > 0;
  return !early && !late;
}
