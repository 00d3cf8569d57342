import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cancelled, unknownNode } from '../../../src/core/base/diagnostics.ts';
import type { Result } from '../../../src/core/base/result.ts';
import { fail, ok } from '../../../src/core/base/result.ts';
import type { BuildMode, Target } from '../../../src/core/sim/target.ts';
import type { Change, ModelId, Progress } from '../../../src/api/analyze-api.ts';
import { AdviceSession } from '../../../src/ui/services/advice-session.ts';
import type { AppState } from '../../../src/ui/state/app-state.ts';
import { INITIAL_STATE } from '../../../src/ui/state/app-state.ts';
import type { Loadable } from '../../../src/ui/state/loadable.ts';
import { valueOf } from '../../../src/ui/state/loadable.ts';
import { Store } from '../../../src/ui/state/store.ts';
import { sampleEngine, sceneOf } from '../sample-engine.ts';
import { sampleChange, sampleExplanation, sampleShortfall } from '../sample-change.ts';
import { findingRules, refusal, residuals } from '../sample-findings.ts';

type Report = (progress: Progress) => void;

/** The worker as far as advice goes: in mode `int8` there is one finding less, in mode `fp16` it fails. */
class FakeClient {
  readonly asked: string[] = [];
  /** Holds back the answer of a search while set. */
  gate: Promise<void> | null = null;
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
    confidence: () => Promise.resolve(ok([0.5, 1])),
    why: (_id: ModelId, { mode }: Target, node: string) => {
      this.asked.push(`why ${mode} ${node}`);
      return Promise.resolve(ok({ ...sampleExplanation, node }));
    },
    explain: async (_id: ModelId, _target: Target, _node: string, report?: Report) => {
      report?.({ step: 'Trying changes for 0.1 s' });
      await this.gate;
      return ok({ explanation: sampleExplanation, change: sampleChange });
    },
    shortfall: (_id: ModelId, { mode }: Target) => {
      this.asked.push(`shortfall ${mode}`);
      return Promise.resolve(ok(sampleShortfall));
    },
  };

  /** One call after the other, and an abort ends the one that runs: as the worker's queue has it. */
  ask<T>(
    id: ModelId,
    job: (api: never, id: ModelId, report?: Report) => Promise<Result<T>>,
    { signal, onProgress }: { signal?: AbortSignal; onProgress?: Report } = {},
  ): Promise<Result<T>> {
    const aborted = new Promise<Result<T>>((resolve) => {
      signal?.addEventListener('abort', () => {
        this.asked.push('aborted');
        resolve(fail(cancelled()));
      });
    });
    const turn = this.turn.then(() =>
      Promise.race([job(this.api as never, id, onProgress), aborted]),
    );
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
  const session = new AdviceSession(store, client);
  return { store, client, session };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
const ids = ({ state }: Store<AppState>) => valueOf(state.findings)?.all.map(({ id }) => id);

test('each prediction is linted once it is on show; the catalogue is asked for once', async () => {
  const { store, client } = start();
  store.update({ prediction: prediction('best') });
  assert.equal(store.state.findings.state, 'loading');
  await settle();
  assert.equal(ids(store)?.[0], 'uint8-quantizer@QuantizeLinear_0');
  assert.deepEqual(store.state.confidence, [0.5, 1]);
  store.update({ prediction: prediction('int8') });
  assert.deepEqual(store.state.confidence, [], 'layers have other places now');
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

const add = { kind: 'node', name: '/block/Add', nodes: ['/block/Add'] } as const;

/** A session with the Add selected in a prediction. */
async function started() {
  const all = start();
  all.store.update({ prediction: prediction('best'), selection: add });
  await settle();
  all.client.asked.length = 0;
  return all;
}

test('the selection is explained, under each prediction anew, and a later one wins', async () => {
  const { store, client } = await started();
  assert.equal(valueOf(store.state.why)?.node, '/block/Add');
  store.update({ prediction: prediction('int8') });
  const { name, nodes } = sampleEngine.layers[4]!;
  store.update({ selection: { kind: 'layer', name, nodes } });
  await settle();
  assert.equal(valueOf(store.state.why)?.node, '/pool/MaxPool');
  assert.ok(client.asked.includes('why int8 /pool/MaxPool'), client.asked.join());
  store.update({ selection: null });
  assert.equal(store.state.why.state, 'idle');
});

test('a change is searched on demand only, and says how far it is', async () => {
  const { store, client, session } = await started();
  assert.equal(store.state.change.state, 'idle');
  let open = (): void => undefined;
  client.gate = new Promise((resolve) => (open = resolve));
  const search = session.searchChange();
  await settle();
  assert.equal(store.state.change.state, 'loading');
  assert.equal(store.state.changeStep, 'Trying changes for 0.1 s');
  open();
  await search;
  assert.deepEqual(valueOf(store.state.change as Loadable<Change>)?.descriptions, [
    'Add Q/DQ on short',
  ]);
  assert.equal(store.state.changeStep, '');
});

test('a search is ended by its user, and by the next selection', async () => {
  const { store, client, session } = await started();
  client.gate = new Promise(() => undefined);
  const first = session.searchChange();
  await settle();
  session.cancelSearch();
  await first;
  assert.equal(store.state.change.state, 'idle');
  void session.searchChange();
  await settle();
  store.update({ selection: { ...add, name: '/pool/MaxPool' } });
  await settle();
  assert.equal(store.state.change.state, 'idle');
  assert.equal(valueOf(store.state.why)?.node, '/pool/MaxPool');
  assert.equal(client.asked.filter((call) => call === 'aborted').length, 2);
});

test('without a selection there is nothing to search', async () => {
  const { store, session } = await started();
  store.update({ selection: null });
  await session.searchChange();
  assert.equal(store.state.change.state, 'idle');
});

test('the best engine is asked for where it is looked at, once a prediction', async () => {
  const { store, client } = await started();
  const { layout } = store.state;
  store.update({ layout: { ...layout, drawerTab: 'reference' } });
  assert.equal(client.asked.length, 0);
  store.update({ layout: { ...layout, drawerTab: 'reference', drawerOpen: true } });
  store.update({ layout: { ...layout, drawerTab: 'reference', place: 'drawer' } });
  await settle();
  assert.deepEqual(client.asked, ['shortfall best']);
  assert.equal(valueOf(store.state.shortfall)?.differences.length, 2);
  store.update({ prediction: prediction('int8') });
  await settle();
  assert.ok(client.asked.includes('shortfall int8'));
});
