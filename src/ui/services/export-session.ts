import type { AppState } from '../state/app-state.ts';
import { exportName } from '../state/history.ts';
import type { Store } from '../state/store.ts';
import type { WorkerClient } from './worker-client.ts';

type Client = Pick<WorkerClient, 'ask'>;

/** Hands a file to the browser as a download. */
export type SaveFile = (name: string, content: Blob) => void;

/** Addresses of downloads are kept so long: browsers read them after the click. */
const KEEP_MS = 60_000;

const download: SaveFile = (name, content) => {
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
    if (saved.ok) this.save(exportName(fileName), saved.value);
    else this.store.update({ problem: saved.error });
  }
}
