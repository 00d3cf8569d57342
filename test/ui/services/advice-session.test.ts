import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unknownNode } from '../../../src/core/base/diagnostics.ts';
import type { Result } from '../../../src/core/base/result.ts';
import { fail, ok } from '../../../src/core/base/result.ts';
import type { BuildMode, Target } from '../../../src/core/sim/target.ts';
import type { ModelId } from '../../../src/api/analyze-api.ts';
import { AdviceSession } from '../../../src/ui/services/advice-session.ts';
import type { AppState } from '../../../src/ui/state/app-state.ts';
import { INITIAL_STATE } from '../../../src/ui/state/app-state.ts';
import { valueOf } from '../../../src/ui/state/loadable.ts';
import { Store } from '../../../src/ui/state/store.ts';
import { sampleEngine, sceneOf } from '../sample-engine.ts';
import { findingRules, refusal, residuals } from '../sample-findings.ts';

type Client = ConstructorParameters<typeof AdviceSession>[1];

/** The worker as far as advice goes: in mode `int8` there is one finding less, in mode `fp16` it fails. */
class FakeClient {
  readonly asked: string[] = [];
  private turn: Promise<unknown> = Promise.resolve();
  private readonly api = {
    lint: (_id: ModelId, { mode }: Target) => {
      this.asked.push(`lint ${mode}`);
      if (mode === 'fp16') return Promise.resolve(fail(unknownNode('x')));
      return Promise.resolve(ok([refusal, ...residuals].slice(mode === 'int8' ? 1 : 0)));
    },
    findingRules: () => {
      this.asked.push('rules');
      return Promise.resolve(findingRules);
    },
  };

  /** One call after the other, as the worker's queue has it. */
  ask<T>(id: ModelId, job: (api: never, id: ModelId) => Promise<Result<T>>): Promise<Result<T>> {
    const turn = this.turn.then(() => job(this.api as never, id));
    this.turn = turn;
    return turn;
  }
}

const scene = sceneOf([]);
const prediction = (mode: BuildMode) => ({
  engine: { ...sampleEngine, target: { ...sampleEngine.target, mode } },
  scene,
  simulateMs: 1,
  layoutMs: 1,
});
const model = {
  summary: { id: 'm', fileName: 'net.onnx' },
  scene,
  fullScene: scene,
  folded: [],
} as unknown as AppState['model'];

function start() {
  const store = new Store<AppState>({ ...INITIAL_STATE, model });
  const client = new FakeClient();
  new AdviceSession(store, client as unknown as Client);
  return { store, client };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
const ids = ({ state }: Store<AppState>) => valueOf(state.findings)?.all.map(({ id }) => id);

test('each prediction is linted once it is on show; the catalogue is asked for once', async () => {
  const { store, client } = start();
  store.update({ prediction: prediction('best') });
  assert.equal(store.state.findings.state, 'loading');
  await settle();
  assert.equal(ids(store)?.[0], 'uint8-quantizer@QuantizeLinear_0');
  store.update({ prediction: prediction('int8') });
  assert.equal(
    store.state.findings.state,
    'ready',
    'the old ones stay until the new ones are there',
  );
  await settle();
  assert.equal(ids(store)?.length, 2);
  assert.deepEqual(client.asked, ['rules', 'lint best', 'lint int8']);
});

test('a prediction that is gone before its turn is not linted', async () => {
  const { store, client } = start();
  store.update({ prediction: prediction('best') });
  store.update({ prediction: prediction('int8') });
  await settle();
  assert.deepEqual(client.asked, ['rules', 'lint int8']);
  assert.equal(ids(store)?.length, 2);
});

test('without a prediction there are no findings, and late ones are dropped', async () => {
  const { store } = start();
  store.update({ prediction: prediction('best') });
  store.update({ prediction: null });
  await settle();
  assert.equal(store.state.findings.state, 'idle');
});

test('a linter that fails says so', async () => {
  const { store } = start();
  store.update({ prediction: prediction('fp16') });
  await settle();
  assert.equal(store.state.findings.state, 'failed');
});

test('a selected finding stays selected while it is found', async () => {
  const { store } = start();
  store.update({
    prediction: prediction('best'),
    selection: { kind: 'finding', name: 'float-residual@/b2/Add', nodes: [] },
  });
  await settle();
  assert.deepEqual(store.state.selection?.nodes, ['/b2/Add', '/block/conv2/Conv']);
  store.update({
    selection: { kind: 'finding', name: 'uint8-quantizer@QuantizeLinear_0', nodes: [] },
    prediction: prediction('int8'),
  });
  await settle();
  assert.equal(store.state.selection, null);
});
