import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensorNumbers } from '../../../src/core/ir/tensor-values.ts';
import { blobSource, bufferSource, openModel } from '../../../src/core/onnx/index.ts';
import type { ByteSource, OpenedModel } from '../../../src/core/onnx/index.ts';
import { saveBytes } from './open-bytes.ts';
import { field, infoOf, integer, modelOf, nodeOf, tensorOf } from './wire-builder.ts';

const external = (name: string, location: string, offset?: number, length?: number): Uint8Array => {
  const entry = (key: string, value: string): Uint8Array =>
    field(13, field(1, key), field(2, value));
  return tensorOf(
    name,
    1,
    [length === undefined ? 2 : Math.round(length / 4)],
    entry('location', location),
    ...(offset === undefined ? [] : [entry('offset', String(offset))]),
    ...(length === undefined ? [] : [entry('length', String(length))]),
    integer(14, 1),
  );
};
const modelWith = (...tensors: Uint8Array[]): Uint8Array =>
  modelOf(nodeOf('Op', ['x'], ['y']), ...tensors, infoOf(11, 'x'), infoOf(12, 'y'));
const floats = (...values: number[]): Uint8Array =>
  new Uint8Array(Float32Array.from(values).buffer);

async function open(...sources: ByteSource[]): Promise<OpenedModel> {
  const opened = await openModel(sources);
  assert.ok(opened.ok, opened.ok ? '' : opened.error.message);
  return opened.value;
}
const numbers = ({ model }: OpenedModel, name: string): number[] => {
  const tensor = model.graph.value(name)?.tensor;
  return [...((tensor && tensorNumbers(tensor)) ?? [])];
};

test('tensors are found in one file and in many, with offsets and without', async () => {
  const bytes = modelWith(
    external('a', 'weights.bin', 8, 8),
    external('b', './weights.bin'),
    external('c', 'sub/other.bin', 4),
    external('d', 'weights.bin', 12, 4),
  );
  const opened = await open(
    bufferSource('weights.bin', floats(1, 2, 3, 4)),
    bufferSource('model.onnx', bytes),
    blobSource('other.bin', new Blob([Buffer.from(floats(0, 5, 6))])),
  );
  assert.deepEqual(opened.diagnostics, []);
  assert.deepEqual(numbers(opened, 'a'), [3, 4]);
  assert.deepEqual(numbers(opened, 'b'), [1, 2]);
  assert.deepEqual(numbers(opened, 'c'), [5, 6]);
  assert.deepEqual(numbers(opened, 'd'), [4]);
  assert.equal(opened.model.graph.value('c')?.tensor?.location, 'sub/other.bin');
  assert.deepEqual(await saveBytes(opened.model), bytes);
});

test('large external data is read when asked for, and only then', async () => {
  const data = new Uint8Array(400_000);
  data.set(floats(7), 200_000);
  let reads = 0;
  const source: ByteSource = {
    name: 'w.bin',
    size: data.length,
    read: (offset, length) => {
      reads++;
      return Promise.resolve(data.subarray(offset, offset + length));
    },
  };
  const opened = await open(
    bufferSource('m.onnx', modelWith(external('a', 'w.bin', 200_000, 200_000))),
    source,
  );
  assert.equal(reads, 0);
  const bytes = opened.model.graph.value('a')?.tensor?.bytes;
  assert.equal(bytes?.resident(), undefined);
  const read = await bytes?.read();
  assert.ok(read?.ok);
  assert.equal(new DataView(read.value.buffer, read.value.byteOffset).getFloat32(0, true), 7);
});

test('small external tensors next to each other are read together', async () => {
  const data = new Uint8Array(4000);
  let reads = 0;
  const source: ByteSource = {
    name: 'w.bin',
    size: data.length,
    read: (offset, length) => {
      reads++;
      return Promise.resolve(data.subarray(offset, offset + length));
    },
  };
  const tensors = Array.from({ length: 100 }, (_, i) => external(`t${i}`, 'w.bin', 8 * i, 8));
  const opened = await open(bufferSource('m.onnx', modelWith(...tensors)), source);
  assert.equal(reads, 1);
  assert.deepEqual(numbers(opened, 't99'), [0, 0]);
});

test('a missing data file is named once, and the model is still shown', async () => {
  const opened = await open(
    bufferSource('m.onnx', modelWith(external('a', 'w.bin'), external('b', 'w.bin'))),
  );
  assert.deepEqual(
    opened.diagnostics.map(({ code, place }) => [code, place?.file]),
    [['onnx/missing-external-data', 'w.bin']],
  );
  const read = await opened.model.graph.value('b')?.tensor?.bytes.read();
  assert.equal(read?.ok === false && read.error.code, 'onnx/missing-external-data');
});

test('external data beyond the end of its file, or of the wrong length, is said', async () => {
  const opened = await open(
    bufferSource('m.onnx', modelWith(external('a', 'w.bin', 100, 8), external('b', 'w.bin', 0, 5))),
    bufferSource('w.bin', floats(1, 2)),
  );
  assert.deepEqual(opened.diagnostics.map(({ code }) => code).sort(), [
    'onnx/external-data-out-of-range',
    'onnx/tensor-size',
  ]);
  for (const name of ['a', 'b'])
    assert.equal(opened.model.graph.value(name)?.tensor?.bytes.resident(), undefined);
});
