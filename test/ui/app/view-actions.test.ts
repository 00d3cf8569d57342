import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab } from '../../../src/ui/app/view-actions.ts';
import { listenToViews, viewActions } from '../../../src/ui/app/view-actions.ts';
import type { AppState, Place } from '../../../src/ui/state/app-state.ts';
import { INITIAL_STATE } from '../../../src/ui/state/app-state.ts';
import { fusionGroup, layerByNode } from '../../../src/ui/state/layer-words.ts';
import { Store } from '../../../src/ui/state/store.ts';
import { sampleEngine } from '../sample-engine.ts';

/** An element with actions, and what they asked of the sessions. */
function start(narrow = false) {
  const store = new Store<AppState>(INITIAL_STATE);
  const calls: string[] = [];
  const recorder = new Proxy(
    {},
    {
      get: (_target, name) => (detail: unknown) =>
        calls.push(`${String(name)} ${detail === undefined ? '' : JSON.stringify(detail)}`),
    },
  );
  const sessions = { session: recorder, advice: recorder, rewriting: recorder };
  const others = { exporting: recorder, calibration: recorder };
  const written = (name: string) => (detail: unknown) =>
    calls.push(`${name} ${JSON.stringify(detail)}`);
  const built = { openEngineFiles: written('openEngineFiles'), obey: written('obey') };
  const engines = () => Promise.resolve(built);
  const lab = { store, ...sessions, ...others, engines } as unknown as Lab;
  const focused: Place[] = [];
  const host = new EventTarget();
  const actions = viewActions(lab, {
    isNarrow: () => narrow,
    groupOf: (nodes) => fusionGroup(layerByNode(sampleEngine), nodes),
    focusPlace: (place) => focused.push(place),
  });
  listenToViews(host, actions);
  const send = (type: string, detail: object = {}) =>
    host.dispatchEvent(new CustomEvent(type, { detail }));
  return { store, calls, focused, send };
}

const selection = { kind: 'node', name: '/block/Add', nodes: ['/block/Add'] } as const;

test('the pointer over a node marks all that run in its layer', () => {
  const { store, send } = start();
  send('lab-hover', { nodes: ['/block/conv1/Conv'] });
  assert.deepEqual([...store.state.hoveredNodes].sort(), [
    '/block/conv1/Conv',
    '/block/relu/Relu',
    'QuantizeLinear_1',
  ]);
  send('lab-hover', { nodes: [] });
  assert.deepEqual(store.state.hoveredNodes, []);
});

test('on a narrow screen a choice in a list leads to the inspector, one in a graph stays there', () => {
  const { store, send } = start(true);
  send('lab-select', { selection });
  assert.equal(store.state.layout.place, 'engine');
  send('lab-layout', { place: 'outline' });
  send('lab-select', { selection });
  assert.equal(store.state.layout.place, 'inspector');
  const wide = start();
  wide.send('lab-layout', { place: 'outline' });
  wide.send('lab-select', { selection });
  assert.equal(wide.store.state.layout.place, 'outline');
});

test('what needs the worker goes to the sessions', () => {
  const { calls, send } = start();
  send('lab-search-change');
  send('lab-stop-search');
  send('lab-fold', { path: '/layer1' });
  assert.deepEqual(calls, ['searchChange ', 'cancelSearch ', 'toggleFold "/layer1"']);
});

test('the inspector takes the keyboard when it is asked for', () => {
  const { focused, send } = start();
  send('lab-layout', { drawerOpen: true });
  send('lab-layout', { place: 'inspector' });
  assert.deepEqual(focused, ['inspector']);
});

test('what changes the model goes to its session, and the keyboard stays in the laboratory', () => {
  const { calls, focused, send } = start();
  send('lab-undo');
  send('lab-goto', { done: 2 });
  send('lab-edit', { role: 'add' });
  send('lab-accept');
  send('lab-export');
  assert.deepEqual(calls, ['undo ', 'goTo 2', 'edit "add"', 'accept ', 'exportModel ']);
  assert.deepEqual(focused, ['lab']);
});

/** Files are looked into before they are handed on. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

test('dropped files are a model, a placement, or what to calibrate with', async () => {
  const { store, calls, send } = start();
  const image = new File(['x'], 'cat.png');
  const drop = async (file: File) => {
    send('lab-open', { files: [file] });
    await settle();
  };
  await drop(image);
  const dropped = () => store.state.lab.calibrating?.files;
  assert.equal(dropped(), undefined, 'there is no model to calibrate');
  store.update({ model: {} as never });
  await drop(image);
  assert.deepEqual(dropped(), [image]);
  await drop(new File(['x'], 'net.placement.yaml'));
  await drop(new File(['x'], 'net.onnx'));
  assert.deepEqual(
    calls.map((call) => call.split(' ')[0]),
    ['openFiles', 'applyPlacement', 'openFiles'],
  );
});

test('on a narrow screen engines side by side begin with the one before', () => {
  const { store, send } = start(true);
  send('lab-layout', { comparing: true });
  assert.equal(store.state.layout.place, 'model');
});

test('a drop that mixes a model and an engine opens both, each by its own session', async () => {
  const { calls, send } = start();
  const named = (name: string) => new File(['{}'], name);
  send('lab-open', { files: [named('net.onnx'), named('net.layer.json'), named('net.onnx.data')] });
  await settle();
  assert.deepEqual(calls, ['openFiles [{},{}]', 'openEngineFiles [{}]']);
});

test('what views ask of built engines goes to their session', async () => {
  const { calls, send } = start();
  send('lab-engine', { do: 'heat' });
  await settle();
  assert.deepEqual(calls, ['obey {"do":"heat"}']);
});
