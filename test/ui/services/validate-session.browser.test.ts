import { expect } from '@esm-bundle/chai';
import type { ModelId } from '../../../src/api/analyze-api.ts';
import { startNumbersWorker } from '../../../src/ui/services/numbers-worker.ts';
import { ValidateSession } from '../../../src/ui/services/validate-session.ts';
import type { AppState } from '../../../src/ui/state/app-state.ts';
import { INITIAL_STATE } from '../../../src/ui/state/app-state.ts';
import { startHistory } from '../../../src/ui/state/history.ts';
import { Store } from '../../../src/ui/state/store.ts';
import { USUAL_VALIDATION } from '../../../src/ui/state/validation-state.ts';
import { sampleReport } from '../sample-validation.ts';

/** What a worker does when it is asked to validate, after it has told that it lives. */
const ENDS = {
  answers: 'return { ok: true, value: { ...request, sparing: request.sparing === true } };',
  // As when memory runs out: no event, no answer.
  vanishes: 'self.close(); return new Promise(() => undefined);',
  breaks: 'setTimeout(() => { throw new Error("a bug"); }); return new Promise(() => undefined);',
  fills: `return { ok: false, error: { code: 'runtime/out-of-memory', severity: 'error', message: 'm', advice: 'a' } };`,
  hangs: 'for (;;);',
} as const;
type End = keyof typeof ENDS;

/** Starts real workers, one after the other, that end so; the last way goes on for ever. */
class Workers {
  readonly started: Worker[] = [];
  private readonly ends: readonly End[];

  constructor(...ends: readonly End[]) {
    this.ends = ends;
  }
  readonly start = () =>
    startNumbersWorker((name) => {
      const end = this.ends[Math.min(this.started.length, this.ends.length - 1)]!;
      const code = `
        import * as Comlink from '${location.origin}/node_modules/comlink/dist/esm/comlink.mjs';
        const held = new Promise((resolve) => {
          navigator.locks.request(self.name, () => { resolve(); return new Promise(() => undefined); });
        });
        Comlink.expose({
          async validate(request, report) {
            await held;
            await report({ step: 'Opening the model' });
            await report({ step: 'Running' });
            ${ENDS[end]}
          },
          write: async (report, kind) => ({ ok: true, value: kind + ' of ' + report.after }),
        });`;
      const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
      const worker = new Worker(url, { type: 'module', name });
      // The session hears of it; the window, and with it the test runner, need not.
      worker.addEventListener('error', (event) => {
        event.preventDefault();
      });
      this.started.push(worker);
      return worker;
    });
}

const summary = {
  id: 'm' as ModelId,
  fileName: 'net.onnx',
  quantizeCount: 2,
  initializerBytes: 10,
  inputs: [],
} as never;

function sessionWith(...ends: readonly End[]) {
  const store = new Store<AppState>({
    ...INITIAL_STATE,
    model: { summary, scene: null as never, fullScene: null as never, folded: [] },
    lab: { ...INITIAL_STATE.lab, history: startHistory(summary) },
    validation: { ...INITIAL_STATE.validation, wish: USUAL_VALIDATION },
  });
  const workers = new Workers(...ends);
  const saved: [string, Promise<string>][] = [];
  const source = { files: [new File(['x'], 'net.onnx')], made: [] };
  const session = new ValidateSession(
    store,
    { sourceOf: () => source },
    workers.start,
    (name, content) => saved.push([name, content.text()]),
  );
  return { store, workers, session, saved };
}

const until = async (what: () => boolean): Promise<void> => {
  const limit = Date.now() + 5000;
  while (!what()) {
    if (Date.now() > limit) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

describe('validation of the page', () => {
  it('shows the report of a worker, closes the dialog and opens the drawer', async () => {
    const { store, session, workers } = sessionWith('answers');
    await session.run();
    const { validation, layout } = store.state;
    expect(validation.shown?.of).to.equal('m');
    expect(validation.wish).to.equal(null);
    expect([layout.drawerOpen, layout.drawerTab]).to.deep.equal([true, 'validation']);
    expect(workers.started).to.have.length(1);
    // Nothing was changed: there is no pair to compare, only the float model.
    const request = validation.shown?.report as unknown as Record<string, unknown>;
    expect([request['equivalence'], request['float']]).to.deep.equal([false, true]);
  });

  it('has the engine followed for the present target where it has INT8, unless that is not wanted', async () => {
    const engineOf = async (int8Layers: number, engine: boolean | null): Promise<unknown> => {
      const { store, session } = sessionWith('answers');
      const layers = [{ role: 'compute', precision: int8Layers > 0 ? 'int8' : 'fp32' }];
      store.update({
        prediction: { engine: { layers, summary: { int8Layers } }, scene: null } as never,
        validation: { ...store.state.validation, wish: { ...USUAL_VALIDATION, engine } },
      });
      await session.run();
      return (store.state.validation.shown?.report as unknown as Record<string, unknown>)['engine'];
    };
    expect(await engineOf(2, null)).to.deep.equal(INITIAL_STATE.target);
    expect(await engineOf(2, false)).to.equal(undefined);
    expect(await engineOf(0, null)).to.equal(undefined);
  });

  it('shows the engine first where nothing else was asked for', async () => {
    const { store, session } = sessionWith('answers');
    const layers = [{ role: 'compute', precision: 'int8' }];
    const wish = { ...USUAL_VALIDATION, float: false };
    store.update({
      prediction: { engine: { layers, summary: { int8Layers: 1 } }, scene: null } as never,
      validation: { ...store.state.validation, wish },
    });
    await session.run();
    expect(store.state.validation.list).to.equal('engine');
  });

  it('starts again with less memory after a worker has ended without a word', async () => {
    const { store, session, workers } = sessionWith('vanishes', 'answers');
    await session.run();
    const request = store.state.validation.shown?.report as unknown as Record<string, unknown>;
    expect(request['sparing']).to.equal(true);
    expect(workers.started).to.have.length(2);
  });

  it('starts again with less memory after the runtime has run out of it', async () => {
    const { store, session } = sessionWith('fills', 'answers');
    await session.run();
    const request = store.state.validation.shown?.report as unknown as Record<string, unknown>;
    expect(request['sparing']).to.equal(true);
  });

  it('says so when memory runs out again, and goes on afterwards', async () => {
    const { store, session, workers } = sessionWith('vanishes', 'vanishes', 'answers');
    await session.run();
    const { problem, job } = store.state.validation;
    expect(problem?.code).to.equal('view/worker-stopped');
    expect(job).to.equal(null);
    await session.run();
    expect(store.state.validation.shown).not.to.equal(null);
    expect(workers.started).to.have.length(3);
  });

  it('tells a crash, and a new worker does the next run', async () => {
    const { store, session } = sessionWith('breaks', 'answers');
    await session.run();
    expect(store.state.validation.problem?.message).to.contain('a bug');
    await session.run();
    expect(store.state.validation.problem).to.equal(null);
    expect(store.state.validation.shown).not.to.equal(null);
  });

  it('ends a worker that computes at once when it is cancelled', async () => {
    const { store, session } = sessionWith('hangs', 'answers');
    const run = session.run();
    await until(() => store.state.validation.job?.step === 'Running');
    const start = performance.now();
    session.cancel();
    await run;
    expect(performance.now() - start).to.be.below(200);
    expect(store.state.validation.job).to.equal(null);
    expect(store.state.validation.problem).to.equal(null);
    await session.run();
    expect(store.state.validation.shown).not.to.equal(null);
  });

  it('forgets the report of a file when another one is opened', async () => {
    const { store, session } = sessionWith('answers');
    await session.run();
    const other = { id: 'other' as ModelId, fileName: 'other.onnx' } as never;
    store.update({ lab: { ...store.state.lab, history: startHistory(other) } });
    expect(store.state.validation.shown).to.equal(null);
  });

  it('saves a report under the name of its model', async () => {
    const { store, session, saved } = sessionWith('answers');
    const shown = { report: sampleReport, of: 'm' as ModelId };
    store.update({ validation: { ...store.state.validation, shown } });
    await session.export('csv');
    expect(saved[0]?.[0]).to.equal('net.validation.csv');
    expect(await saved[0]?.[1]).to.equal('csv of net.onnx after 2 steps');
  });
});
