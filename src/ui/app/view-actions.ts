import type { AdviceSession } from '../services/advice-session.ts';
import type { EngineSession } from '../services/engine-session.ts';
import type { CalibrateSession } from '../services/calibrate-session.ts';
import type { CompanionSession } from '../services/companion-session.ts';
import type { ExportSession } from '../services/export-session.ts';
import type { LabSession } from '../services/lab-session.ts';
import type { RewriteSession } from '../services/rewrite-session.ts';
import type { ValidateSession } from '../services/validate-session.ts';
import type { AppState, Layout, Place } from '../state/app-state.ts';
import { isEngineFile, kindOfFiles } from '../state/file-kinds.ts';
import { USUAL_CALIBRATION } from '../state/lab-state.ts';
import type { Store } from '../state/store.ts';
import type { ViewEvents } from '../views/send.ts';

/** What each view event does. */
export type ViewActions = {
  readonly [K in keyof ViewEvents]: (detail: ViewEvents[K]) => void;
};

/** What the actions act on. */
export interface Lab {
  readonly store: Store<AppState>;
  readonly session: LabSession;
  readonly advice: AdviceSession;
  readonly rewriting: RewriteSession;
  readonly exporting: ExportSession;
  readonly calibration: CalibrateSession;
  readonly validation: ValidateSession;
  /** Fetches what handles built engines. */
  readonly engines: () => Promise<EngineSession>;
  /** Fetches what has real engines built. */
  readonly companion: () => Promise<CompanionSession>;
}

/** The window as far as actions depend on it. */
export interface LabWindow {
  /** True where one place is shown at a time. */
  isNarrow(): boolean;
  /** Nodes to mark when the pointer is over these. */
  groupOf(nodes: readonly string[]): readonly string[];
  focusPlace(place: Place): void;
}

/** Lists that cover everything else on a narrow screen: a choice in them goes to where the answer is. */
const COVERING: readonly Place[] = ['outline', 'drawer', 'lab'];

/** Turns what views ask for into changes of the state. */
export function viewActions(lab: Lab, page: LabWindow): ViewActions {
  const { store, session, advice } = lab;
  const relayout = (patch: Partial<Layout>): void => {
    store.update({ layout: { ...store.state.layout, ...patch } });
  };
  return {
    ...changeActions(lab, page),
    ...validationActions(lab),
    'lab-open': ({ files }) => {
      void takeFiles(lab, files);
    },
    'lab-sample': ({ id }) => void session.openSample(id),
    'lab-engine': (request) => void lab.engines().then((engines) => engines.obey(request)),
    'lab-cancel': () => {
      session.cancelOpening();
      if (store.state.engines.reading)
        void lab.engines().then((engines) => {
          engines.cancel();
        });
    },
    'lab-target': (patch) => {
      session.retarget(patch);
    },
    'lab-fold': ({ path }) => void session.toggleFold(path),
    'lab-search-change': () => void advice.searchChange(),
    'lab-stop-search': () => {
      advice.cancelSearch();
    },
    'lab-select': ({ selection }) => {
      store.update({ selection });
      const { place } = store.state.layout;
      if (selection !== null && page.isNarrow() && COVERING.includes(place))
        relayout({ place: 'inspector' });
    },
    'lab-hover': ({ nodes }) => {
      store.update({ hoveredNodes: page.groupOf(nodes) });
    },
    'lab-search': ({ text }) => {
      store.update({ search: text });
    },
    'lab-keys': ({ shown }) => {
      store.update({ keysShown: shown });
    },
    'lab-companion': (request) => void lab.companion().then((companion) => companion.obey(request)),
    'lab-dismiss': () => {
      store.update({ problem: null });
    },
    'lab-layout': (patch) => {
      relayout(patch);
      if (patch.comparing === true && page.isNarrow()) relayout({ place: 'model' });
      if (patch.place === 'inspector') page.focusPlace('inspector');
    },
  };
}

/**
 * Files of built engines are opened as such, whatever comes with them. A placement is applied to the model on show, images are
 * what to calibrate it with, all else is a model to open.
 */
export async function takeFiles(lab: Lab, all: readonly File[]): Promise<void> {
  const { store, session, rewriting } = lab;
  const told = await Promise.all(all.map(isEngineFile));
  const engineFiles = all.filter((_file, i) => told[i]);
  const files = all.filter((_file, i) => !told[i]);
  if (engineFiles.length > 0)
    void lab.engines().then((engines) => engines.openEngineFiles(engineFiles));
  if (files.length === 0) return;
  const { model } = store.state;
  const kind = model === null ? 'model' : kindOfFiles(files);
  const [first] = files;
  if (kind === 'placement' && first) void rewriting.applyPlacement(first);
  else if (kind === 'samples' && store.state.validation.wish !== null) {
    const { validation } = store.state;
    const wish = { ...store.state.validation.wish, files };
    store.update({ validation: { ...validation, wish } });
  } else if (kind === 'samples') {
    const wish = store.state.lab.calibrating ?? USUAL_CALIBRATION;
    store.update({ lab: { ...store.state.lab, calibrating: { ...wish, files } } });
  } else void session.openFiles(files);
}

/** What changes the model, and what of it is kept. */
function changeActions({ store, rewriting, exporting, calibration }: Lab, page: LabWindow) {
  return {
    'lab-apply': ({ steps, title }) => void rewriting.apply(steps, title),
    'lab-edit': ({ role }) => void rewriting.edit(role),
    'lab-choose': ({ option }) => void rewriting.choose(option),
    'lab-undo': () => void rewriting.undo(),
    'lab-redo': () => void rewriting.redo(),
    'lab-goto': ({ done }) => void rewriting.goTo(done),
    'lab-switches': ({ switches }) => {
      store.update({ lab: { ...store.state.lab, switches } });
    },
    'lab-wish': (wish) => {
      store.update({ lab: { ...store.state.lab, wish } });
    },
    'lab-optimize': () => void rewriting.optimize(),
    // The report goes with its buttons: the keyboard stays in the laboratory.
    'lab-accept': () => {
      page.focusPlace('lab');
      void rewriting.accept();
    },
    'lab-discard': () => {
      page.focusPlace('lab');
      rewriting.discard();
    },
    'lab-cancel-job': () => {
      rewriting.cancel();
    },
    'lab-export': () => void exporting.exportModel(),
    'lab-export-placement': () => void exporting.exportPlacement(),
    'lab-calibration': ({ wish }) => {
      store.update({ lab: { ...store.state.lab, calibrating: wish } });
    },
    'lab-calibrate': () => void calibration.start(),
  } satisfies Partial<ViewActions>;
}

/** What proves what changes do to the numbers. */
function validationActions({ store, validation }: Lab) {
  return {
    'lab-validation': (patch) => {
      store.update({ validation: { ...store.state.validation, ...patch } });
    },
    'lab-validate': () => void validation.run(),
    'lab-validate-cancel': () => {
      validation.cancel();
    },
    'lab-validation-export': ({ kind }) => void validation.export(kind),
  } satisfies Partial<ViewActions>;
}

/** Lets an element hear what the views inside it ask for. */
export function listenToViews(host: EventTarget, actions: ViewActions): void {
  for (const [type, act] of Object.entries(actions) as [string, (detail: unknown) => void][])
    host.addEventListener(type, (event) => {
      act((event as CustomEvent).detail);
    });
}
