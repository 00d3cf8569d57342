import { cancelled } from '../../core/base/diagnostics.ts';
import type { Result } from '../../core/base/result.ts';
import { fail, ok } from '../../core/base/result.ts';
import type { Target } from '../../core/sim/target.ts';
import type { PredictionView, Progress } from '../../api/analyze-api.ts';
import type { AppState, OpenModel } from '../state/app-state.ts';
import { followSelection } from '../state/follow-selection.ts';
import { hidingFolds } from '../state/hiding-folds.ts';
import { INITIAL_LAB } from '../state/lab-state.ts';
import { Latest } from '../state/latest.ts';
import { IDLE, LOADING, loadableOf } from '../state/loadable.ts';
import type { Store } from '../state/store.ts';
import { withValidMode } from '../state/targets.ts';
import { breathe } from './breathe.ts';
import { fetchSample } from './fetch-sample.ts';
import { unpackFiles } from './unpack-files.ts';
import type { WorkerClient } from './worker-client.ts';

type Client = Pick<WorkerClient, 'open' | 'ask' | 'call' | 'close'>;
async function rested<T>(answer: Promise<T>): Promise<T> {
  const taken = await answer;
  await breathe();
  return taken;
}

type Report = (progress: Progress) => void;

/**
 * Keeps the derived part of the state true to the chosen part: asks the worker when model, target or selection
 * change, and lets only the answer to the latest question in.
 */
export class LabSession {
  private readonly store: Store<AppState>;
  private readonly client: Client;
  private readonly openings = new Latest();
  private readonly predictions = new Latest();
  private readonly details = new Latest();
  private readonly drawings = new Latest();
  private abort = new AbortController();

  constructor(store: Store<AppState>, client: Client) {
    this.store = store;
    this.client = client;
    store.subscribe((state, previous) => {
      const modelChanged = state.model?.summary.id !== previous.model?.summary.id;
      if (modelChanged || state.target !== previous.target) void this.predict();
      if (modelChanged || state.selection !== previous.selection) void this.loadDetail();
      if (state.selection !== previous.selection) void this.unfoldSelected();
    });
  }

  /** Fetches the catalogue of rules, which never changes. */
  async loadRules(): Promise<void> {
    const rules = await this.client.call(async (api) => ok(await api.rules()));
    if (rules.ok) this.store.update({ rules: rules.value });
    else this.store.update({ problem: rules.error });
  }

  /** Opens a model with its external data files; the model on show stays until the new one is drawn. */
  openFiles(files: readonly File[]): Promise<void> {
    const main = files.find(({ name }) => /\.onnx(\.gz)?$/i.test(name)) ?? files[0];
    if (main === undefined) return Promise.resolve();
    return this.open(main.name, () => Promise.resolve(ok(files)));
  }

  /** Opens a model that comes with the page. */
  openSample(id: string): Promise<void> {
    return this.open(
      `${id}.onnx`,
      async () => {
        const file = await fetchSample(id);
        return file.ok ? ok([file.value]) : file;
      },
      true,
    );
  }

  /** Stops the opening that is under way. The model on show stays. */
  cancelOpening(): void {
    this.abort.abort();
    this.openings.drop();
    this.store.update({ opening: null });
  }

  /** Takes the model off show, with all that is about it. */
  closeModel(): void {
    const { model } = this.store.state;
    if (model === null) return;
    this.predictions.drop();
    this.drawings.drop();
    this.store.update({
      model: null,
      prediction: null,
      predictionError: null,
      predicting: false,
      selection: null,
      search: '',
      lab: INITIAL_LAB,
    });
    void this.client.close(model.summary.id);
  }

  /** Changes a part of the target; a mode that the version lacks becomes the nearest one. */
  retarget(patch: Partial<Target>): void {
    this.store.update({ target: withValidMode({ ...this.store.state.target, ...patch }) });
  }

  /** Draws a module of the model graph as one box, or all of its boxes again. */
  async toggleFold(path: string): Promise<void> {
    const { model } = this.store.state;
    if (model === null) return;
    const folded = model.folded.includes(path)
      ? model.folded.filter((other) => other !== path)
      : [...model.folded, path];
    await this.redraw(model, folded);
  }

  /** Opens the modules that hide what is selected; of nested ones the next that then stands in the way, too. */
  private async unfoldSelected(): Promise<void> {
    const { model, selection } = this.store.state;
    const hiding = model === null ? [] : hidingFolds(model, selection);
    if (model === null || hiding.length === 0) return;
    await this.redraw(
      model,
      model.folded.filter((path) => !hiding.includes(path)),
    );
    const { model: drawn, selection: wanted } = this.store.state;
    if (drawn?.summary.id === model.summary.id && drawn.folded !== model.folded)
      if (wanted === selection) await this.unfoldSelected();
  }

  private async redraw(model: OpenModel, folded: readonly string[]): Promise<void> {
    const ask = () => this.client.ask(model.summary.id, (api, id) => api.modelScene(id, folded));
    await this.drawings.run(ask, (scene) => {
      if (!scene.ok) this.store.update({ problem: scene.error });
      else if (this.store.state.model?.summary.id === model.summary.id)
        this.store.update({ model: { ...model, folded, scene: scene.value } });
    });
  }

  private async open(
    fileName: string,
    files: () => Promise<Result<readonly File[]>>,
    isSample = false,
  ) {
    this.abort.abort();
    this.abort = new AbortController();
    const { signal } = this.abort;
    const report: Report = (progress) => {
      if (!signal.aborted && this.store.state.opening !== null)
        this.store.update({ opening: { fileName, ...progress } });
    };
    this.store.update({ problem: null, opening: { fileName, step: 'Reading the file' } });
    await this.openings.run(
      () => this.load(files, report, signal),
      (opened) => {
        if (opened.ok) this.show({ ...opened.value, ...(isSample && { isSample }) });
        else if (signal.aborted) this.store.update({ opening: null });
        else this.store.update({ opening: null, problem: opened.error });
      },
    );
  }

  private async load(
    files: () => Promise<Result<readonly File[]>>,
    onProgress: Report,
    signal: AbortSignal,
  ): Promise<Result<OpenModel>> {
    const packed = await files();
    if (!packed.ok) return packed;
    const unpacked = await unpackFiles(packed.value);
    if (!unpacked.ok) return unpacked;
    if (signal.aborted) return fail(cancelled());
    const summary = await this.client.open(unpacked.value, { signal, onProgress });
    if (!summary.ok) return summary;
    onProgress({ step: 'Drawing the graph' });
    const { id } = summary.value;
    const scene = await this.client.ask(id, (api, own) => api.modelScene(own), { signal });
    if (!scene.ok) {
      await this.client.close(id);
      return scene;
    }
    await breathe();
    const drawn = { scene: scene.value, fullScene: scene.value };
    return ok({ summary: summary.value, ...drawn, folded: [] });
  }

  private show(model: OpenModel): void {
    const old = this.store.state.model;
    this.store.update({
      model,
      opening: null,
      prediction: null,
      predictionError: null,
      selection: null,
      search: '',
    });
    if (old !== null) void this.client.close(old.summary.id);
  }

  private async predict(): Promise<void> {
    const { model, target } = this.store.state;
    if (model === null) return;
    this.store.update({ predicting: true });
    const stillWanted = (): boolean =>
      this.store.state.target === target && this.store.state.model?.summary.id === model.summary.id;
    const ask = () =>
      this.client.ask<PredictionView>(model.summary.id, (api, id) =>
        stillWanted() ? api.predict(id, target) : Promise.resolve(fail(cancelled())),
      );
    await this.predictions.run(
      () => rested(ask()),
      (answer) => {
        if (answer.ok) this.showPrediction(answer.value);
        else
          this.store.update({ predicting: false, prediction: null, predictionError: answer.error });
      },
    );
  }

  private showPrediction(prediction: PredictionView): void {
    const selection = followSelection(this.store.state.selection, prediction.engine);
    this.store.update({ prediction, selection, predicting: false, predictionError: null });
  }

  /** What the inspector shows of a selected node or constant is asked for when it is selected. */
  private async loadDetail(): Promise<void> {
    const { model, selection } = this.store.state;
    const wanted = selection?.kind;
    this.details.drop();
    this.store.update({ nodeDetail: IDLE, weight: IDLE });
    if (model === null || (wanted !== 'node' && wanted !== 'value')) return;
    const { name } = selection as { name: string };
    const { id: modelId } = model.summary;
    if (wanted === 'node') {
      this.store.update({ nodeDetail: LOADING });
      const ask = () => this.client.ask(modelId, (api, id) => api.node(id, name));
      await this.details.run(ask, (answer) => {
        this.store.update({ nodeDetail: loadableOf(answer) });
      });
    } else {
      this.store.update({ weight: LOADING });
      const ask = () => this.client.ask(modelId, (api, id) => api.weight(id, name));
      await this.details.run(ask, (answer) => {
        this.store.update({ weight: loadableOf(answer) });
      });
    }
  }
}
