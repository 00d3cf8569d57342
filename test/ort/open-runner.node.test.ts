import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Diagnostic } from '../../src/core/base/diagnostic.ts';
import type { RunTensor } from '../../src/core/inputs/run-tensor.ts';
import type { Model } from '../../src/core/ir/model.ts';
import { bufferSource, openModel } from '../../src/core/onnx/index.ts';
import type { ByteSource } from '../../src/core/onnx/index.ts';
import { ortRunner } from '../../src/ort/open-runner.ts';
import { prepareModel } from '../../src/ort/prepare-model.ts';
import {
  checksum,
  feedsOf,
  floats,
  modelOf,
  NETWORK,
  NETWORK_FEEDS,
  NETWORK_SUMS,
  noise,
  valueOf,
} from './run-support.ts';

const open = ortRunner({ threads: 1 });

async function run(
  model: Model,
  wanted: readonly string[],
  feeds: Readonly<Record<string, RunTensor>>,
): Promise<ReadonlyMap<string, RunTensor>> {
  const runner = valueOf(await open(model, wanted));
  const answer = valueOf(await runner.run(feedsOf(feeds)));
  await runner.release();
  return answer;
}

async function refusal(
  graph: string,
  wanted: readonly string[],
  feeds?: Readonly<Record<string, RunTensor>>,
): Promise<Diagnostic> {
  const opened = await open(modelOf(graph), wanted);
  if (!opened.ok) return opened.error;
  assert.ok(feeds, 'the model was meant to be refused');
  const answer = await opened.value.run(feedsOf(feeds));
  await opened.value.release();
  assert.ok(!answer.ok, 'the run was meant to fail');
  return answer.error;
}

const QDQ = `g (float[8] x) => (float[8] y) <float s = {1}, int8 z = {0}>
  { q = QuantizeLinear (x, s, z) y = DequantizeLinear (q, s, z) }`;

test('Q/DQ rounds half to even and saturates', async () => {
  const x = floats([0.5, 1.5, -2.5, 2.5, 126.5, 127.6, -129, 1e9]);
  const answer = await run(modelOf(QDQ), ['q', 'y'], { x });
  assert.deepEqual(answer.get('q'), {
    dataType: 'int8',
    dims: [8],
    data: Int8Array.of(0, 2, -2, 2, 126, 127, -128, 127),
  });
  assert.deepEqual(answer.get('y')?.data, Float32Array.of(0, 2, -2, 2, 126, 127, -128, 127));
});

test('FP8 Q/DQ runs, and saturates at 448', async () => {
  const graph = QDQ.replace('int8 z', 'float8e4m3fn z');
  const x = floats([0.5, 1.0625, 1.1875, 300, 464, 1e6, -1e6, 0.001953125]);
  const answer = await run(modelOf(graph), ['y'], { x });
  assert.deepEqual(
    answer.get('y')?.data,
    Float32Array.of(0.5, 1, 1.25, 288, 448, 448, -448, 0.001953125),
  );
});

test('the numbers of a small network are those that are written down', async () => {
  const model = modelOf(NETWORK);
  const runner = valueOf(await open(model, ['c', 'h', 'y']));
  const answer = valueOf(await runner.run(NETWORK_FEEDS));
  for (const [name, sum] of Object.entries(NETWORK_SUMS)) {
    const tensor = answer.get(name);
    assert.ok(tensor);
    assert.equal(checksum(tensor), sum, name);
  }
  const again = valueOf(await runner.run(NETWORK_FEEDS));
  assert.deepEqual(again, answer);
  await runner.release();
});

test('intermediate values are the same asked for together, one by one, and as model outputs', async () => {
  const model = modelOf(NETWORK);
  const names = [...model.graph.nodes()].map((node) => node.outputs[0]?.name ?? '');
  const all = valueOf(await open(model, names));
  const together = valueOf(await all.run(NETWORK_FEEDS));
  assert.deepEqual([...together.keys()], names);
  for (const name of names) {
    const runner = valueOf(await open(model, [name]));
    const alone = valueOf(await runner.run(NETWORK_FEEDS));
    assert.deepEqual(alone.get(name), together.get(name), name);
    await runner.release();
  }
  await all.release();
  assert.deepEqual(
    model.graph.outputs.map(({ name }) => name),
    ['y'],
    'the model itself is not changed',
  );
});

test('element types come and go as they are', async () => {
  const graph = `g (float[3] x, bool[3] b, int64[3] i, float16[3] h, uint8[3] u) => (bool[3] nb)
    { nb = Not (b) ni = Neg (i) nh = Neg (h) nu = BitwiseNot (u) d = Cast <to = 11> (x)
      s = Cast <to = 5> (x) w = Cast <to = 12> (x) }`;
  const answer = await run(modelOf(graph), ['nb', 'ni', 'nh', 'nu', 'd', 's', 'w'], {
    x: floats([1, 2, 3]),
    b: { dataType: 'bool', dims: [3], data: Uint8Array.of(0, 1, 0) },
    i: { dataType: 'int64', dims: [3], data: BigInt64Array.of(1n, -(2n ** 60n), 0n) },
    h: { dataType: 'float16', dims: [3], data: Uint16Array.of(0x3c00, 0xc000, 0) },
    u: { dataType: 'uint8', dims: [3], data: Uint8Array.of(0, 255, 15) },
  });
  assert.deepEqual(answer.get('nb')?.data, Uint8Array.of(1, 0, 1));
  assert.deepEqual(answer.get('ni')?.data, BigInt64Array.of(-1n, 2n ** 60n, 0n));
  assert.deepEqual(answer.get('nh')?.data, Uint16Array.of(0xbc00, 0x4000, 0x8000));
  assert.deepEqual(answer.get('nu')?.data, Uint8Array.of(255, 0, 240));
  assert.deepEqual(answer.get('d')?.data, Float64Array.of(1, 2, 3));
  assert.deepEqual(answer.get('s')?.data, Int16Array.of(1, 2, 3));
  assert.deepEqual(answer.get('w')?.data, Uint32Array.of(1, 2, 3));
});

test('inputs and constants can be asked for too, without a run', async () => {
  const x = floats([1, 2]);
  const graph = 'g (float[2] x) => (float[2] y) <int64[2] w = {3, -4}> { y = Relu (x) }';
  const answer = await run(modelOf(graph), ['w', 'x'], { x });
  assert.equal(answer.get('x'), x);
  assert.deepEqual(answer.get('w'), {
    dataType: 'int64',
    dims: [2],
    data: BigInt64Array.of(3n, -4n),
  });
});

test('only big weights leave the file, and only those that are needed', async () => {
  const graph = `g (float[2] x) => (float[255] y, float[256] z)
    <float[2, 255] a = {0.5 ...}, float[2, 256] b = {0.25 ...}, float[255] c = {1 ...}>
    { t = MatMul (x, a) y = Add (t, c) [foreign] z = trt.plugins.Foo (x, b) }`;
  const prepared = valueOf(await prepareModel(modelOf(graph), ['y']));
  assert.deepEqual(
    prepared.externalData.map(({ data }) => data.length),
    [2040],
  );
  assert.ok(prepared.proto.length > 1020 && prepared.proto.length < 1400);
  const answer = await run(modelOf(graph), ['y'], { x: floats([1, 2]) });
  assert.deepEqual(answer.get('y')?.data, new Float32Array(255).fill(2.5));
});

test('what the subgraph of an If reads is kept', async () => {
  const graph = `g (float[2] x, bool c) => (float[2] y) <float[2] k = {5, 6}> {
    r = Relu (x)
    y = If <then_branch = t () => (float[2] a) { a = Add (r, k) }, else_branch = e () => (float[2] b) { b = Neg (r) }> (c)
  }`;
  const c: RunTensor = { dataType: 'bool', dims: [], data: Uint8Array.of(1) };
  const answer = await run(modelOf(graph), ['y'], { x: floats([-1, 2]), c });
  assert.deepEqual(answer.get('y')?.data, Float32Array.of(5, 8));
});

test('feeds that do not fit are named', async () => {
  const graph = 'g (float[N, 2] x, float[N, 2] k) => (float[N, 2] y) { y = Add (x, k) }';
  const x = floats([1, 2], [1, 2]);
  const codes = async (feeds: Readonly<Record<string, RunTensor>>) => {
    const { code, message } = await refusal(graph, ['y'], feeds);
    return [code, message];
  };
  assert.deepEqual(await codes({ x }), ['runtime/feed-missing', 'The input k was given no data.']);
  assert.deepEqual(await codes({ x, k: floats([1, 2]) }), [
    'runtime/feed-shape',
    'The input k wants the shape [1, 2], but was given [2].',
  ]);
  assert.deepEqual(await codes({ x, k: floats([1, 2, 3, 4], [2, 2]) }), [
    'runtime/feed-shape',
    'The input k wants the shape [1, 2], but was given [2, 2].',
  ]);
  assert.deepEqual(await codes({ x, k: { ...x, dataType: 'float64' } }), [
    'runtime/feed-type',
    'The input k wants float32, but was given float64.',
  ]);
  assert.deepEqual(await codes({ x, k: { ...x, data: Int8Array.of(1, 2) } }), [
    'runtime/feed-type',
    'The input k wants float32, but was given Int8Array.',
  ]);
  assert.deepEqual(await codes({ x, k: floats([1], [1, 2]) }), [
    'runtime/feed-data-length',
    'The input k was given 1 elements where its dimensions want 2.',
  ]);
  assert.deepEqual(await codes({ x, k: x, j: x }), [
    'runtime/feed-unknown',
    'The model has no input j.',
  ]);
});

test('what cannot be run is refused with the node to blame', async () => {
  const from = (node: string, type = 'float') =>
    `g (${type}[6] x) => (${type}[6] y) <int64[2] s = {4, 2}> { ${node} }`;
  const plugin = await refusal(from('[a] t = trt.plugins.Foo (x) [b] y = Relu (t)'), ['y']);
  assert.equal(plugin.code, 'runtime/operator-unknown');
  assert.equal(plugin.place?.node, 'a');
  const unknown = await refusal(from('[a] t = Nowhere (x) [b] y = Relu (t)'), ['t']);
  // Without an inferred type the value itself cannot be asked for.
  assert.equal(unknown.code, 'runtime/value-type-unknown');
  assert.equal(unknown.place?.value, 't');
  const inside = await refusal(from('[a] t = Nowhere (x) [b] y = Relu (t)'), ['y']);
  assert.equal(inside.code, 'runtime/session-refused');
  assert.match(inside.message, /No Op registered for Nowhere/);
  assert.equal(inside.place?.node, 'a');
  const counted = await refusal(from('[a] t = EfficientNMS_TRT (x) [b] y = Relu (t)'), ['y']);
  assert.match(counted.message, /input size 1 not in range/);
  assert.equal(counted.place?.node, 'a');
  const typed = await refusal(from('[m] y = Conv (x, x)', 'int32'), ['y']);
  assert.equal(typed.place?.node, 'm');
  assert.match(typed.message, /tensor\(int32\)/);
  const eight = await refusal(QDQ.replace('int8 z', 'float8e4m3fn z'), ['q']);
  assert.equal(eight.code, 'runtime/type-not-exchangeable');
  assert.equal((await refusal(QDQ, ['nothing'])).code, 'runtime/value-unknown');
  const dynamic = 'g (float[N] x, int64[1] s) => (float[M] y) { [expand] y = Expand (x, s) }';
  const wrong = await refusal(dynamic, ['y'], {
    x: floats([1, 2, 3]),
    s: { dataType: 'int64', dims: [1], data: BigInt64Array.of(2n) },
  });
  assert.equal(wrong.code, 'runtime/run-failed');
  assert.equal(wrong.place?.node, 'expand');
  // The runtime goes on after that.
  const answer = await run(modelOf(QDQ), ['y'], { x: floats([1, 2, 3, 4, 5, 6, 7, 8]) });
  assert.deepEqual(answer.get('y')?.data, Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
});

test('weights above what WebAssembly can hold are refused before they are read', async () => {
  const model = modelOf('g (float[2] x) => (float[2] y) { [big] y = Foo (x) }');
  const { graph } = model;
  const read = () => assert.fail('no weight is read');
  const bytes = { byteLength: 1.7e9, resident: () => undefined, read };
  const node = graph.node('big');
  assert.ok(node);
  for (const [index, name] of ['v', 'w'].entries()) {
    const tensor = { name, dataType: 'float32', dims: [425e6], bytes } as const;
    graph.setInput(node, index + 1, graph.addInitializer(name, tensor));
  }
  const opened = await open(model, ['y']);
  assert.ok(!opened.ok);
  assert.equal(opened.error.code, 'runtime/weights-too-large');
  assert.match(opened.error.message, /3\.40 GB; at most 3\.20 GB/);
});

test('a request that was taken back does no work', async () => {
  const gone = new AbortController();
  gone.abort();
  const opened = await open(modelOf(QDQ), ['y'], gone.signal);
  assert.ok(!opened.ok);
  assert.equal(opened.error.code, 'base/cancelled');
});

const resnet = new URL(
  '../../../shared/engines/models/real/resnet18.convs.onnx.gz',
  import.meta.url,
);
const absent = existsSync(fileURLToPath(resnet)) ? false : 'shared/engines is not here';

test(
  'ResNet-18 gives the same from memory and from windows over its file',
  { skip: absent },
  async () => {
    const bytes = new Uint8Array(gunzipSync(readFileSync(resnet)));
    const whole = valueOf(await openModel([bufferSource('r.onnx', bytes)])).model;
    // A source that has nothing in memory, as a File is.
    const file: ByteSource = {
      name: 'r.onnx',
      size: bytes.length,
      read: (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)),
    };
    const windows = valueOf(await openModel([file], { wholeFileLimit: 1 })).model;
    const input = whole.graph.inputs[0]?.name ?? '';
    const output = whole.graph.outputs[0]?.name ?? '';
    const middle = [...whole.graph.nodes()].find((node) => node.opType === 'Add')?.outputs[0]?.name;
    assert.ok(middle);
    const feeds = { [input]: floats(noise(3 * 224 * 224), [1, 3, 224, 224]) };
    const a = await run(whole, [middle, output], feeds);
    const b = await run(windows, [middle, output], feeds);
    assert.deepEqual(a.get(output)?.dims, [1, 1000]);
    assert.deepEqual(a, b);
    const sum = (name: string) => checksum(a.get(name) ?? assert.fail(name));
    assert.deepEqual([sum(middle), sum(output)], ['2bb62fd2', 'f921e08c']);
  },
);
