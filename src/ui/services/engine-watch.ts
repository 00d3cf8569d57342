import type { AppState } from '../state/app-state.ts';
import { comparedBoxes, errantBoxes } from '../state/compared-boxes.ts';
import type { EnginesState, ShownComparison } from '../state/engine-state.ts';
import { NOTHING_DIFFERS, shownEngine } from '../state/engine-state.ts';
import { Latest } from '../state/latest.ts';
import { IDLE, LOADING, loadableOf, valueOf } from '../state/loadable.ts';
import { engineOfAnotherModel } from '../../core/base/diagnostics/reality.ts';
import { ok } from '../../core/base/result.ts';
import { isKin, kinshipOf } from '../state/engine-kinship.ts';
import type { Store } from '../state/store.ts';
import { breathe } from './breathe.ts';
import type { WorkerClient } from './worker-client.ts';

type Client = Pick<WorkerClient, 'ask' | 'call'>;

/** What the rings in the graphs depend on. */
const MARKED_BY = ['beside', 'shown', 'side', 'comparison', 'reality'] as const;

/** Keeps what is said of several engines together true: asked for where it is looked at. */
export class EngineWatch {
  private readonly store: Store<AppState>;
  private readonly client: Client;
  private readonly comparisons = new Latest();
  private readonly checks = new Latest();

  constructor(store: Store<AppState>, client: Client) {
    this.store = store;
    this.client = client;
    store.subscribe((state, previous) => {
      const [now, before] = [state.engines, previous.engines];
      const judged = state.prediction !== previous.prediction || now.shown !== before.shown;
      const other = judged || now.opened !== before.opened;
      if (other && now.reality.state !== 'idle') {
        this.checks.drop();
        this.update({ reality: IDLE });
        return;
      }
      if (other || now !== before) void this.check();
      if (now === before) return;
      void this.compare();
      if (MARKED_BY.some((field) => now[field] !== before[field])) this.mark();
    });
  }

  /** All open engines are compared at once; the one that was chosen, else the first, is what the others are held against. */
  private async compare(): Promise<void> {
    const { opened, section, base, beside, comparison } = this.store.state.engines;
    const wanted = section === 'compare' || beside !== null;
    if (!wanted || opened.length < 2 || comparison.state !== 'idle') return;
    const first = opened.find(({ id }) => id === base) ?? opened[0]!;
    const ordered = [first, ...opened.filter((engine) => engine !== first)];
    const ids = ordered.map(({ id }) => id);
    this.update({ comparison: LOADING });
    await this.comparisons.run(
      async () => {
        const answer = await this.client.call((api) =>
          api.compareEngines(ordered.map(({ engine }) => engine)),
        );
        await breathe();
        return answer.ok ? ok<ShownComparison>({ ids, value: answer.value }) : answer;
      },
      (answer) => {
        // What was opened or closed meanwhile has asked again.
        if (this.store.state.engines.comparison.state === 'loading')
          this.update({ comparison: loadableOf(answer) });
      },
    );
  }

  /** The prediction on show is held against the engine where both are on show, or the list of what differs is. */
  private async check(): Promise<void> {
    const { model, prediction, engines } = this.store.state;
    const { section, side, reality } = engines;
    const shown = shownEngine(this.store.state);
    const wanted = section === 'prediction' || side === 'both';
    if (!wanted || shown === null || model === null || prediction === null) return;
    if (reality.state !== 'idle') return;
    if (!isKin(shown.engine, model.fullScene)) {
      const { found, layers } = kinshipOf(shown.engine, model.fullScene);
      const error = engineOfAnotherModel(shown.label, found, layers);
      this.update({ reality: { state: 'failed', error } });
      return;
    }
    this.update({ reality: LOADING });
    const { target } = prediction.engine;
    await this.checks.run(
      async () => {
        const answer = await this.client.ask(model.summary.id, (api, id) =>
          api.checkPrediction(id, target, shown.engine),
        );
        await breathe();
        return answer;
      },
      (answer) => {
        this.update({ reality: loadableOf(answer) });
      },
    );
  }

  /** Rings around what differs between the two engines on show. */
  private mark(): void {
    const { beside, shown, side, comparison, reality } = this.store.state.engines;
    const [compared, checked] = [valueOf(comparison), valueOf(reality)];
    if (beside !== null && shown !== null && compared)
      this.update({ differing: comparedBoxes(compared, beside, shown) });
    else
      this.update({
        differing: side === 'both' && checked ? errantBoxes(checked) : NOTHING_DIFFERS,
      });
  }

  private update(patch: Partial<EnginesState>): void {
    this.store.update({ engines: { ...this.store.state.engines, ...patch } });
  }
}
