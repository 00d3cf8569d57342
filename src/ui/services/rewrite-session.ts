import type { ModelSummary, Progress } from '../../api/analyze-api.ts';
import type { EditOption, Step } from '../../api/rewrite-api.ts';
import type { Result } from '../../core/base/result.ts';
import { ok } from '../../core/base/result.ts';
import type { AppState, OpenModel } from '../state/app-state.ts';
import { optionFor, optionTitle } from '../state/edit-words.ts';
import { explainedNode } from '../state/explained-node.ts';
import {
  currentSummary,
  knows,
  modelsOf,
  movedTo,
  recorded,
  startHistory,
} from '../state/history.ts';
import type { History, HistoryEntry } from '../state/history.ts';
import { keepSelection } from '../state/keep-selection.ts';
import { INITIAL_LAB } from '../state/lab-state.ts';
import type { LabState } from '../state/lab-state.ts';
import type { Store } from '../state/store.ts';
import { breathe } from './breathe.ts';
import type { WorkerClient } from './worker-client.ts';

type Client = Pick<WorkerClient, 'ask' | 'derive' | 'close'>;

/** Makes changes of the model, one after the other, and takes them back. */
export class RewriteSession {
  private readonly store: Store<AppState>;
  private readonly client: Client;
  private abort = new AbortController();
  /** Changes wait for each other: each starts from what the one before left. */
  private turn: Promise<void> = Promise.resolve();

  constructor(store: Store<AppState>, client: Client) {
    this.store = store;
    this.client = client;
    store.subscribe(({ model }, previous) => {
      if (model !== null && model.summary.id !== previous.model?.summary.id)
        this.follow(model.summary);
    });
  }

  /** Makes steps on the model on show; they are one entry of the history. */
  apply(steps: readonly Step[], title: string): Promise<void> {
    return this.inTurn(title, async (model, signal) => {
      const { target } = this.store.state;
      const derivation = { parent: model.summary.id, steps, target };
      const made = await this.client.derive(derivation, { signal, onProgress: this.report });
      if (!made.ok) return made;
      const { history } = this.store.state.lab;
      if (history === null || !knows(history, model.summary.id)) return ok(null);
      const entry = { ...made.value, title, steps };
      if (isIdle(entry)) {
        await this.client.close(entry.summary.id);
        this.update({ notice: `${title}: there is nothing to change.` });
        return ok(null);
      }
      const next = recorded(history, entry);
      const shown = await this.show(model, next, signal);
      if (shown.ok) this.dropUnreached(history, next);
      else await this.client.close(entry.summary.id);
      if (shown.ok) this.update({ notice: `${title}.` });
      return shown;
    });
  }

  undo(): Promise<void> {
    return this.move((history) => history.done - 1);
  }

  redo(): Promise<void> {
    return this.move((history) => history.done + 1);
  }

  /** Goes to the model as it was with so many entries made; 0 is the original. */
  goTo(done: number): Promise<void> {
    return this.move(() => done);
  }

  /** Makes the first edit of a kind that the selection offers, or says why there is none. */
  async edit(role: EditOption['role']): Promise<void> {
    const { selection, prediction, model } = this.store.state;
    const name =
      selection?.kind === 'value'
        ? selection.name
        : explainedNode(selection, prediction?.engine ?? null);
    if (model === null) return;
    if (name === null) {
      this.update({ notice: 'Select a node or a Q/DQ first.' });
      return;
    }
    await this.turn;
    const current = this.store.state.model ?? model;
    const options = await this.client.ask(current.summary.id, (api, id) => api.edits(id, name));
    if (!options.ok) {
      this.store.update({ problem: options.error });
      return;
    }
    const option = optionFor(options.value, role);
    if (option) await this.choose(option);
    else this.update({ notice: NOTHING_THERE[role === 'remove' ? 'remove' : 'add'] });
  }

  /** Makes one of the edits that were offered. */
  choose(option: EditOption): Promise<void> {
    const title = optionTitle(option);
    const step = { kind: 'edits', source: 'user', text: title, edits: [option.edit] } as const;
    return this.apply([step], title);
  }

  /** Puts the placement of a file in the place of the one that the model has. */
  async applyPlacement(file: File): Promise<void> {
    const step = { kind: 'placement', fileName: file.name, text: await file.text() } as const;
    await this.apply([step], `Apply the placement ${file.name}`);
  }

  /** Looks for a better placement; what it finds waits to be accepted. */
  optimize(): Promise<void> {
    this.update({ proposal: null });
    return this.inTurn('Optimize', async (model, signal) => {
      const { target, lab } = this.store.state;
      const { search, budget } = lab.wish;
      const passes = this.chosenPasses();
      const request = { target, search, budget, ...(passes && { passes }) };
      const of = model.summary.id;
      const found = await this.client.ask(
        of,
        (api, id, report) => api.optimize(id, request, report),
        {
          signal,
          onProgress: this.report,
        },
      );
      if (!found.ok) return found;
      this.update({ proposal: { of, summary: found.value } });
      return ok(null);
    });
  }

  /** Puts Q/DQ into a float model, placed for the target; their scales then wait for calibration. */
  async place(): Promise<void> {
    const found: Step[] = [];
    await this.inTurn('Place Q/DQ', async (model, signal) => {
      const { target, lab } = this.store.state;
      const request = { target, ...lab.wish, extraPasses: [FIRST_PASS] };
      const placed = await this.client.ask(
        model.summary.id,
        (api, id, report) => api.optimize(id, request, report),
        { signal, onProgress: this.report },
      );
      if (!placed.ok) return placed;
      found.push(...placed.value.steps);
      return ok(null);
    });
    if (found.length > 0) await this.apply(found, 'Place Q/DQ');
  }

  /** Takes what optimizing has found. */
  async accept(): Promise<void> {
    const { proposal } = this.store.state.lab;
    if (proposal === null) return;
    const count = proposal.summary.changes.length;
    await this.apply(proposal.summary.steps, `Optimize: ${String(count)} changes`);
  }

  discard(): void {
    this.update({ proposal: null });
  }

  /** Ends the job under way, at once; the model stays as it was before it. */
  cancel(): void {
    this.abort.abort();
    this.update({ job: null });
  }

  /** Usual passes that are switched on, where some are off. */
  private chosenPasses(): readonly string[] | undefined {
    const { passes, switches } = this.store.state.lab;
    if (switches.passes.size === 0 || passes.state !== 'ready') return undefined;
    return passes.value
      .filter(({ id, onRequest }) => onRequest === undefined && !switches.passes.has(id))
      .map(({ id }) => id);
  }

  private move(goal: (history: History) => number): Promise<void> {
    return this.inTurn('Going to another state', async (model, signal) => {
      const { history } = this.store.state.lab;
      if (history === null) return ok(null);
      const next = movedTo(history, goal(history));
      return next.done === history.done ? ok(null) : this.show(model, next, signal);
    });
  }

  /** Draws the model that a history stands at, and puts it on show with the history. */
  private async show(
    from: OpenModel,
    history: History,
    signal: AbortSignal,
  ): Promise<Result<null>> {
    const summary = currentSummary(history);
    const { folded } = from;
    const draw = (paths: readonly string[]) =>
      this.client.ask(summary.id, (api, id) => api.modelScene(id, paths), { signal });
    const full = await draw([]);
    if (!full.ok) return full;
    const scene = folded.length === 0 ? full : await draw(folded);
    if (!scene.ok) return scene;
    await breathe();
    const { state } = this.store;
    if (signal.aborted || state.model?.summary.id !== from.summary.id) return ok(null);
    const model = { summary, scene: scene.value, fullScene: full.value, folded };
    const selection = keepSelection(state.selection, from.fullScene, full.value);
    this.store.update({
      model,
      selection,
      lab: { ...state.lab, history, proposal: null, notice: '' },
    });
    return ok(null);
  }

  /** Runs a job when those before it are done, tells what it is at, and shows why it failed. */
  inTurn(
    title: string,
    job: (model: OpenModel, signal: AbortSignal) => Promise<Result<null>>,
  ): Promise<void> {
    this.turn = this.turn.then(async () => {
      const { model } = this.store.state;
      if (model === null) return;
      this.abort = new AbortController();
      const { signal } = this.abort;
      this.update({ job: { title, step: 'Working' }, notice: '' });
      const done = await job(model, signal);
      this.update({ job: null });
      if (!done.ok && !signal.aborted) this.store.update({ problem: done.error });
    });
    return this.turn;
  }

  /** Tells what the job under way is at. */
  readonly report = (progress: Progress): void => {
    const { job } = this.store.state.lab;
    if (job !== null) this.update({ job: { title: job.title, ...progress } });
  };

  /** A model that the history does not lead to is another file: a new history starts with it. */
  private follow(summary: ModelSummary): void {
    const { history, wish } = this.store.state.lab;
    if (history !== null && knows(history, summary.id)) return;
    if (this.store.state.lab.job !== null) this.abort.abort();
    this.store.update({ lab: { ...INITIAL_LAB, wish, history: startHistory(summary) } });
    for (const id of history === null ? [] : modelsOf(history)) void this.client.close(id);
  }

  private dropUnreached(before: History, after: History): void {
    for (const id of modelsOf(before)) if (!knows(after, id)) void this.client.close(id);
  }

  private update(patch: Partial<LabState>): void {
    this.store.update({ lab: { ...this.store.state.lab, ...patch } });
  }
}

/** Passes that found nothing: no entry worth keeping. */
const isIdle = ({ steps, changes }: HistoryEntry): boolean =>
  changes.length === 0 && steps.every(({ kind }) => kind === 'passes');

/** The pass with which quantizing a float model starts. */
const FIRST_PASS = 'quantize-weighted-layers';

const NOTHING_THERE = {
  add: 'There is no float value here that could get a Q/DQ pair.',
  remove: 'There is no Q/DQ pair here to remove.',
};
