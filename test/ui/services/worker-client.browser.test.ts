import { expect } from '@esm-bundle/chai';
import * as Comlink from 'comlink';
import type { ModelId, ModelSummary } from '../../../src/api/analyze-api.ts';
import type { LabApi, Rewritten } from '../../../src/api/rewrite-api.ts';
import { ok } from '../../../src/core/base/result.ts';
import type { Result } from '../../../src/core/base/result.ts';
import { WorkerClient } from '../../../src/ui/services/worker-client.ts';
import type { WorkerLike } from '../../../src/ui/services/worker-queue.ts';

/** A worker without a thread: what it was asked is kept, and each answer can be held back. */
class FakeWorker {
  readonly asked: string[] = [];
  terminated = false;
  /** While set, answers wait for it. */
  static hold: Promise<void> | undefined;
  readonly endpoint: WorkerLike;
  private readonly events = new EventTarget();

  constructor() {
    const { port1, port2 } = new MessageChannel();
    Comlink.expose(this.api(), port2);
    this.endpoint = {
      addEventListener: (type: string, listener: EventListenerOrEventListenerObject) => {
        (type === 'error' ? this.events : port1).addEventListener(type, listener);
      },
      removeEventListener: (type: string, listener: EventListenerOrEventListenerObject) => {
        port1.removeEventListener(type, listener);
      },
      postMessage: port1.postMessage.bind(port1),
      start: () => {
        port1.start();
      },
      terminate: () => {
        this.terminated = true;
        port1.close();
      },
    };
  }

  crash(message: string): void {
    this.events.dispatchEvent(new ErrorEvent('error', { message }));
  }

  private api(): Pick<LabApi, 'open' | 'modules' | 'rules' | 'close' | 'rewrite'> {
    const answer = async <T>(what: string, value: T): Promise<Result<T>> => {
      this.asked.push(what);
      await FakeWorker.hold;
      return ok(value);
    };
    return {
      open: (files, onProgress) => {
        onProgress?.({ step: 'half', fraction: 0.5 });
        const id = `inner-${Math.random()}` as ModelId;
        return answer(`open ${files[0]!.name}`, { id } as ModelSummary);
      },
      rewrite: (id, steps) => {
        const [step] = steps;
        const name = step?.kind === 'passes' ? (step.ids[0] ?? '') : '';
        const made = { id: `${name}-${Math.random()}` as ModelId } as ModelSummary;
        return answer(`rewrite ${id.slice(0, 5)} ${name}`, { summary: made } as Rewritten);
      },
      modules: (id) => answer(`modules ${id.slice(0, 5)}`, []),
      rules: () => Promise.resolve([]),
      close: (id) => {
        this.asked.push(`close ${id.slice(0, 5)}`);
        return Promise.resolve();
      },
    };
  }
}

let workers: FakeWorker[] = [];
const client = (): WorkerClient =>
  new WorkerClient(() => {
    workers.push(new FakeWorker());
    return workers.at(-1)!.endpoint;
  });
const file = (name: string): File => new File(['x'], name);

async function opened(of: WorkerClient, name = 'a.onnx'): Promise<ModelId> {
  const result = await of.open([file(name)]);
  expect(result.ok).to.equal(true);
  return (result as { value: ModelSummary }).value.id;
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));
const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.code);

beforeEach(() => {
  workers = [];
  FakeWorker.hold = undefined;
});

describe('WorkerClient', () => {
  it('starts the worker at the first call only', async () => {
    const lab = client();
    expect(workers.length).to.equal(0);
    const id = await opened(lab);
    await lab.ask(id, (api, inner) => api.modules(inner));
    expect(workers.length).to.equal(1);
    expect(workers[0]!.asked).to.deep.equal(['open a.onnx', 'modules inner']);
  });

  it('tells progress', async () => {
    const steps: string[] = [];
    await client().open([file('a.onnx')], { onProgress: ({ step }) => steps.push(step) });
    await soon();
    expect(steps).to.deep.equal(['half']);
  });

  it('runs calls one after the other', async () => {
    const lab = client();
    const id = await opened(lab);
    let release = (): void => undefined;
    FakeWorker.hold = new Promise((resolve) => (release = resolve));
    const first = lab.ask(id, (api, inner) => api.modules(inner));
    const second = lab.open([file('b.onnx')]);
    await soon();
    expect(workers[0]!.asked.length).to.equal(2, 'the second waits');
    release();
    expect(codeOf(await first)).to.equal('ok');
    expect(codeOf(await second)).to.equal('ok');
  });

  it('ends the worker on abort, and opens the model again when it is needed', async () => {
    const lab = client();
    const id = await opened(lab);
    FakeWorker.hold = new Promise(() => undefined);
    const stop = new AbortController();
    const call = lab.ask(id, (api, inner) => api.modules(inner), { signal: stop.signal });
    await soon();
    stop.abort();
    expect(codeOf(await call)).to.equal('base/cancelled');
    expect(workers[0]!.terminated).to.equal(true);
    FakeWorker.hold = undefined;
    const again = await lab.ask(id, (api, inner) => api.modules(inner));
    expect(codeOf(again)).to.equal('ok');
    expect(workers.length).to.equal(2);
    expect(workers[1]!.asked).to.deep.equal(['open a.onnx', 'modules inner']);
  });

  it('a call aborted in the queue leaves the worker alone', async () => {
    const lab = client();
    const id = await opened(lab);
    let release = (): void => undefined;
    FakeWorker.hold = new Promise((resolve) => (release = resolve));
    const first = lab.ask(id, (api, inner) => api.modules(inner));
    const stop = new AbortController();
    const second = lab.open([file('b.onnx')], { signal: stop.signal });
    stop.abort();
    release();
    expect(codeOf(await first)).to.equal('ok');
    expect(codeOf(await second)).to.equal('base/cancelled');
    expect(workers[0]!.terminated).to.equal(false);
  });

  it('answers the call that runs when the worker dies, and starts a new one', async () => {
    const lab = client();
    const id = await opened(lab);
    FakeWorker.hold = new Promise(() => undefined);
    const call = lab.ask(id, (api, inner) => api.modules(inner));
    await soon();
    workers[0]!.crash('out of memory');
    const result = await call;
    expect(codeOf(result)).to.equal('view/worker-stopped');
    expect(!result.ok && result.error.message).to.contain('out of memory');
    FakeWorker.hold = undefined;
    expect(codeOf(await lab.ask(id, (api, inner) => api.modules(inner)))).to.equal('ok');
  });

  it('makes derived models again after a restart, from the nearest one that is there', async () => {
    const lab = client();
    const target = { trt: '10.6', sm: 90, mode: 'best' } as const;
    const derive = async (parent: ModelId, name: string): Promise<ModelId> => {
      const made = await lab.derive({ parent, steps: [{ kind: 'passes', ids: [name] }], target });
      return (made as { value: Rewritten }).value.summary.id;
    };
    const id = await opened(lab);
    const first = await derive(id, 'first');
    const second = await derive(first, 'secnd');
    expect(lab.sourceOf(second)!.made.map(({ steps }) => steps)).to.deep.equal([
      [{ kind: 'passes', ids: ['first'] }],
      [{ kind: 'passes', ids: ['secnd'] }],
    ]);
    const stop = new AbortController();
    FakeWorker.hold = new Promise(() => undefined);
    const call = lab.ask(id, (api, inner) => api.modules(inner), { signal: stop.signal });
    await soon();
    stop.abort();
    await call;
    FakeWorker.hold = undefined;
    await lab.ask(second, (api, inner) => api.modules(inner));
    expect(workers[1]!.asked).to.deep.equal([
      'open a.onnx',
      'rewrite inner first',
      'rewrite first secnd',
      'modules secnd',
    ]);
    await lab.ask(first, (api, inner) => api.modules(inner));
    expect(workers[1]!.asked.at(-1)).to.equal('modules first');
  });

  it('keeps only some derived models in the worker, and makes the others again', async () => {
    const lab = client();
    const target = { trt: '10.6', sm: 90, mode: 'best' } as const;
    const id = await opened(lab);
    const ids: ModelId[] = [];
    for (let i = 0; i < 14; i++) {
      const name = `st${String(i).padStart(3, '0')}`;
      const made = await lab.derive({
        parent: id,
        steps: [{ kind: 'passes', ids: [name] }],
        target,
      });
      ids.push((made as { value: Rewritten }).value.summary.id);
    }
    const closed = workers[0]!.asked.filter((asked) => asked.startsWith('close'));
    expect(closed).to.deep.equal(['close st000', 'close st001']);
    await lab.ask(ids[0]!, (api, inner) => api.modules(inner));
    expect(workers[0]!.asked.slice(-2)).to.deep.equal(['rewrite inner st000', 'modules st000']);
  });

  it('forgets what is closed', async () => {
    const lab = client();
    const id = await opened(lab);
    await lab.close(id);
    expect(workers[0]!.asked.at(-1)).to.equal('close inner');
  });

  it('talks to the real worker', async () => {
    const lab = new WorkerClient();
    const text = new File(['no model'], 'a.onnx');
    expect(codeOf(await lab.open([text]))).to.equal('onnx/not-onnx');
    const packed = await fetch('/public/samples/concat_unequal.onnx.gz');
    const bytes = new Response(packed.body!.pipeThrough(new DecompressionStream('gzip')));
    const sample = await lab.open([new File([await bytes.blob()], 'concat_unequal.onnx')]);
    expect(sample.ok).to.equal(true);
    if (!sample.ok) return;
    const target = { trt: '10.6', sm: 90, mode: 'best' } as const;
    const view = await lab.ask(sample.value.id, (api, id) => api.predict(id, target));
    expect(view.ok && view.value.scene.boxes.length).to.be.greaterThan(2);
  });
});
