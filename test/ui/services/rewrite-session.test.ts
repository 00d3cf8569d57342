import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelId, ModelSummary } from '../../../src/api/analyze-api.ts';
import type { EditOption } from '../../../src/api/rewrite-api.ts';
import { cancelled, editImpossible } from '../../../src/core/base/diagnostics.ts';
import type { Result } from '../../../src/core/base/result.ts';
import { fail, ok } from '../../../src/core/base/result.ts';
import { RewriteSession } from '../../../src/ui/services/rewrite-session.ts';
import type { Derivation } from '../../../src/ui/services/worker-client.ts';
import type { AppState } from '../../../src/ui/state/app-state.ts';
import { INITIAL_STATE } from '../../../src/ui/state/app-state.ts';
import { modelsOf } from '../../../src/ui/state/history.ts';
import { Store } from '../../../src/ui/state/store.ts';
import { sceneOf } from '../sample-engine.ts';

type Client = ConstructorParameters<typeof RewriteSession>[1];

const summary = (id: string): ModelSummary => ({ id, fileName: 'net.onnx' }) as never;
const scene = sceneOf(['/block/conv1/Conv', '/block/relu/Relu']);
const remove: EditOption = {
  role: 'remove',
  about: 'q',
  edit: { kind: 'remove-pair', quantize: 'q' },
};

/** Names each new model after its parent and the first step's text or pass; the text `bad` is refused. */
class FakeClient {
  readonly derived: string[] = [];
  readonly closed: string[] = [];
  changes: readonly unknown[] = [{}];
  /** Holds answers back until it is resolved, or the call is aborted. */
  gate: Promise<void> | null = null;
  private readonly api = {
    modelScene: () => Promise.resolve(ok(scene)),
    edits: () => Promise.resolve(ok([remove])),
    optimize: () => Promise.resolve(ok({ steps: [], changes: [{}, {}] })),
  };

  async derive({ parent, steps }: Derivation, { signal }: { signal: AbortSignal }) {
    if (this.gate) {
      const aborted = new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      await Promise.race([this.gate, aborted]);
    }
    if (signal.aborted) return fail(cancelled());
    const [step] = steps;
    const name = step?.kind === 'edits' ? step.text : step?.kind === 'passes' ? step.ids[0]! : '';
    if (name === 'bad') return fail(editImpossible('it is bad', {}));
    this.derived.push(`${parent}>${name}`);
    const made = { changes: this.changes, declined: [], toCalibrate: [], notes: [] };
    return ok({ ...made, summary: summary(`${parent}>${name}`) });
  }
  ask<T>(id: ModelId, job: (api: never, id: ModelId) => Promise<Result<T>>): Promise<Result<T>> {
    return job(this.api as never, id);
  }
  close(id: ModelId): Promise<void> {
    this.closed.push(id);
    return Promise.resolve();
  }
}

function start() {
  const store = new Store<AppState>(INITIAL_STATE);
  const client = new FakeClient();
  const session = new RewriteSession(store, client as unknown as Client);
  const open = (id: string) => {
    store.update({ model: { summary: summary(id), scene, fullScene: scene, folded: [] } });
  };
  open('0');
  const edit = (text: string) =>
    session.apply([{ kind: 'edits', source: 'user', text, edits: [] }], `Edit ${text}`);
  const shown = () => store.state.model?.summary.id;
  return { store, client, session, open, edit, shown };
}

test('a change puts another model on show, and the next one starts from it', async () => {
  const { store, session, edit, shown } = start();
  const first = edit('a');
  const second = edit('b');
  await Promise.all([first, second]);
  assert.equal(shown(), '0>a>b');
  assert.deepEqual(
    store.state.lab.history?.entries.map(({ title }) => title),
    ['Edit a', 'Edit b'],
  );
  await session.undo();
  assert.equal(shown(), '0>a');
  await session.redo();
  assert.equal(shown(), '0>a>b');
  await session.goTo(0);
  assert.equal(shown(), '0');
  assert.equal(store.state.lab.job, null);
});

test('a change after an undo gives up what was taken back, and its models', async () => {
  const { store, client, session, edit, shown } = start();
  await edit('a');
  await edit('b');
  await session.undo();
  await edit('c');
  assert.equal(shown(), '0>a>c');
  assert.deepEqual(client.closed, ['0>a>b']);
  assert.deepEqual(modelsOf(store.state.lab.history!), ['0', '0>a', '0>a>c']);
});

test('a change that is refused shows why, and leaves everything as it was', async () => {
  const { store, edit, shown } = start();
  await edit('bad');
  assert.equal(store.state.problem?.code, 'placement/edit-impossible');
  assert.equal(shown(), '0');
  assert.equal(store.state.lab.history?.entries.length, 0);
});

test('passes that find nothing leave no entry, and say so', async () => {
  const { store, client, session, shown } = start();
  client.changes = [];
  await session.apply([{ kind: 'passes', ids: ['p'] }], 'Apply p');
  assert.equal(shown(), '0');
  assert.deepEqual(client.closed, ['0>p']);
  assert.match(store.state.lab.notice, /nothing to change/);
});

test('cancel ends the change at once, without an error, and the next one goes on', async () => {
  const { store, client, session, edit, shown } = start();
  client.gate = new Promise(() => undefined);
  const change = edit('a');
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(store.state.lab.job?.title, 'Edit a');
  session.cancel();
  assert.equal(store.state.lab.job, null);
  await change;
  assert.equal(store.state.problem, null);
  assert.equal(shown(), '0');
  client.gate = null;
  await edit('b');
  assert.equal(shown(), '0>b');
});

test('another file starts a new history, and the models of the old one are closed', async () => {
  const { store, client, edit, open } = start();
  await edit('a');
  open('1');
  assert.equal(store.state.lab.history?.original.id, '1');
  assert.deepEqual(client.closed, ['0', '0>a']);
});

test('the key makes the first edit that the selection offers, or says why there is none', async () => {
  const { store, session, shown } = start();
  await session.edit('remove');
  assert.match(store.state.lab.notice, /Select a node/);
  store.update({ selection: { kind: 'node', name: 'q', nodes: ['q'] } });
  await session.edit('add');
  assert.match(store.state.lab.notice, /no float value/);
  assert.equal(shown(), '0');
  await session.edit('remove');
  assert.equal(shown(), '0>Remove q and its DequantizeLinear');
});

test('what optimizing finds waits to be accepted, and goes with the model that it was for', async () => {
  const { store, session, edit } = start();
  await session.optimize();
  assert.equal(store.state.lab.proposal?.of, '0');
  session.discard();
  assert.equal(store.state.lab.proposal, null);
  await session.optimize();
  await edit('a');
  assert.equal(store.state.lab.proposal, null);
  await session.optimize();
  await session.accept();
  assert.match(store.state.lab.history?.entries.at(-1)?.title ?? '', /^Optimize: 2 changes/);
});
