import { QdqLab } from './app/qdq-lab.ts';
import { AdviceSession } from './services/advice-session.ts';
import { linkAddressBar } from './services/address-bar.ts';
import { CalibrateSession } from './services/calibrate-session.ts';
import type { EngineSession } from './services/engine-session.ts';
import type { CompanionSession } from './services/companion-session.ts';
import { takeCompanionToken } from './services/companion-token.ts';
import { ExportSession } from './services/export-session.ts';
import { keepOffline } from './services/keep-offline.ts';
import { LabSession } from './services/lab-session.ts';
import { LabWatch } from './services/lab-watch.ts';
import { RewriteSession } from './services/rewrite-session.ts';
import { SAMPLES } from './services/samples.ts';
import { ValidateSession } from './services/validate-session.ts';
import { WorkerClient } from './services/worker-client.ts';
import { INITIAL_STATE } from './state/app-state.ts';
import { Store } from './state/store.ts';

const app = document.querySelector('qdq-lab');
// Before anything else reads the address, now and when another one is typed in.
takeCompanionToken();
addEventListener('hashchange', takeCompanionToken);
if (app instanceof QdqLab) {
  const store = new Store(INITIAL_STATE);
  const client = new WorkerClient();
  const session = new LabSession(store, client);
  const advice = new AdviceSession(store, client);
  const rewriting = new RewriteSession(store, client);
  new LabWatch(store, client);
  const exporting = new ExportSession(store, client);
  const calibration = new CalibrateSession(store, client, rewriting);
  const validation = new ValidateSession(store, client);
  let engines: Promise<EngineSession> | undefined;
  const fetchEngines = () =>
    (engines ??= import('./app/built-engines.ts').then(
      ({ EngineSession: Session }) => new Session(store, client, session),
    ));
  linkAddressBar(store);
  const openEngineFiles = async (files: readonly File[]): Promise<void> =>
    (await fetchEngines()).openEngineFiles(files);
  let companion: Promise<CompanionSession> | undefined;
  const fetchCompanion = () =>
    (companion ??= import('./app/companion.ts').then(
      ({ CompanionSession: Session }) => new Session(store, { client, openEngineFiles }),
    ));
  const sessions = { session, advice, rewriting, exporting, calibration, validation };
  app.start({ store, ...sessions, engines: fetchEngines, companion: fetchCompanion });
  const [greeting] = SAMPLES;
  if (greeting) void session.openSample(greeting.id).then(() => session.loadRules());
  void keepOffline().then((offlineReady) => {
    store.update({ offlineReady });
  });
}
