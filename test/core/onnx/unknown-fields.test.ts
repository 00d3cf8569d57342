import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBytes, saveBytes } from './open-bytes.ts';
import { field, fixed64, float32, infoOf, integer, join, tensorOf } from './wire-builder.ts';

/** Fields of every wire type with numbers that ONNX does not use, and one beyond four bytes of tag. */
const EXTRAS = (level: string): Uint8Array[] => [
  integer(4000, 7),
  fixed64(4001, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)),
  field(4002, `unknown in ${level}`),
  float32(536870911, 1.5),
];
const props = (number: number, level: string): Uint8Array =>
  field(number, field(1, 'level'), field(2, level), ...EXTRAS(`${level} props`));

const attribute = field(5, ...EXTRAS('attribute'), field(1, 'k'), integer(3, 5), integer(20, 2));
const node = field(
  1,
  field(1, 'x'),
  field(2, 'y'),
  ...EXTRAS('node'),
  field(4, 'Op'),
  attribute,
  field(8, 'overload'),
  props(9, 'node'),
  field(10, field(1, 'device configuration')),
);
const tensor = tensorOf(
  'w',
  1,
  [1],
  field(9, Uint8Array.of(0, 0, 0, 0)),
  props(16, 'tensor'),
  ...EXTRAS('tensor'),
);
const info = (number: number, name: string): Uint8Array =>
  field(
    number,
    field(1, name),
    field(2, field(1, integer(1, 1), ...EXTRAS('type')), ...EXTRAS('type')),
    props(4, 'value info'),
    ...EXTRAS('value info'),
  );
const graph = field(
  7,
  ...EXTRAS('graph'),
  node,
  field(1, field(1, 'y'), field(1, 'w'), field(2, 'z'), field(4, 'Add')),
  tensor,
  info(11, 'x'),
  info(12, 'z'),
  info(13, 'y'),
  field(14, field(1, 'y'), ...EXTRAS('annotation')),
  props(16, 'graph'),
);
const FUNCTION = field(
  25,
  field(1, 'f'),
  field(10, 'local'),
  field(7, field(4, 'Relu'), field(8, 'o')),
  ...EXTRAS('function'),
);
const MODEL = join(
  ...EXTRAS('model'),
  integer(1, 13),
  field(20, field(1, 'training')),
  graph,
  field(8, integer(2, 23), ...EXTRAS('opset')),
  props(14, 'model'),
  FUNCTION,
  field(26, field(1, 'configuration'), integer(2, 2)),
);

test('unknown fields of every level survive an unchanged round trip', async () => {
  const { model } = await openBytes(MODEL);
  assert.deepEqual(await saveBytes(model), MODEL);
});

test('unknown fields survive when their own message is changed', async () => {
  const { model } = await openBytes(MODEL);
  const { graph: main } = model;
  const [first] = main.nodes();
  const [x, y, w] = ['x', 'y', 'w'].map((name) => main.value(name));
  assert.ok(first && x && y && w);
  first.setAttributes(
    new Map([...first.attributes, ['new', { name: 'new', type: 'int', value: 1n }]]),
  );
  main.renameValue(w, 'weight');
  main.retype(x, 'float16', [3]);
  main.retype(y, 'float16', undefined);
  main.name = 'renamed';
  const saved = Buffer.from(await saveBytes({ ...model, producerName: 'test' }));
  assert.notDeepEqual(saved, Buffer.from(MODEL));
  const levels = [
    'model',
    'graph',
    'node',
    'attribute',
    'tensor',
    'value info',
    'annotation',
    'function',
    'opset',
  ];
  for (const level of levels)
    for (const extra of EXTRAS(level)) assert.ok(saved.includes(Buffer.from(extra)), level);
  for (const text of ['overload', 'device configuration', 'training', 'configuration', 'weight'])
    assert.ok(saved.includes(text), text);
  const again = await openBytes(saved);
  assert.deepEqual(
    [...(again.model.graph.node('node_of_y')?.attributes.keys() ?? [])],
    ['k', 'new'],
  );
});

test('a value info that is about nothing stays', async () => {
  const odd = join(
    integer(1, 8),
    field(7, node, infoOf(11, 'x'), infoOf(12, 'y'), infoOf(13, 'nobody')),
  );
  const { model } = await openBytes(odd);
  const y = model.graph.value('y');
  assert.ok(y);
  model.graph.renameValue(y, 'yy');
  assert.ok(Buffer.from(await saveBytes(model)).includes(Buffer.from(infoOf(13, 'nobody'))));
});
