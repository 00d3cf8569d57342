import { assert } from '../base/assert.ts';
import type { LayerKind } from './graph/layer-parameters.ts';
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

class Run implements PhaseRun, SimEdit {
  readonly trace: TraceEvent[] = [];
  readonly counts: PhaseCount[] = [];
  readonly graph: SimGraph;
  private readonly refused = new Set<string>();
  /** The rule whose effect is running, and what it has said so far. */
  private rule: SimRule | null = null;
  private text = '';
  private touched: readonly SimLayer[] = [];
  private readonly kinds = new Map<SimRule, ReadonlySet<LayerKind>>();
  private readonly context: SimContext;
  private phaseName = '';

  constructor(graph: SimGraph, context: SimContext) {
    this.graph = graph;
    this.context = context;
  }

  phase(phase: Phase): void {
    this.phaseName = phase.name;
    for (const step of phase.steps) this.step(step);
    this.counts.push({ phase: phase.name, layers: this.graph.layerCount });
  }

  say(text: string, ...layers: readonly SimLayer[]): void {
    this.text = this.text === '' ? text : `${this.text}\n${text}`;
    const ruleId = this.rule?.id ?? '';
    const note = { ruleId, outcome: 'fired', text, nodes: nodesOf(layers) } as const;
    for (const layer of layers) layer.notes.push(note);
    this.touched = this.touched.length === 0 ? layers : [...this.touched, ...layers];
  }

  decline(reason: string, ...layers: readonly SimLayer[]): void {
    const [first] = layers;
    if (this.rule && first) this.refuse(this.rule, first, new Refusal(reason, layers));
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
    let kinds = this.kinds.get(rule);
    if (!kinds) this.kinds.set(rule, (kinds = new Set(rule.kinds)));
    let fired = false;
    for (const layer of this.graph.collect(kinds, backward))
      while (layer.alive && kinds.has(layer.kind) && this.offer(rule, layer)) {
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
    const { name, nodes } = layer;
    this.rule = rule;
    this.text = '';
    this.touched = [];
    rule.effect(layer, verdict, this);
    const others = this.touched.filter((other) => other !== layer);
    const all = others.length === 0 ? nodes : [...new Set([...nodes, ...nodesOf(others)])];
    this.record(rule, { node: name, outcome: 'fired', text: this.text, nodes: all });
    return true;
  }

  private refuse(rule: SimRule, layer: SimLayer, { reason, layers }: Refusal): void {
    const key = `${rule.id}\n${layer.name}\n${reason}`;
    if (this.refused.has(key)) return;
    this.refused.add(key);
    const nodes = nodesOf(layers);
    const note = { ruleId: rule.id, outcome: 'refused', text: reason, nodes } as const;
    this.record(rule, { node: layer.name, outcome: 'refused', text: reason, nodes });
    for (const at of new Set([layer, ...layers])) at.notes.push(note);
  }

  private record(
    rule: SimRule,
    event: Pick<TraceEvent, 'node' | 'outcome' | 'text' | 'nodes'>,
  ): void {
    const { phaseName: phase } = this;
    this.trace.push({ phase, pass: rule.pass, ruleId: rule.id, ...event });
  }
}

const nodesOf = (layers: readonly SimLayer[]): readonly string[] =>
  layers.length === 1 && layers[0] ? layers[0].nodes : layers.flatMap((layer) => layer.nodes);

function appliesTo(rule: SimRule, { target }: SimContext): boolean {
  const early = rule.since !== undefined && compareVersions(target.trt, rule.since) < 0;
  const late = rule.until !== undefined && compareVersions(target.trt, rule.until) > 0;
  return !early && !late;
}
