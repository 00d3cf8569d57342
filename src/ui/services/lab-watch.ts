import { cancelled } from '../../core/base/diagnostics.ts';
import { fail } from '../../core/base/result.ts';
import type { AppState } from '../state/app-state.ts';
import { explainedNode } from '../state/explained-node.ts';
import type { LabState } from '../state/lab-state.ts';
import { Latest } from '../state/latest.ts';
import { IDLE, LOADING, loadableOf } from '../state/loadable.ts';
import type { Store } from '../state/store.ts';
import { breathe } from './breathe.ts';
import type { WorkerClient } from './worker-client.ts';

type Client = Pick<WorkerClient, 'ask' | 'askBoth'>;

/** Keeps what the laboratory says about the model on show true: passes, edits, and the engine before. */
export class LabWatch {
  private readonly store: Store<AppState>;
  private readonly client: Client;
  private readonly surveys = new Latest();
  private readonly comparisons = new Latest();
  private readonly befores = new Latest();
  private readonly offers = new Latest();
  /** Model and target that the list of passes is about. */
  private surveyed = '';

  constructor(store: Store<AppState>, client: Client) {
    this.store = store;
    this.client = client;
    store.subscribe((state, previous) => {
      const predicted = state.prediction !== previous.prediction;
      const chosen = state.selection !== previous.selection;
      if (predicted || chosen || state.layout !== previous.layout) void this.survey();
      if (predicted) void this.compare();
      if (predicted || state.layout !== previous.layout) void this.lookBefore();
      if (predicted || chosen) void this.offer();
    });
  }

  /** What passes would do is only asked for where it is looked at, and after the prediction. */
  private async survey(): Promise<void> {
    const { model, prediction, layout, lab, selection } = this.store.state;
    // The card of a finding offers passes, too.
    const shown = layout.labOpen || layout.place === 'lab' || selection?.kind === 'finding';
    if (!shown || model === null || prediction === null) return;
    const { target } = prediction.engine;
    const { id } = model.summary;
    const question = `${id} ${JSON.stringify(target)}`;
    if (question === this.surveyed && lab.passes.state !== 'idle') return;
    this.surveyed = question;
    if (lab.passes.state !== 'ready') this.update({ passes: LOADING });
    await this.surveys.run(
      () => this.client.ask(id, (api, own) => api.passes(own, target)),
      (passes) => {
        if (passes.ok || this.surveyed === question) this.update({ passes: loadableOf(passes) });
        if (!passes.ok) this.surveyed = '';
      },
    );
  }

  private async compare(): Promise<void> {
    const { model, prediction, lab } = this.store.state;
    const { history } = lab;
    this.comparisons.drop();
    if (history === null || history.done === 0 || model === null || prediction === null) {
      if (lab.comparison.state !== 'idle') this.update({ comparison: IDLE });
      return;
    }
    const { target } = prediction.engine;
    await this.comparisons.run(
      () =>
        this.client.askBoth(history.original.id, model.summary.id, (api, before, after) =>
          api.compare(before, after, target),
        ),
      (comparison) => {
        this.update({ comparison: loadableOf(comparison) });
      },
    );
  }

  /** The engine before is drawn where it stands beside the one on show. */
  private async lookBefore(): Promise<void> {
    const { prediction, layout, lab } = this.store.state;
    const { history, before } = lab;
    const target = prediction?.engine.target;
    const needed = layout.comparing && history !== null && history.done > 0;
    if (!needed || target === undefined) return;
    if (before !== null && sameTarget(before.engine.target, target)) return;
    await this.befores.run(
      async () => {
        const answer = await this.client.ask(history.original.id, (api, id) =>
          this.store.state.layout.comparing
            ? api.predict(id, target)
            : Promise.resolve(fail(cancelled())),
        );
        await breathe();
        return answer;
      },
      (answer) => {
        if (answer.ok && this.store.state.lab.history?.original.id === history.original.id)
          this.update({ before: answer.value });
      },
    );
  }

  private async offer(): Promise<void> {
    const { model, prediction, selection, lab } = this.store.state;
    this.offers.drop();
    const name =
      selection?.kind === 'value'
        ? selection.name
        : explainedNode(selection, prediction?.engine ?? null);
    if (model === null || name === null) {
      if (lab.options.state !== 'idle') this.update({ options: IDLE });
      return;
    }
    this.update({ options: LOADING });
    await this.offers.run(
      () => this.client.ask(model.summary.id, (api, id) => api.edits(id, name)),
      (options) => {
        this.update({ options: loadableOf(options) });
      },
    );
  }

  private update(patch: Partial<LabState>): void {
    this.store.update({ lab: { ...this.store.state.lab, ...patch } });
  }
}

const sameTarget = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
