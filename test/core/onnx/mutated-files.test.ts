import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bufferSource, openModel, printOnnxText, saveModel } from '../../../src/core/onnx/index.ts';
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
import { givenModels, skipGiven } from './given-models.ts';

/** Numbers that are the same in each run. */
function random(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** One damaged copy: cut off, bits flipped, a piece doubled, moved, overwritten or taken out. */
function mutate(bytes: Uint8Array, other: Uint8Array, next: (limit: number) => number): Uint8Array {
  const from = next(bytes.length);
  const length = 1 + next(Math.min(64, bytes.length - from));
  const piece = bytes.subarray(from, from + length);
  const copy = bytes.slice();
  switch (next(7)) {
    case 0:
      return bytes.subarray(0, from);
    case 1:
      for (let i = next(4); i >= 0; i--) copy[next(copy.length)] = next(256);
      return copy;
    case 2:
      copy[from] = (copy[from] ?? 0) ^ (1 << next(8));
      return copy;
    case 3:
      return join(bytes.subarray(0, from), bytes.subarray(from + length));
    case 4:
      return join(bytes.subarray(0, from), piece, bytes.subarray(from));
    case 5:
      copy.set(piece, next(bytes.length - length + 1));
      return copy;
    default:
      return join(bytes.subarray(0, from), other.subarray(next(other.length)));
  }
}

/** A small model that has everything: subgraphs, functions, attributes of all kinds, data of all kinds. */
function fullModel(): Uint8Array {
  const inner = [
    nodeOf('Add', ['x', 'w'], ['o']),
    infoOf(12, 'o'),
    tensorOf('v', 7, [2], field(7, varint(3), varint(-1))),
  ];
  const attributes = [
    field(5, field(1, 'f'), float32(2, 0.5), integer(20, 1)),
    field(5, field(1, 'i'), integer(3, -5), integer(20, 2)),
    field(5, field(1, 's'), field(4, 'text'), integer(20, 3)),
    field(5, field(1, 't'), field(5, integer(1, 1), integer(2, 1), float32(4, 2)), integer(20, 4)),
    field(5, field(1, 'g'), field(6, ...inner), integer(20, 5)),
    field(5, field(1, 'is'), field(8, varint(1), varint(2)), integer(20, 7)),
    field(5, field(1, 'ss'), field(9, 'a'), field(9, 'b'), integer(20, 8)),
  ];
  const external = [
    field(13, field(1, 'location'), field(2, 'w.bin')),
    field(13, field(1, 'offset'), field(2, '4')),
    integer(14, 1),
  ];
  return join(
    modelOf(
      nodeOf('Op', ['x', 'w', '', 'e'], ['a'], field(3, 'first'), ...attributes),
      nodeOf('QuantizeLinear', ['a', 'w'], ['y']),
      tensorOf('w', 1, [1], field(9, Uint8Array.of(0, 0, 128, 63))),
      tensorOf('e', 1, [1], ...external),
      infoOf(11, 'x', [1, 3]),
      infoOf(12, 'y'),
      infoOf(13, 'a'),
    ),
    field(14, field(1, 'k'), field(2, 'v')),
    field(
      25,
      field(1, 'F'),
      field(4, 'p'),
      field(5, 'q'),
      field(7, field(1, 'p'), field(2, 'q'), field(4, 'Relu')),
    ),
  );
}

const external = bufferSource('w.bin', new Uint8Array(16));

/** Opens a damaged file, and uses what opened as the tools do. Says whether it opened. */
async function survive(bytes: Uint8Array, limit?: number): Promise<boolean> {
  const whole = bufferSource('m.onnx', bytes);
  const read = (offset: number, length: number): Promise<Uint8Array> => whole.read(offset, length);
  const source = limit === undefined ? whole : { name: 'm.onnx', size: bytes.length, read };
  const opened = await openModel(
    [source, external],
    limit === undefined ? {} : { wholeFileLimit: limit },
  );
  if (!opened.ok) {
    assert.match(opened.error.code, /^(onnx|base)\//);
    assert.ok(opened.error.message.length > 10 && opened.error.advice.length > 10);
    assert.doesNotMatch(opened.error.message, /undefined|NaN|\[object|RangeError|TypeError/);
    return false;
  }
  const { model } = opened.value;
  printOnnxText(model);
  const saved = await saveModel(model);
  assert.ok(saved.ok);
  assert.ok(Buffer.from(await saved.value.arrayBuffer()).equals(bytes), 'saved bytes differ');
  model.graph.clone();
  return true;
}

test('3,000 damaged copies of a model that has everything neither throw nor hang', async (t) => {
  const base = fullModel();
  assert.ok(await survive(base));
  const next = random(1);
  let opened = 0;
  const started = performance.now();
  for (let i = 0; i < 3000; i++) {
    const once = mutate(base, base, next);
    const bytes = next(3) === 0 && once.length > 0 ? mutate(once, base, next) : once;
    if (await survive(bytes)) opened++;
  }
  t.diagnostic(`${opened} of 3000 opened`);
  assert.ok(opened > 100 && opened < 2900);
  assert.ok(performance.now() - started < 20_000);
});

test('damaged copies read by windows neither throw nor hang', async () => {
  const base = fullModel();
  const next = random(2);
  for (let i = 0; i < 500; i++) await survive(mutate(base, base, next), 0);
});

test('damaged copies of given models neither throw nor hang', { skip: skipGiven }, async () => {
  const small = [...givenModels()].filter(({ bytes }) => bytes.length < 40_000).slice(0, 4);
  assert.equal(small.length, 4);
  const next = random(3);
  for (const { bytes } of small)
    for (let i = 0; i < 60; i++) {
      const other = small[next(small.length)]?.bytes ?? bytes;
      await survive(mutate(bytes, other, next));
    }
});
