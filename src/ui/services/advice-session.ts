import { cancelled } from '../../core/base/diagnostics.ts';
import { fail, ok } from '../../core/base/result.ts';
import type { Result } from '../../core/base/result.ts';
import type { Finding, FindingRuleInfo, PredictionView } from '../../api/analyze-api.ts';
import type { AppState } from '../state/app-state.ts';
import type { FindingList } from '../state/findings.ts';
import { findingList, findingOf } from '../state/findings.ts';
import { Latest } from '../state/latest.ts';
import { IDLE, LOADING, loadableOf } from '../state/loadable.ts';
import type { Store } from '../state/store.ts';
import type { WorkerClient } from './worker-client.ts';

type Client = Pick<WorkerClient, 'ask'>;

/** Asks for everything that is said about a prediction, once the prediction is on show. */
export class AdviceSession {
  private readonly store: Store<AppState>;
  private readonly client: Client;
  private readonly lintings = new Latest();
  private rules: readonly FindingRuleInfo[] = [];

  constructor(store: Store<AppState>, client: Client) {
    this.store = store;
    this.client = client;
    store.subscribe((state, previous) => {
      if (state.prediction !== previous.prediction) void this.lint(state.prediction);
    });
  }

  /** The findings on show stay until those about the new prediction are there, unless the model is another one. */
  private async lint(prediction: PredictionView | null): Promise<void> {
    const { model } = this.store.state;
    this.lintings.drop();
    if (prediction === null || model === null) {
      this.store.update({ findings: IDLE });
      return;
    }
    if (this.store.state.findings.state !== 'ready') this.store.update({ findings: LOADING });
    const ask = () =>
      this.client.ask<FindingList>(model.summary.id, async (api, id) => {
        if (this.store.state.prediction !== prediction) return fail(cancelled());
        if (this.rules.length === 0) this.rules = await api.findingRules();
        return listed(await api.lint(id, prediction.engine.target), this.rules);
      });
    await this.lintings.run(ask, (answer) => {
      this.store.update({ findings: loadableOf(answer) });
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
}

const listed = (
  findings: Result<readonly Finding[]>,
  rules: readonly FindingRuleInfo[],
): Result<FindingList> => (findings.ok ? ok(findingList(findings.value, rules)) : findings);
