import type { EngineView } from '../../api/engine-api.ts';
import { enginePlanUnreadable } from '../../core/base/diagnostics/engine-page.ts';
import { fail } from '../../core/base/result.ts';
import type { Result } from '../../core/base/result.ts';
import type { AppState, Selection } from '../state/app-state.ts';
import { builtSelection, outlineOf } from '../state/built-words.ts';
import { isKin } from '../state/engine-kinship.ts';
import type {
  EngineRequest,
  EngineSide,
  EnginesState,
  OpenedEngine,
} from '../state/engine-state.ts';
import { ENGINE_SIDES, engineInSight, shownEngine } from '../state/engine-state.ts';
import { countText } from '../state/format-text.ts';
import { IDLE } from '../state/loadable.ts';
import { sameWork } from '../state/same-work.ts';
import type { Store } from '../state/store.ts';
import { timeHeat } from '../state/time-heat.ts';
import { breathe } from './breathe.ts';
import { EngineFiles } from './engine-files.ts';
import { EngineWatch } from './engine-watch.ts';
import type { SaveFile } from './export-session.ts';
import { download } from './export-session.ts';
import type { LabSession } from './lab-session.ts';
import { unpackFiles } from './unpack-files.ts';
import type { WorkerClient } from './worker-client.ts';

type Client = Pick<WorkerClient, 'ask' | 'call'>;
type Models = Pick<LabSession, 'closeModel'>;

/** TensorRT's own file: no reader but TensorRT has words for it. */
const PLAN = /\.(?:engine|plan|trt)$/i;

/** What the readers say of files that are about an engine, but do not list its layers. */
const COMPANIONS: ReadonlySet<string> = new Set([
  'engine/no-layers-given',
  'engine/log-without-layers',
]);

/** Holds the built engines: opens their files, and keeps what is on show of them true. Loaded with the first of them. */
export class EngineSession {
  private readonly store: Store<AppState>;
  private readonly client: Client;
  private readonly models: Models;
  private readonly files: EngineFiles;
  private abort = new AbortController();
  /** Batches of files are read one after the other. */
  private turn: Promise<void> = Promise.resolve();
  private count = 0;
  /** The files that each engine was read from, so that a profile may come later. */
  private readonly sources = new Map<string, readonly File[]>();

  constructor(store: Store<AppState>, client: Client, models: Models, save: SaveFile = download) {
    this.store = store;
    this.client = client;
    this.models = models;
    this.files = new EngineFiles(store, client, save);
    new EngineWatch(store, client);
    store.subscribe((state, previous) => {
      const { model, layout, engines } = state;
      const opened = model !== null && model.summary.fileName !== previous.model?.summary.fileName;
      if (opened && engines.shown !== null) this.chooseSide();
      // Two comparisons do not fit into two places.
      if (layout.comparing && !previous.layout.comparing && engineInSight(state) !== null)
        this.turnTo('predicted');
    });
  }

  /**
   * Opens the engines that files tell of, beside those that are open. Files that tell of none by themselves (a profile, say)
   * are taken to an engine that is open. What cannot be read is said, and what was on show stays.
   */
  openEngineFiles(files: readonly File[]): Promise<void> {
    this.turn = this.turn.then(() => this.open(files));
    return this.turn;
  }

  /** Does what a view asks for. */
  obey(request: EngineRequest): void {
    switch (request.do) {
      case 'show':
        this.show(request.id);
        return;
      case 'close':
        this.close(request.id);
        return;
      case 'side':
        this.turnTo(request.side ?? this.nextSide());
        return;
      case 'section':
        this.update({ section: request.section });
        return;
      case 'base':
        this.update({ base: request.id, comparison: IDLE });
        return;
      case 'save':
        void this.files.saveReport(request.format, request.all === true);
        return;
      case 'save-reality':
        void this.files.reportBug(request.stripNames);
        return;
      case 'beside':
        this.putBeside(request.id);
        return;
      case 'heat':
        this.paint(this.engines.heat === null);
    }
  }

  /** Stops reading, at once. */
  cancel(): void {
    this.abort.abort();
  }

  private get engines(): EnginesState {
    return this.store.state.engines;
  }

  private async open(files: readonly File[]): Promise<void> {
    const [first] = files;
    if (first === undefined) return;
    const more = files.length > 1 ? ` and ${String(files.length - 1)} more` : '';
    const fileName = `${first.name}${more}`;
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.store.update({ problem: null });
    this.update({ reading: { fileName, step: 'Reading and drawing the engine' } });
    const read = await this.read(files, signal);
    await breathe();
    this.update({ reading: null });
    if (read.ok) this.take(read.value);
    else if (!signal.aborted) this.store.update({ problem: read.error });
  }

  private async read(files: readonly File[], signal: AbortSignal): Promise<Result<Batch>> {
    const unpacked = await unpackFiles(files);
    if (!unpacked.ok) return unpacked;
    const texts = unpacked.value.filter(({ name }) => !PLAN.test(name));
    const [plan] = unpacked.value;
    if (texts.length === 0) return fail(enginePlanUnreadable(plan?.name ?? ''));
    const ask = async (all: readonly File[]): Promise<Result<readonly EngineView[]>> =>
      this.client.call((api) => api.readEngines(all), signal);
    const views = await ask(texts);
    if (views.ok) return { ok: true, value: { views: views.value, files: texts, of: null } };
    const of = COMPANIONS.has(views.error.code) ? this.nearestTo(texts) : null;
    const known = of === null ? undefined : this.sources.get(of.id);
    if (known === undefined) return views;
    const names = new Set(texts.map(({ name }) => name));
    const joined = [...known.filter(({ name }) => !names.has(name)), ...texts];
    const again = await ask(joined);
    // What is wrong with the files alone is what the user has to know.
    if (!again.ok) return views;
    const own = again.value.filter(({ engine }) => engine.name === of?.engine.name);
    return { ok: true, value: { views: own, files: joined, of } };
  }

  /** The open engine that files without layers may be about: one of the same name, else the one on show. */
  private nearestTo(files: readonly File[]): OpenedEngine | null {
    const stems = new Set(files.map(({ name }) => stemOf(name)));
    const named = this.engines.opened.find(({ engine }) => stems.has(stemOf(engine.name)));
    return named ?? shownEngine(this.store.state);
  }

  private take({ views, files, of }: Batch): void {
    const taken = new Set(this.engines.opened.map(({ label }) => label));
    const fresh = views.map((view): OpenedEngine => {
      const isSame = of !== null && view.engine.name === of.engine.name;
      const id = isSame ? of.id : String(++this.count);
      const label = isSame ? of.label : freeLabel(labelOf(view.engine.name), taken);
      taken.add(label);
      this.sources.set(id, files);
      return { ...view, id, label, outline: outlineOf(view) };
    });
    const ids = new Set(fresh.map(({ id }) => id));
    const [first] = fresh;
    if (first === undefined) return;
    const opened = [...this.engines.opened.filter(({ id }) => !ids.has(id)), ...fresh];
    this.update({ opened, comparison: IDLE });
    this.show(first.id);
    this.chooseSide();
    const { layout, model } = this.store.state;
    this.store.update({
      layout: { ...layout, place: 'engine', drawerTab: 'built', drawerOpen: true },
    });
    const said = `Opened ${countText(fresh.length, 'engine')}: ${fresh.map(({ label }) => label).join(', ')}.`;
    const apart =
      model !== null && this.engines.side !== 'both'
        ? ` It shares hardly a node with ${model.summary.fileName}.`
        : '';
    this.store.update({ lab: { ...this.store.state.lab, notice: `${said}${apart}` } });
  }

  /** Beside the prediction of the model that it was built from, else in its place; a sample that nobody chose goes. */
  private chooseSide(): void {
    const { model, lab, engines } = this.store.state;
    const shown = shownEngine({ engines });
    if (shown === null || model === null) return;
    if (isKin(shown.engine, model.fullScene)) this.turnTo('both');
    else if (model.isSample === true && lab.history?.done === 0) this.models.closeModel();
    else this.turnTo('built');
  }

  private show(id: string): void {
    const painted = this.engines.heat !== null;
    const before = shownEngine(this.store.state);
    this.update({ shown: id });
    const shown = shownEngine(this.store.state);
    if (shown === null || shown === before) return;
    this.store.update({ selection: followBuilt(this.store.state.selection, before, shown) });
    this.paint(painted);
  }

  private close(id: string): void {
    const at = this.engines.opened.findIndex((engine) => engine.id === id);
    const opened = this.engines.opened.filter((engine) => engine.id !== id);
    this.sources.delete(id);
    const next = opened[Math.min(at, opened.length - 1)];
    const wasShown = this.engines.shown === id;
    const before = shownEngine(this.store.state);
    const { beside, base } = this.engines;
    this.update({
      opened,
      comparison: IDLE,
      ...(beside === id && { beside: null }),
      ...(base === id && { base: null }),
    });
    if (!wasShown) return;
    if (next) this.show(next.id);
    else {
      this.update({ shown: null, heat: null });
      this.store.update({ selection: followBuilt(this.store.state.selection, before, null) });
    }
  }

  private putBeside(id: string | null): void {
    const { layout } = this.store.state;
    // The two are held against each other, so that each ring is about just them.
    this.update({
      beside: id,
      ...(id !== null && this.engines.base !== id && { base: id, comparison: IDLE }),
    });
    if (layout.comparing) this.store.update({ layout: { ...layout, comparing: false } });
  }

  private turnTo(side: EngineSide): void {
    const { layout } = this.store.state;
    this.update({ side, beside: null });
    if (side !== 'predicted' && layout.comparing)
      this.store.update({ layout: { ...layout, comparing: false } });
  }

  private nextSide(): EngineSide {
    const at = ENGINE_SIDES.indexOf(this.engines.side);
    return ENGINE_SIDES[(at + 1) % ENGINE_SIDES.length] ?? 'both';
  }

  private paint(painted: boolean): void {
    const shown = shownEngine(this.store.state);
    const heat = painted && shown !== null ? timeHeat(shown.analysis) : null;
    this.update({ heat });
  }

  private update(patch: Partial<EnginesState>): void {
    this.store.update({ engines: { ...this.engines, ...patch } });
  }
}

/** Engines that were read together. */
interface Batch {
  readonly views: readonly EngineView[];
  readonly files: readonly File[];
  /** The engine that was open before and is replaced, with more known of it. */
  readonly of: OpenedEngine | null;
}

/** What the endings of engine files are, as far as they say what is in them. */
const ENDING =
  /(?:\.engine)?\.(?:(?:layers?|graph|profile|times|timing|manifest|prediction|metadata)\.json|build\.log|json|log|txt)$/i;

/** `net.best` of `net.best.layer.json`; a name without such an ending stays. */
const labelOf = (name: string): string => name.replace(ENDING, '');
const stemOf = (name: string): string => labelOf(name).toLowerCase();

/** The name, or the name with the first number that is free. */
function freeLabel(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name} (${String(number)})`)) number++;
  return `${name} (${String(number)})`;
}

/** A layer that was selected in one engine, in another: the one that runs most of its nodes. */
function followBuilt(
  selection: Selection | null,
  before: OpenedEngine | null,
  after: OpenedEngine | null,
): Selection | null {
  if (selection?.kind !== 'built' || before === null) return selection;
  if (after === null) return null;
  const name = before.engine.layers[Number(selection.name)]?.name;
  const same = after.engine.layers.find((layer) => layer.name === name);
  return same ? builtSelection(after.engine, same.index) : sameWork(after.engine, selection.nodes);
}
