import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuiltEngine, EngineView } from '../../../src/api/engine-api.ts';
import {
  noEngineAmongFiles,
  notThisEngineFile,
} from '../../../src/core/base/diagnostics/engine.ts';
import type { Result } from '../../../src/core/base/result.ts';
import { fail, ok } from '../../../src/core/base/result.ts';
import { EngineSession } from '../../../src/ui/services/engine-session.ts';
import type { AppState } from '../../../src/ui/state/app-state.ts';
import { INITIAL_STATE } from '../../../src/ui/state/app-state.ts';
import { shownEngine } from '../../../src/ui/state/engine-state.ts';
import { startHistory } from '../../../src/ui/state/history.ts';
import { Store } from '../../../src/ui/state/store.ts';
import { sampleBuilt, untimedBuilt, viewOf } from '../sample-built.ts';
import { sceneOf } from '../sample-engine.ts';

type Deps = ConstructorParameters<typeof EngineSession>;

const scene = sceneOf([
  '/block/conv1/Conv',
  '/block/relu/Relu',
  '/block/conv2/Conv',
  '/block/Add',
  '/pool/MaxPool',
]);
const summary = { id: 'm', fileName: 'net.onnx' };
const model = { summary, scene, fullScene: scene, folded: [] } as unknown as NonNullable<
  AppState['model']
>;
const other = { ...model, fullScene: sceneOf(['a', 'b']) };

/** A worker that reads layer files as the sample engine, with times where a profile comes along. */
function start(state: Partial<AppState> = {}) {
  const store = new Store<AppState>({ ...INITIAL_STATE, ...state });
  const asked: string[][] = [];
  let closed = 0;
  const readEngines = (files: readonly File[]): Promise<Result<readonly EngineView[]>> => {
    const names = files.map(({ name }) => name);
    asked.push(names);
    const timed = names.some((name) => name.includes('.profile.'));
    const found = names
      .filter((name) => name.includes('.layer.'))
      .map((name) => ({ ...(timed ? sampleBuilt : untimedBuilt), name: name.split('.')[0]! }));
    return Promise.resolve(
      found.length > 0
        ? ok(found.map(viewOf))
        : fail(
            names.some((name) => name.includes('.profile.'))
              ? noEngineAmongFiles(names, ['a profile'])
              : notThisEngineFile(names[0]!, 'a file of engine layers', 'a list', 'Give layers'),
          ),
    );
  };
  const reportEngines = (engines: readonly BuiltEngine[], format: string): Promise<Result<Blob>> =>
    Promise.resolve(ok(new Blob([[format, ...engines.map(({ name }) => name)].join(' ')])));
  const client = {
    call: (job: (api: unknown) => unknown) => job({ readEngines, reportEngines }),
  } as unknown as Deps[1];
  const models = {
    closeModel: () => {
      closed++;
      store.update({ model: null });
    },
  };
  const saved: Promise<readonly [name: string, text: string]>[] = [];
  const session = new EngineSession(store, client, models, (name, file) => {
    saved.push(file.text().then((text) => [name, text]));
  });
  const open = (...names: string[]) =>
    session.openEngineFiles(names.map((name) => new File(['{}'], name)));
  const code = () => store.state.problem?.code;
  const labels = () => store.state.engines.opened.map(({ label }) => label);
  return { store, session, saved, asked, open, labels, code, closedCount: () => closed };
}

test('engines are opened beside those that are open, and the first of the new ones is shown', async () => {
  const { store, open, labels } = start();
  await open('a.layer.json', 'b.layer.json');
  assert.deepEqual(labels(), ['a', 'b']);
  assert.equal(shownEngine(store.state)?.label, 'a');
  await open('a.layer.json');
  assert.deepEqual(labels(), ['a', 'b', 'a (2)']);
  assert.equal(shownEngine(store.state)?.label, 'a (2)');
  assert.equal(store.state.layout.drawerTab, 'built');
  assert.equal(store.state.engines.reading, null);
});

test('a profile that comes later is taken to the engine of its name', async () => {
  const { store, open, labels, asked } = start();
  await open('a.layer.json');
  await open('b.layer.json');
  const id = store.state.engines.opened[0]!.id;
  await open('a.profile.json');
  assert.deepEqual(asked.at(-1), ['a.layer.json', 'a.profile.json']);
  assert.deepEqual([...labels()].sort(), ['a', 'b']);
  assert.equal(shownEngine(store.state)?.id, id);
  assert.equal(shownEngine(store.state)?.analysis.figures.layerTimeUs, 100);
  assert.equal(store.state.problem, null);
});

test('of engines that were opened together only the one that a profile is about is read again', async () => {
  const { open, labels } = start();
  await open('a.layer.json', 'b.layer.json');
  await open('b.profile.json');
  assert.deepEqual([...labels()].sort(), ['a', 'b']);
});

test('what is no engine is said, and what was on show stays', async () => {
  const { open, labels, code } = start();
  await open('a.profile.json');
  assert.equal(code(), 'engine/no-layers-given');
  await open('a.layer.json');
  assert.equal(code(), undefined);
  await open('net.plan');
  assert.equal(code(), 'engine/plan');
  await open('shopping.json');
  assert.equal(code(), 'engine/not-this-file');
  assert.deepEqual(labels(), ['a']);
});

test('a plan beside the files that tell of it is no trouble', async () => {
  const { store, open, asked } = start();
  await open('a.layer.json', 'a.engine');
  assert.deepEqual(asked, [['a.layer.json']]);
  assert.equal(store.state.problem, null);
});

test('an engine of the open model stands beside its prediction', async () => {
  const { store, open } = start({ model });
  await open('a.layer.json');
  assert.equal(store.state.engines.side, 'both');
});

test('the sample that greets makes room for an engine of something else; a model of the user stays', async () => {
  const lab = { ...INITIAL_STATE.lab, history: startHistory(summary as never) };
  const sample = start({ model: { ...other, isSample: true }, lab });
  await sample.open('a.layer.json');
  assert.equal(sample.closedCount(), 1);
  const own = start({ model: other, lab });
  await own.open('a.layer.json');
  assert.equal(own.closedCount(), 0);
  assert.equal(own.store.state.engines.side, 'built');
  assert.match(own.store.state.lab.notice, /hardly a node with net\.onnx/);
});

test('the model that an engine was built from is put beside it when it is opened later', async () => {
  const { store, open } = start();
  await open('a.layer.json');
  store.update({ model });
  assert.equal(store.state.engines.side, 'both');
});

test('files are saved of the engine on show, and of all against the one chosen', async () => {
  const { store, session, saved, open } = start();
  await open('a.layer.json', 'b.layer.json');
  await open('b.layer.json');
  const written = async (): Promise<readonly string[]> => {
    await new Promise((resolve) => setTimeout(resolve));
    return (await Promise.all(saved.splice(0))).flat();
  };
  session.obey({ do: 'save', format: 'csv' });
  assert.deepEqual(await written(), ['b-2.engine.csv', 'csv b (2)']);
  assert.match(store.state.lab.notice, /^Saved b-2/);
  session.obey({ do: 'save', format: 'svg-time' });
  assert.deepEqual((await written())[0], 'b-2.engine.time.svg');
  session.obey({ do: 'base', id: store.state.engines.opened[1]!.id });
  session.obey({ do: 'save', format: 'html', all: true });
  assert.deepEqual(await written(), ['b.compared.engine.html', 'html b a b (2)']);
});

test('sides and colours turn', async () => {
  const { store, session, open } = start({ model });
  await open('a.layer.json', 'a.profile.json');
  session.obey({ do: 'side' });
  assert.equal(store.state.engines.side, 'predicted');
  session.obey({ do: 'side', side: 'built' });
  assert.equal(store.state.engines.side, 'built');
  session.obey({ do: 'heat' });
  assert.equal(store.state.engines.heat?.marks.get('1')?.sign, '40%');
  session.obey({ do: 'heat' });
  assert.equal(store.state.engines.heat, null);
});

test('comparing the prediction with the one before takes both places', async () => {
  const { store, session, open } = start({ model });
  await open('a.layer.json');
  const compare = (comparing: boolean) => {
    store.update({ layout: { ...store.state.layout, comparing } });
  };
  compare(true);
  assert.equal(store.state.engines.side, 'predicted');
  session.obey({ do: 'side', side: 'both' });
  assert.equal(store.state.layout.comparing, false);
});

test('a selected layer is followed into the next engine, and gone with the last', async () => {
  const { store, session, open } = start();
  await open('a.layer.json', 'b.layer.json');
  const [a, b] = store.state.engines.opened;
  store.update({ selection: { kind: 'built', name: '2', nodes: a!.engine.layers[2]!.nodes } });
  session.obey({ do: 'show', id: b!.id });
  assert.equal(store.state.selection?.name, '2');
  session.obey({ do: 'close', id: b!.id });
  assert.equal(shownEngine(store.state)?.id, a!.id);
  session.obey({ do: 'close', id: a!.id });
  assert.equal(store.state.selection, null);
  assert.deepEqual(store.state.engines.opened, []);
  assert.equal(store.state.engines.shown, null);
});
