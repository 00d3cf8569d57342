import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { notOnnx } from '../../../src/core/base/diagnostics.ts';
import type { Result } from '../../../src/core/base/result.ts';
import { fail, ok } from '../../../src/core/base/result.ts';
import type { Target } from '../../../src/core/sim/target.ts';
import type { ModelId, ModelSummary, NodeDetail } from '../../../src/api/analyze-api.ts';
import { LabSession } from '../../../src/ui/services/lab-session.ts';
import { INITIAL_STATE } from '../../../src/ui/state/app-state.ts';
import type { Loadable } from '../../../src/ui/state/loadable.ts';
import { valueOf } from '../../../src/ui/state/loadable.ts';
import { Store } from '../../../src/ui/state/store.ts';
import { sampleEngine, sceneOf } from '../sample-engine.ts';

type Client = ConstructorParameters<typeof LabSession>[1];

const scene = sceneOf(['/block/conv1/Conv', '/block/relu/Relu']);
const view = (target: Target) => ({
  engine: { ...sampleEngine, target },
  scene,
  simulateMs: 1,
  layoutMs: 1,
});

/** The outermost folded module hides all there is. */
function foldedBoxes(folded: readonly string[]) {
  const [outer] = [...folded].sort((a, b) => a.length - b.length);
  const nodes = scene.boxes.flatMap((box) => box.nodes);
  const box = { ...scene.boxes[0]!, id: `fold:${outer ?? ''}`, kind: 'fold' as const, nodes };
  return outer === undefined ? scene.boxes : [{ ...box, path: outer }];
}

/** The worker's surface as far as the session uses it. Opened files are written down; `.txt` is refused. */
class FakeClient {
  readonly opened: File[] = [];
  readonly closed: string[] = [];
  /** Holds back answers to `open` while set. */
  gate: Promise<void> | null = null;
  readonly predicted: string[] = [];
  private readonly api = {
    modelScene: (_id: ModelId, folded: readonly string[] = []) =>
      Promise.resolve(ok({ ...scene, width: folded.length, boxes: foldedBoxes(folded) })),
    predict: (_id: ModelId, target: Target) => {
      this.predicted.push(target.mode);
      return Promise.resolve(ok(view(target)));
    },
    node: (_id: ModelId, name: string) => Promise.resolve(ok({ name })),
    weight: (_id: ModelId, name: string) => Promise.resolve(ok({ name })),
    rules: () => Promise.resolve([{ id: 'conv-relu-fusion' }]),
  };

  async open(files: readonly File[], { signal }: { signal?: AbortSignal } = {}) {
    if (this.gate) {
      const aborted = new Promise((resolve) => signal?.addEventListener('abort', resolve));
      await Promise.race([this.gate, aborted]);
    }
    const [file] = files;
    if (file === undefined || file.name.endsWith('.txt')) return fail(notOnnx('x', 'text'));
    this.opened.push(...files);
    return ok({ id: `id-${file.name}`, fileName: file.name } as unknown as ModelSummary);
  }
  ask<T>(id: ModelId, job: (api: never, id: ModelId) => Promise<Result<T>>): Promise<Result<T>> {
    return job(this.api as never, id);
  }
  call<T>(job: (api: never) => Promise<Result<T>>): Promise<Result<T>> {
    return job(this.api as never);
  }
  close(id: ModelId): Promise<void> {
    this.closed.push(id);
    return Promise.resolve();
  }
}

function start() {
  const store = new Store(INITIAL_STATE);
  const client = new FakeClient();
  return { store, client, session: new LabSession(store, client as unknown as Client) };
}

/** Lets everything that is already answered arrive. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

test('a model is opened, drawn and predicted; packed files are unpacked by their content', async () => {
  const { store, client, session } = start();
  await session.openFiles([new File([new Uint8Array(gzipSync('model bytes'))], 'net.onnx.gz')]);
  await settle();
  assert.equal(client.opened[0]?.name, 'net.onnx');
  assert.equal(await client.opened[0].text(), 'model bytes');
  assert.equal(store.state.opening, null);
  assert.equal(store.state.model?.summary.fileName, 'net.onnx');
  assert.equal(store.state.prediction?.engine.target.mode, 'best');
  assert.equal(store.state.predicting, false);
});

test('a file that is refused shows its diagnostic and keeps the model on show', async () => {
  const { store, session } = start();
  await session.openFiles([new File(['good'], 'good.onnx')]);
  await session.openFiles([new File(['text'], 'notes.txt')]);
  assert.equal(store.state.problem?.code, notOnnx('x', 'text').code);
  assert.equal(store.state.model?.summary.fileName, 'good.onnx');
  await session.openFiles([new File(['good'], 'next.onnx')]);
  assert.equal(store.state.problem, null);
});

test('damaged gzip data is a diagnostic with the file as its place', async () => {
  const { store, session } = start();
  const packed = new Uint8Array(gzipSync('x'.repeat(5000)));
  await session.openFiles([new File([packed.subarray(0, 30)], 'cut.onnx.gz')]);
  assert.equal(store.state.problem?.code, 'onnx/corrupt');
  assert.equal(store.state.problem.place?.file, 'cut.onnx.gz');
});

test('cancel stops the opening at once and shows no error', async () => {
  const { store, client, session } = start();
  client.gate = new Promise(() => undefined);
  const opening = session.openFiles([new File(['big'], 'big.onnx')]);
  await settle();
  assert.equal(store.state.opening?.fileName, 'big.onnx');
  session.cancelOpening();
  assert.equal(store.state.opening, null);
  await opening;
  assert.equal(store.state.problem, null);
  assert.equal(store.state.model, null);
});

test('of two openings the later one wins', async () => {
  const { store, client, session } = start();
  client.gate = new Promise(() => undefined);
  const first = session.openFiles([new File(['1'], 'first.onnx')]);
  await settle();
  client.gate = null;
  await session.openFiles([new File(['2'], 'second.onnx')]);
  await first;
  assert.equal(store.state.model?.summary.fileName, 'second.onnx');
  assert.equal(store.state.opening, null);
});

test('a new model closes the old one and clears selection and search', async () => {
  const { store, client, session } = start();
  await session.openFiles([new File(['1'], 'first.onnx')]);
  await settle();
  store.update({ search: 'conv', selection: { kind: 'node', name: 'n', nodes: ['n'] } });
  await session.openFiles([new File(['2'], 'second.onnx')]);
  assert.deepEqual(client.closed, ['id-first.onnx']);
  assert.equal(store.state.search, '');
  assert.equal(store.state.selection, null);
});

test('the prediction follows the target, and modes that a version lacks are replaced', async () => {
  const { store, session } = start();
  await session.openFiles([new File(['1'], 'net.onnx')]);
  session.retarget({ mode: 'int8' });
  await settle();
  assert.equal(store.state.prediction?.engine.target.mode, 'int8');
  session.retarget({ trt: '11.2' });
  await settle();
  assert.equal(store.state.prediction.engine.target.mode, 'strong');
});

test('details of a selection are asked for, and the last selection wins', async () => {
  const { store, session } = start();
  await session.openFiles([new File(['1'], 'net.onnx')]);
  await settle();
  store.update({ selection: { kind: 'node', name: 'a', nodes: ['a'] } });
  store.update({ selection: { kind: 'node', name: 'b', nodes: ['b'] } });
  assert.equal(store.state.nodeDetail.state, 'loading');
  await settle();
  assert.equal(valueOf(store.state.nodeDetail as Loadable<NodeDetail>)?.name, 'b');
  store.update({ selection: { kind: 'value', name: 'w', nodes: [] } });
  await settle();
  assert.equal(store.state.nodeDetail.state, 'idle');
  assert.equal(valueOf(store.state.weight)?.name, 'w');
});

test('a fold redraws the model and leaves the full drawing for the outline', async () => {
  const { store, session } = start();
  await session.openFiles([new File(['1'], 'net.onnx')]);
  await session.toggleFold('/block');
  assert.deepEqual(store.state.model?.folded, ['/block']);
  assert.equal(store.state.model.scene.width, 1);
  assert.equal(store.state.model.fullScene.width, 0);
  await session.toggleFold('/block');
  assert.deepEqual(store.state.model.folded, []);
});

test('a selection opens the modules that hide it, nested ones too, and a later fold stays', async () => {
  const { store, session } = start();
  await session.openFiles([new File(['1'], 'net.onnx')]);
  await session.toggleFold('/block/conv1');
  await session.toggleFold('/block');
  await session.toggleFold('/elsewhere');
  const name = '/block/conv1/Conv';
  store.update({ selection: { kind: 'module', name: '/block', nodes: [name] } });
  await settle();
  assert.equal(store.state.model?.folded.length, 3);
  store.update({ selection: { kind: 'node', name, nodes: [name] } });
  await settle();
  // The fake hides all in the outermost module, whatever its name.
  assert.deepEqual(store.state.model.folded, []);
  await session.toggleFold('/block');
  await settle();
  assert.deepEqual(store.state.model.folded, ['/block']);
});
