import type { AppState } from '../state/app-state.ts';
import { comparedBoxes } from '../state/compared-boxes.ts';
import type { EnginesState, ShownComparison } from '../state/engine-state.ts';
import { NOTHING_DIFFERS } from '../state/engine-state.ts';
import { Latest } from '../state/latest.ts';
import { LOADING, loadableOf, valueOf } from '../state/loadable.ts';
import { ok } from '../../core/base/result.ts';
import type { Store } from '../state/store.ts';
import { breathe } from './breathe.ts';
import type { WorkerClient } from './worker-client.ts';

type Client = Pick<WorkerClient, 'ask' | 'call'>;

/** What the rings in the graphs depend on. */
const MARKED_BY = ['beside', 'shown', 'side', 'comparison'] as const;

/** Keeps what is said of several engines together true: asked for where it is looked at. */
export class EngineWatch {
  private readonly store: Store<AppState>;
  private readonly client: Client;
  private readonly comparisons = new Latest();

  constructor(store: Store<AppState>, client: Client) {
    this.store = store;
    this.client = client;
    store.subscribe((state, previous) => {
      const [now, before] = [state.engines, previous.engines];
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

  /** Rings around what differs between the two engines on show. */
  private mark(): void {
    const { beside, shown, comparison } = this.store.state.engines;
    const compared = valueOf(comparison);
    const isCompared = beside !== null && shown !== null && compared !== undefined;
    this.update({
      differing: isCompared ? comparedBoxes(compared, beside, shown) : NOTHING_DIFFERS,
    });
  }

  private update(patch: Partial<EnginesState>): void {
    this.store.update({ engines: { ...this.store.state.engines, ...patch } });
  }
}
