import type { EngineFileFormat } from '../../api/engine-api.ts';
import type { AppState } from '../state/app-state.ts';
import { shownEngine } from '../state/engine-state.ts';
import type { Store } from '../state/store.ts';
import type { SaveFile } from './export-session.ts';
import type { WorkerClient } from './worker-client.ts';

type Client = Pick<WorkerClient, 'ask' | 'call'>;

/** How the names of the files end. */
const ENDINGS: Readonly<Record<EngineFileFormat, string>> = {
  html: 'html',
  csv: 'csv',
  json: 'report.json',
  xlsx: 'xlsx',
  svg: 'svg',
  'svg-time': 'time.svg',
};

/** Saves files about built engines. */
export class EngineFiles {
  private readonly store: Store<AppState>;
  private readonly client: Client;
  private readonly save: SaveFile;

  constructor(store: Store<AppState>, client: Client, save: SaveFile) {
    this.store = store;
    this.client = client;
    this.save = save;
  }

  /** Saves what is said of the engine on show, or of all that are open, held against the first of the comparison. */
  async saveReport(format: EngineFileFormat, all: boolean): Promise<void> {
    const { opened, base } = this.store.state.engines;
    const shown = shownEngine(this.store.state);
    if (shown === null) return;
    const first = all ? (opened.find(({ id }) => id === base) ?? opened[0]!) : shown;
    const told = all ? [first, ...opened.filter((engine) => engine !== first)] : [shown];
    // By their labels, which tell engines of one name apart.
    const built = told.map(({ engine, label }) => ({ ...engine, name: label }));
    const file = await this.client.call((api) => api.reportEngines(built, format));
    if (!file.ok) {
      this.store.update({ problem: file.error });
      return;
    }
    const stem = all ? `${fileStem(first.label)}.compared` : fileStem(shown.label);
    this.saveAs(`${stem}.engine.${ENDINGS[format]}`, file.value);
  }

  /** Saves what shows where the prediction errs; sent by nobody but the user. */
  async reportBug(stripNames: boolean): Promise<void> {
    const { model, prediction } = this.store.state;
    const shown = shownEngine(this.store.state);
    if (shown === null || model === null || prediction === null) return;
    const { target } = prediction.engine;
    const zip = await this.client.ask(model.summary.id, (api, id) =>
      api.bugReport(id, target, shown.engine, stripNames),
    );
    const stem = stripNames ? 'engine' : fileStem(shown.label);
    if (zip.ok) this.saveAs(`${stem}.bug-report.zip`, zip.value);
    else this.store.update({ problem: zip.error });
  }

  private saveAs(name: string, file: Blob): void {
    this.save(name, file);
    this.store.update({ lab: { ...this.store.state.lab, notice: `Saved ${name}.` } });
  }
}

/** A label as part of a file's name. */
const fileStem = (label: string): string => label.replace(/[^\w.-]+/g, '-').replace(/-$/, '');
