import type { AppState } from '../state/app-state.ts';
import { countText } from '../state/format-text.ts';
import { exportName, pendingOf, placementName } from '../state/history.ts';
import type { Store } from '../state/store.ts';
import type { WorkerClient } from './worker-client.ts';

type Client = Pick<WorkerClient, 'ask'>;

/** Hands a file to the browser as a download. */
export type SaveFile = (name: string, content: Blob) => void;

/** Addresses of downloads are kept so long: browsers read them after the click. */
const KEEP_MS = 60_000;

/** Saves by a link that is clicked. */
export const download: SaveFile = (name, content) => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, KEEP_MS);
};

/** Gives the rewritten model back as files. */
export class ExportSession {
  private readonly store: Store<AppState>;
  private readonly client: Client;
  private readonly save: SaveFile;

  constructor(store: Store<AppState>, client: Client, save: SaveFile = download) {
    this.store = store;
    this.client = client;
    this.save = save;
  }

  /** Saves the model on show: the file that was opened, but for what was changed. */
  async exportModel(): Promise<void> {
    const { model } = this.store.state;
    if (model === null) return;
    const { id, fileName } = model.summary;
    const saved = await this.client.ask(id, (api, own) => api.save(own));
    if (!saved.ok) {
      this.store.update({ problem: saved.error });
      return;
    }
    const name = exportName(fileName);
    this.save(name, saved.value);
    const { lab } = this.store.state;
    const waiting = pendingOf(lab.history).length;
    const warning = `${countText(waiting, 'scale')} in it wait for calibration`;
    const notice = waiting === 0 ? `Saved ${name}.` : `Saved ${name}: ${warning}.`;
    this.store.update({ lab: { ...lab, notice } });
  }

  /** Saves where Q/DQ stand, to be applied to another export of the model. */
  async exportPlacement(): Promise<void> {
    const { model } = this.store.state;
    if (model === null) return;
    const { id, fileName } = model.summary;
    const text = await this.client.ask(id, (api, own) => api.placement(own));
    if (text.ok)
      this.save(placementName(fileName), new Blob([text.value], { type: 'application/yaml' }));
    else this.store.update({ problem: text.error });
  }
}
