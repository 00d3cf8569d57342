import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attribute } from '../../../src/core/ir/attribute.ts';
import { encodeNumbers } from '../../../src/core/ir/encode-numbers.ts';
import type { Tensor } from '../../../src/core/ir/tensor.ts';
import { parseOnnxText } from '../../../src/core/onnx/index.ts';
import { residentBytes } from '../../../src/core/ir/memory-bytes.ts';
import { openBytes, saveBytes } from './open-bytes.ts';
import {
  field,
  float32,
  infoOf,
  integer,
  join,
  modelOf,
  nodeOf,
  tensorOf,
  varint,
} from './wire-builder.ts';

const W = tensorOf(
  'w',
  1,
  [2],
  field(9, Uint8Array.of(0, 0, 128, 63, 0, 0, 0, 64)),
  field(777, 'extra'),
);
const FIRST = nodeOf('Relu', ['x'], ['a'], field(3, 'first'), field(99, 'kept'));
const ATTRIBUTE = field(5, field(1, 'alpha'), float32(2, 0.5), integer(20, 1));
const OTHER = field(
  5,
  integer(20, 2),
  integer(3, 2n ** 60n + 3n),
  field(1, 'big'),
  field(500, 'u'),
);
const SECOND = nodeOf(
  'LeakyRelu',
  ['a'],
  ['b'],
  ATTRIBUTE,
  OTHER,
  field(8, 'overload'),
  field(3, 'second'),
);
const THIRD = nodeOf('Add', ['b', 'w'], ['y'], field(3, 'third'));
const TAIL = [
  W,
  infoOf(11, 'x', [2]),
  infoOf(12, 'y', [2]),
  infoOf(13, 'a', [2]),
  infoOf(13, 'b', [2]),
];
const MODEL = modelOf(FIRST, SECOND, THIRD, field(2, 'main'), ...TAIL);

const splice = (replacement: readonly Uint8Array[]): Uint8Array =>
  modelOf(...replacement, field(2, 'main'), ...TAIL);

const scalar = (name: string, value: number): Tensor => {
  const bytes = encodeNumbers('float32', [value]) ?? new Uint8Array();
  return { name, dataType: 'float32', dims: [], bytes: residentBytes(bytes) };
};

test('one changed attribute changes nothing else', async () => {
  const { model } = await openBytes(MODEL);
  const node = model.graph.node('second');
  assert.ok(node);
  const attributes = new Map(node.attributes);
  attributes.set('alpha', { name: 'alpha', type: 'float', value: 0.25 });
  node.setAttributes(attributes);
  const saved = await saveBytes(model);
  const changed = nodeOf(
    'LeakyRelu',
    ['a'],
    ['b'],
    field(5, field(1, 'alpha'), float32(2, 0.25), integer(20, 1)),
    OTHER,
    field(8, 'overload'),
    field(3, 'second'),
  );
  assert.deepEqual(saved, splice([FIRST, changed, THIRD]));
});

test('attributes that are set to what they were keep their bytes', async () => {
  const { model } = await openBytes(MODEL);
  const node = model.graph.node('second');
  assert.ok(node);
  const same = [...node.attributes].map(([name, a]): [string, Attribute] => [name, { ...a }]);
  node.setAttributes(new Map(same));
  assert.deepEqual(await saveBytes(model), MODEL);
});

test('an inserted node and initializer stand where they belong', async () => {
  const { model } = await openBytes(MODEL);
  const { graph } = model;
  const third = graph.node('third') ?? null;
  const [b] = graph.node('second')?.outputs ?? [];
  assert.ok(third && b);
  const c = graph.ensureValue('c');
  const scale = graph.addInitializer('s', scalar('s', 2));
  graph.setInput(third, 0, c);
  graph.addNode({ name: 'new', opType: 'Mul', inputs: [b, scale], outputs: [c] }, third);
  const inserted = field(
    1,
    field(1, 'b'),
    field(1, 's'),
    field(2, 'c'),
    field(3, 'new'),
    field(4, 'Mul'),
  );
  const changedThird = nodeOf('Add', ['c', 'w'], ['y'], field(3, 'third'));
  const newTensor = field(5, integer(2, 1), field(8, 's'), field(9, Uint8Array.of(0, 0, 0, 64)));
  const [w = W, ...rest] = TAIL;
  assert.deepEqual(
    await saveBytes(model),
    modelOf(FIRST, SECOND, inserted, changedThird, field(2, 'main'), w, newTensor, ...rest),
  );
});

test('a removed node, its value info and a removed initializer vanish', async () => {
  const { model } = await openBytes(MODEL);
  const { graph } = model;
  const second = graph.node('second');
  const third = graph.node('third');
  const a = graph.value('a');
  const b = graph.value('b');
  const w = graph.value('w');
  assert.ok(second && third && a && b && w);
  graph.replaceAllUses(b, a);
  graph.removeNode(second);
  graph.setInput(third, 1, a);
  graph.removeInitializer(w);
  const changedThird = nodeOf('Add', ['a', 'a'], ['y'], field(3, 'third'));
  const [, x, y, infoA] = TAIL;
  assert.ok(x && y && infoA);
  assert.deepEqual(
    await saveBytes(model),
    modelOf(FIRST, changedThird, field(2, 'main'), x, y, infoA),
  );
});

test('a renamed value keeps the rest of its initializer, value info and nodes', async () => {
  const { model } = await openBytes(MODEL);
  const { graph } = model;
  for (const name of ['w', 'a']) {
    const value = graph.value(name);
    assert.ok(value);
    graph.renameValue(value, `${name}_new`);
  }
  const reopened = await openBytes(await saveBytes(model));
  assert.deepEqual(reopened.diagnostics, []);
  assert.equal(reopened.model.graph.node('first')?.outputs[0]?.name, 'a_new');
  assert.deepEqual(reopened.model.graph.value('a_new')?.shape, [2]);
  assert.equal(reopened.model.graph.value('w_new')?.tensor?.bytes.resident()?.length, 8);
  const saved = Buffer.from(await saveBytes(model));
  for (const text of ['extra', 'kept', 'overload']) assert.ok(saved.includes(text), text);
});

test('a retyped value says so in the file', async () => {
  const { model } = await openBytes(MODEL);
  const a = model.graph.value('a');
  assert.ok(a);
  model.graph.retype(a, 'int8', [2, 'N']);
  const { model: again } = await openBytes(await saveBytes(model));
  assert.equal(again.graph.value('a')?.dataType, 'int8');
  assert.deepEqual(again.graph.value('a')?.shape, [2, 'N']);
});

test('types that inference wrote do not change the file', async () => {
  const { model } = await openBytes(MODEL);
  for (const value of model.graph.values()) {
    value.dataType = 'int4';
    value.shape = [7];
  }
  assert.deepEqual(await saveBytes(model), MODEL);
});

test('opsets, metadata and IR version can be replaced', async () => {
  const { model } = await openBytes(MODEL);
  const changed = {
    ...model,
    irVersion: 11,
    opsets: new Map([
      ['', 23],
      ['com.x', 1],
    ]),
    metadata: new Map([['key', 'value']]),
  };
  const graph = field(7, FIRST, SECOND, THIRD, field(2, 'main'), ...TAIL);
  assert.deepEqual(
    await saveBytes(changed),
    join(
      integer(1, 11),
      graph,
      field(8, integer(2, 23)),
      field(8, field(1, 'com.x'), integer(2, 1)),
      field(14, field(1, 'key'), field(2, 'value')),
    ),
  );
});

test('moved nodes are written in their new order', async () => {
  const { model } = await openBytes(MODEL);
  const { graph } = model;
  const first = graph.node('first');
  assert.ok(first);
  const { inputs, outputs, name, opType, source, attributeSource } = first;
  graph.removeNode(first);
  graph.addNode({ name, opType, inputs, outputs, source, attributes: attributeSource });
  assert.deepEqual(await saveBytes(model), splice([SECOND, THIRD, FIRST]));
});

test('before IR version 4 a new initializer is listed as an input too', async () => {
  const old = join(varint(8), varint(3), MODEL.subarray(2));
  const { model } = await openBytes(old);
  model.graph.addInitializer('s', scalar('s', 1));
  const { model: again } = await openBytes(await saveBytes(model));
  assert.deepEqual(
    again.graph.inputs.map(({ name }) => name),
    ['x'],
  );
  const listed = field(11, field(1, 's'), field(2, field(1, integer(1, 1), field(2))));
  assert.ok(Buffer.from(await saveBytes(model)).includes(Buffer.from(listed)));
});

test('a model that was made from nothing can be saved', async () => {
  const parsed = parseOnnxText(
    'g (float[N, ?] x) => (float[N, 2] y) <float[2] w = {1, 2}> { y = Mul(x, w) }',
  );
  assert.ok(parsed.ok);
  const { model } = await openBytes(await saveBytes(parsed.value));
  assert.deepEqual(model.graph.inputs[0]?.shape?.[0], 'N');
  assert.deepEqual(
    [...(model.graph.value('w')?.tensor?.bytes.resident() ?? [])],
    [0, 0, 128, 63, 0, 0, 0, 64],
  );
});
