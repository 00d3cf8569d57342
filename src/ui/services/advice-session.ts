import { cancelled } from '../../core/base/diagnostics.ts';
import { fail, ok } from '../../core/base/result.ts';
import type { FindingRuleInfo, PredictionView } from '../../api/analyze-api.ts';
import type { AppState } from '../state/app-state.ts';
import { explainedNode } from '../state/explained-node.ts';
import type { FindingList } from '../state/findings.ts';
import { findingList, findingOf } from '../state/findings.ts';
import { Latest } from '../state/latest.ts';
import { IDLE, LOADING, loadableOf } from '../state/loadable.ts';
import type { Store } from '../state/store.ts';
import type { WorkerClient } from './worker-client.ts';

/** What is said about a whole prediction. */
interface Judgement {
  readonly findings: FindingList;
  /** How likely each layer is right, by its index. */
  readonly confidence: readonly number[];
}

type Client = Pick<WorkerClient, 'ask'>;

/** Asks for everything that is said about a prediction, once the prediction is on show. */
export class AdviceSession {
  private readonly store: Store<AppState>;
  private readonly client: Client;
  private readonly lintings = new Latest();
  private readonly reasons = new Latest();
  private readonly changes = new Latest();
  private readonly comparisons = new Latest();
  private rules: readonly FindingRuleInfo[] = [];
  private search = new AbortController();

  constructor(store: Store<AppState>, client: Client) {
    this.store = store;
    this.client = client;
    store.subscribe((state, previous) => {
      const predicted = state.prediction !== previous.prediction;
      if (predicted) void this.lint(state.prediction);
      if (predicted || state.selection !== previous.selection) void this.explain();
      if (predicted || state.layout !== previous.layout) void this.compare(predicted);
    });
  }

  /** Searches the smallest change that helps the selected node or layer. */
  async searchChange(): Promise<void> {
    const question = this.question();
    if (question === null) return;
    const { modelId, target, node } = question;
    this.search = new AbortController();
    const { signal } = this.search;
    this.store.update({ change: LOADING, changeStep: 'Trying changes of the Q/DQ' });
    const onProgress = ({ step }: { readonly step: string }): void => {
      if (!signal.aborted) this.store.update({ changeStep: step });
    };
    const ask = () =>
      this.client.ask(
        modelId,
        async (api, id, report) => {
          const found = await api.explain(id, target, node, report);
          return found.ok ? ok(found.value.change) : found;
        },
        { signal, onProgress },
      );
    await this.changes.run(ask, (answer) => {
      this.store.update({ change: loadableOf(answer), changeStep: '' });
    });
  }

  /** Ends the search that is under way, at once. */
  cancelSearch(): void {
    if (this.store.state.change.state === 'loading') this.search.abort();
    this.changes.drop();
    this.store.update({ change: IDLE, changeStep: '' });
  }

  /** The findings on show stay until those about the new prediction are there, unless the model is another one. */
  private async lint(prediction: PredictionView | null): Promise<void> {
    const { model } = this.store.state;
    this.lintings.drop();
    if (prediction === null || model === null) {
      this.store.update({ findings: IDLE, confidence: [] });
      return;
    }
    this.store.update({ confidence: [] });
    if (this.store.state.findings.state !== 'ready') this.store.update({ findings: LOADING });
    const ask = () =>
      this.client.ask<Judgement>(model.summary.id, async (api, id) => {
        if (this.store.state.prediction !== prediction) return fail(cancelled());
        if (this.rules.length === 0) this.rules = await api.findingRules();
        const { target } = prediction.engine;
        const findings = await api.lint(id, target);
        if (!findings.ok) return findings;
        const confidence = await api.confidence(id, target);
        if (!confidence.ok) return confidence;
        const list = findingList(findings.value, this.rules);
        return ok({ findings: list, confidence: confidence.value });
      });
    await this.lintings.run(ask, (answer) => {
      if (answer.ok) {
        const { findings, confidence } = answer.value;
        this.store.update({ findings: { state: 'ready', value: findings }, confidence });
      } else this.store.update({ findings: loadableOf(answer) });
      this.followFinding();
    });
  }

  /** A selected finding that the new prediction has too stays selected, with its nodes of now. */
  private followFinding(): void {
    const { selection, findings } = this.store.state;
    if (selection?.kind !== 'finding' || findings.state !== 'ready') return;
    const finding = findingOf(findings.value, selection.name);
    this.store.update({ selection: finding ? { ...selection, nodes: finding.nodes } : null });
  }

  private async explain(): Promise<void> {
    this.cancelSearch();
    this.reasons.drop();
    const question = this.question();
    if (question === null) {
      this.store.update({ why: IDLE });
      return;
    }
    const { modelId, target, node } = question;
    this.store.update({ why: LOADING });
    const ask = () => this.client.ask(modelId, (api, id) => api.why(id, target, node));
    await this.reasons.run(ask, (answer) => {
      this.store.update({ why: loadableOf(answer) });
    });
  }

  /** What the selection asks about, in the prediction on show. */
  private question() {
    const { model, prediction, selection } = this.store.state;
    const node = explainedNode(selection, prediction?.engine ?? null);
    if (model === null || prediction === null || node === null) return null;
    return { modelId: model.summary.id, target: prediction.engine.target, node };
  }

  /** The best engine is only asked for where it is looked at. */
  private async compare(predicted: boolean): Promise<void> {
    const { model, prediction, layout } = this.store.state;
    if (predicted) {
      this.comparisons.drop();
      this.store.update({ shortfall: IDLE });
    }
    const shown = layout.drawerOpen || layout.place === 'drawer';
    if (!shown || layout.drawerTab !== 'reference') return;
    if (model === null || prediction === null || this.store.state.shortfall.state !== 'idle')
      return;
    this.store.update({ shortfall: LOADING });
    const { target } = prediction.engine;
    const ask = () => this.client.ask(model.summary.id, (api, id) => api.shortfall(id, target));
    await this.comparisons.run(ask, (answer) => {
      this.store.update({ shortfall: loadableOf(answer) });
    });
  }
}
