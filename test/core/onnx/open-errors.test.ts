import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { bufferSource, openModel } from '../../../src/core/onnx/index.ts';
import type { ByteSource } from '../../../src/core/onnx/index.ts';
import { failureOf, openBytes } from './open-bytes.ts';
import { field, infoOf, integer, join, modelOf, nodeOf, tensorOf } from './wire-builder.ts';

const IO = [infoOf(11, 'x'), infoOf(12, 'y')];
const GOOD = modelOf(nodeOf('Relu', ['x'], ['y']), ...IO);
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

test('files that are no models are called what they look like', async () => {
  const cases: readonly (readonly [content: Uint8Array, want: RegExp])[] = [
    [text('PK\x03\x04rest'), /zip archive/],
    [gzipSync(GOOD), /gzip archive/],
    [text('{"a": 1}'), /JSON text/],
    [text('hello\n'), /text file/],
    [text('version https://git-lfs.github.com/spec/v1\n'), /Git LFS pointer/],
    [text('<!DOCTYPE html>'), /web page/],
    [join(Uint8Array.of(28, 0, 0, 0), text('TFL3\0\0')), /TensorFlow Lite/],
    [text('\x89HDF\r\n\x1a\n'), /binary file|HDF5/],
    [deflateRawSync(GOOD), /binary file/],
    [Uint8Array.of(0, 1, 2, 3), /binary file/],
  ];
  for (const [content, want] of cases) {
    const opened = await openModel([bufferSource('m.onnx', content)]);
    assert.ok(!opened.ok);
    assert.equal(opened.error.code, 'onnx/not-onnx');
    assert.match(opened.error.message, want);
    assert.equal(opened.error.place?.file, 'm.onnx');
  }
});

test('empty, cut-off, damaged and graphless files are told apart', async () => {
  assert.equal(await failureOf(new Uint8Array()), 'onnx/empty-file');
  assert.equal(await failureOf(GOOD.subarray(0, GOOD.length - 6)), 'onnx/truncated');
  assert.equal(await failureOf(join(integer(1, 8), field(8, integer(2, 17)))), 'onnx/no-graph');
  assert.equal(await failureOf(join(GOOD, Uint8Array.of(7))), 'onnx/corrupt');
  assert.equal(await failureOf(join(GOOD, field(7))), 'onnx/corrupt');
  const wrongWire = modelOf(field(1, integer(4, 3)), ...IO);
  assert.equal(await failureOf(wrongWire), 'onnx/corrupt');
  const tooLong = modelOf(field(1, Uint8Array.of(0x0a, 100, 1)), ...IO);
  assert.equal(await failureOf(tooLong), 'onnx/corrupt');
});

test('no file, and several files without a model', async () => {
  const none = await openModel([]);
  assert.equal(none.ok ? '' : none.error.code, 'onnx/no-model');
  const two = await openModel([bufferSource('a.txt', text('a')), bufferSource('b.txt', text('b'))]);
  assert.equal(two.ok ? '' : two.error.code, 'onnx/no-model');
  const meant = await openModel([
    bufferSource('w.bin', text('b')),
    bufferSource('a.onnx', text('version https://git-lfs')),
  ]);
  assert.match(meant.ok ? '' : meant.error.message, /a\.onnx .*Git LFS pointer/);
});

test('a cycle names the nodes on it', async () => {
  const cyclic = modelOf(
    nodeOf('Add', ['x', 'c'], ['a'], field(3, 'n1')),
    nodeOf('Relu', ['a'], ['b'], field(3, 'n2')),
    nodeOf('Relu', ['b'], ['c'], field(3, 'n3')),
    nodeOf('Relu', ['c'], ['y'], field(3, 'after')),
    ...IO,
  );
  const opened = await openModel([bufferSource('m.onnx', cyclic)]);
  assert.ok(!opened.ok);
  assert.equal(opened.error.code, 'onnx/cycle');
  for (const name of ['n1', 'n2', 'n3']) assert.ok(opened.error.message.includes(name));
  assert.ok(!opened.error.message.includes('after'));
});

test('missing inputs and values that are made twice are errors', async () => {
  assert.equal(
    await failureOf(modelOf(nodeOf('Relu', ['nobody'], ['y']), ...IO)),
    'onnx/missing-input',
  );
  assert.equal(await failureOf(modelOf(...IO)), 'onnx/missing-input');
  const twice = [nodeOf('Relu', ['x'], ['y']), nodeOf('Abs', ['x'], ['y'])];
  assert.equal(await failureOf(modelOf(...twice, ...IO)), 'onnx/duplicate-value-name');
  const shadowed = modelOf(nodeOf('Relu', ['x'], ['y']), tensorOf('y', 1, [0]), ...IO);
  assert.equal(await failureOf(shadowed), 'onnx/duplicate-value-name');
});

test('nodes out of order are a warning, and are sorted on demand', async () => {
  const { model, diagnostics } = await openBytes(
    modelOf(nodeOf('Relu', ['a'], ['y']), nodeOf('Relu', ['x'], ['a']), ...IO),
  );
  assert.deepEqual(
    diagnostics.map(({ code, severity }) => [code, severity]),
    [['onnx/out-of-order', 'warning']],
  );
  assert.deepEqual(
    [...model.graph.nodes()].map(({ name }) => name),
    ['node_of_y', 'node_of_a'],
  );
  assert.deepEqual(
    model.graph.sortedNodes().map(({ name }) => name),
    ['node_of_a', 'node_of_y'],
  );
});

test('node names become unique for display', async () => {
  const { model, diagnostics } = await openBytes(
    modelOf(
      nodeOf('Relu', ['x'], ['a'], field(3, 'n')),
      nodeOf('Relu', ['a'], ['b'], field(3, 'n')),
      nodeOf('Relu', ['b'], ['y']),
      ...IO,
    ),
  );
  assert.deepEqual(
    [...model.graph.nodes()].map(({ name }) => name),
    ['n', 'n_2', 'node_of_y'],
  );
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['onnx/duplicate-node-name'],
  );
});

test('thousands of equal names take no quadratic time', async () => {
  const nodes = Array.from({ length: 30_000 }, () => nodeOf('Relu', ['x'], ['y'], field(3, 'n')));
  const started = performance.now();
  assert.equal(await failureOf(modelOf(...nodes, ...IO)), 'onnx/duplicate-value-name');
  assert.ok(performance.now() - started < 5000);
});

test('unknown element types and huge integers are warnings', async () => {
  const { model, diagnostics } = await openBytes(
    modelOf(
      nodeOf('Add', ['x', 'w'], ['y']),
      tensorOf('w', 99, [1], field(9, 'a')),
      field(
        11,
        field(1, 'x'),
        field(2, field(1, integer(1, 1), field(2, field(1, integer(1, 2n ** 60n))))),
      ),
      infoOf(12, 'y'),
    ),
  );
  const codes = diagnostics.map(({ code }) => code).sort();
  assert.deepEqual(codes, ['onnx/integer-too-large', 'onnx/unsupported-type']);
  assert.match(String(model.graph.inputs[0]?.shape?.[0]), /^unk__/);
});

test('data that does not fit its dimensions is a warning and unreadable', async () => {
  const { model, diagnostics } = await openBytes(
    modelOf(nodeOf('Add', ['x', 'w'], ['y']), tensorOf('w', 1, [3], field(9, 'abcd')), ...IO),
  );
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['onnx/tensor-size'],
  );
  const bytes = model.graph.value('w')?.tensor?.bytes;
  assert.equal(bytes?.resident(), undefined);
  const read = await bytes?.read();
  assert.equal(read?.ok, false);
});

test('subgraphs without end are refused, not followed', async () => {
  let graph: Uint8Array = field(6, field(2, 'innermost'));
  for (let i = 0; i < 2000; i++)
    graph = field(6, field(1, field(2, 'o'), field(4, 'If'), field(5, field(1, 'g'), graph)));
  const bytes = modelOf(nodeOf('If', ['x'], ['y'], field(5, field(1, 'g'), graph)), ...IO);
  assert.equal(await failureOf(bytes), 'onnx/corrupt');
});

test('a source that fails or is cancelled gives a diagnostic', async () => {
  const failing: ByteSource = {
    name: 'm.onnx',
    size: 100,
    read: () => Promise.reject(new Error('gone')),
  };
  const opened = await openModel([failing]);
  assert.equal(opened.ok ? '' : opened.error.code, 'base/read-failed');
  const controller = new AbortController();
  controller.abort();
  const slow: ByteSource = {
    name: 'm.onnx',
    size: 100,
    read: (_offset, _length, signal) =>
      Promise.reject(signal?.aborted ? new Error('aborted') : new Error('no signal')),
  };
  const stopped = await openModel([slow], { signal: controller.signal });
  assert.equal(stopped.ok ? '' : stopped.error.code, 'base/cancelled');
});
