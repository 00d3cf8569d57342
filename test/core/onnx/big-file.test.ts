import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openModel, saveModel } from '../../../src/core/onnx/index.ts';
import type { ByteSource } from '../../../src/core/onnx/index.ts';
import { tensorNumbers } from '../../../src/core/ir/tensor-values.ts';
import { field, infoOf, integer, join, nodeOf, tensorOf, varint } from './wire-builder.ts';

const MB = 1024 * 1024;

/** A piece of a file that is told, or `zeros` many zeros that are made when read. */
type Piece = Uint8Array | { readonly zeros: number };
const lengthOf = (piece: Piece): number =>
  piece instanceof Uint8Array ? piece.length : piece.zeros;
const total = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);

/** A field whose payload is made of pieces. */
const framed = (number: number, pieces: readonly Piece[]): Piece[] => [
  join(varint(number * 8 + 2), varint(total(pieces))),
  ...pieces,
];

const weight = (name: string, bytes: number): Piece[] =>
  framed(5, [
    integer(1, bytes),
    integer(2, 3),
    field(8, name),
    ...framed(9, [{ zeros: bytes }]),
    field(4000, 'tail'),
  ]);

/** The first piece that ends behind `offset`. */
function firstBehind(
  told: readonly { start: number; bytes: Uint8Array }[],
  offset: number,
): number {
  let low = 0;
  let high = told.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const piece = told[middle];
    if (piece && piece.start + piece.bytes.length <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A file of pieces that counts what is read of it. */
function sparseSource(pieces: readonly Piece[]): ByteSource & { bytesRead: number; reads: number } {
  let size = 0;
  const told: { readonly start: number; readonly bytes: Uint8Array }[] = [];
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) told.push({ start: size, bytes: piece });
    size += lengthOf(piece);
  }
  const source = {
    name: 'big.onnx',
    size,
    bytesRead: 0,
    reads: 0,
    read: (offset: number, length: number): Promise<Uint8Array> => {
      const bytes = new Uint8Array(Math.min(length, size - offset));
      source.bytesRead += bytes.length;
      source.reads++;
      for (let i = firstBehind(told, offset); i < told.length; i++) {
        const { start, bytes: piece } = told[i] ?? { start: size, bytes };
        if (start >= offset + length) break;
        const from = Math.max(0, offset - start);
        bytes.set(piece.subarray(from, offset + length - start), start + from - offset);
      }
      return Promise.resolve(bytes);
    },
  };
  return source;
}

function bigModel(weightBytes: number, count: number): Piece[] {
  const names = Array.from({ length: count }, (_, i) => `w${i}`);
  const nodes = names.map((name, i) =>
    nodeOf('Add', [i === 0 ? 'x' : `a${i - 1}`, name], [`a${i}`], field(3, `n${i}`)),
  );
  const scale = tensorOf('scale', 1, [], field(9, Uint8Array.of(0, 0, 128, 63)));
  const constant: Piece[] = framed(1, [
    field(2, 'k'),
    field(4, 'Constant'),
    ...framed(5, [
      field(1, 'value'),
      ...framed(5, [
        integer(1, weightBytes),
        integer(2, 3),
        ...framed(9, [{ zeros: weightBytes }]),
      ]),
      integer(20, 4),
    ]),
  ]);
  const graph: Piece[] = [
    ...nodes,
    ...constant,
    ...names.flatMap((name) => weight(name, weightBytes)),
    scale,
    infoOf(11, 'x'),
    infoOf(12, `a${count - 1}`),
  ];
  return [integer(1, 10), ...framed(7, graph), field(8, integer(2, 21))];
}

test('a file of 1.6 GB is opened by reading at most 16 MB', async (t) => {
  for (const [weightMb, count] of [
    [266, 5],
    [4, 400],
    [0.3, 5400],
  ] as const) {
    const source = sparseSource(bigModel(Math.round(weightMb * MB), count));
    const opened = await openModel([source]);
    assert.ok(opened.ok, opened.ok ? '' : opened.error.message);
    t.diagnostic(
      `${count} weights: ${(source.size / MB).toFixed(0)} MB, ${(source.bytesRead / MB).toFixed(2)} MB read in ${source.reads} reads`,
    );
    assert.ok(source.size > 1.5e9);
    assert.ok(source.bytesRead <= 16 * MB, `${source.bytesRead} bytes`);
    const { graph } = opened.value.model;
    assert.equal(graph.nodeCount, count + 1);
    const scale = graph.value('scale')?.tensor;
    assert.deepEqual(scale && tensorNumbers(scale), Float64Array.of(1));
    const last = graph.value(`w${count - 1}`)?.tensor;
    assert.ok(last);
    assert.equal(last.bytes.resident(), undefined);
    assert.equal(last.bytes.byteLength, Math.round(weightMb * MB));
    const value = graph.node('node_of_k')?.attributes.get('value');
    if (weightMb > 1)
      assert.equal(value?.type === 'tensor' && value.value.bytes.resident(), undefined);
    if (weightMb > 10) continue;
    const read = await last.bytes.read();
    assert.ok(read.ok && read.value.length === Math.round(weightMb * MB));
  }
});

test('the windows find what a reader of the whole file finds', async () => {
  const pieces = bigModel(100_000, 20);
  const whole = await openModel([sparseSource(pieces)]);
  const windowed = await openModel([sparseSource(pieces)], { wholeFileLimit: 1 });
  assert.ok(whole.ok && windowed.ok);
  const facts = (model: typeof whole.value.model): unknown => [
    [...model.graph.nodes()].map((node) => [node.name, node.inputs.map((value) => value?.name)]),
    [...model.graph.initializers.values()].map(({ name, tensor }) => [
      name,
      tensor?.dims,
      tensor?.bytes.byteLength,
    ]),
  ];
  assert.deepEqual(facts(windowed.value.model), facts(whole.value.model));
});

test('a file below the limit is read in steps that are told and can be stopped', async () => {
  const fractions: number[] = [];
  const source = sparseSource(bigModel(20 * MB, 3));
  const onProgress = (step: string, fraction: number): void => {
    assert.equal(step, 'read');
    fractions.push(fraction);
  };
  const opened = await openModel([source], { onProgress });
  assert.ok(opened.ok);
  assert.equal(fractions.at(-1), 1);
  assert.ok(fractions.length >= 3 && fractions.every((x, i) => x > (fractions[i - 1] ?? 0)));
  const controller = new AbortController();
  let reads = 0;
  const stoppable: ByteSource = {
    ...source,
    read: (offset, length, signal) => {
      reads++;
      if (reads === 3) controller.abort();
      return signal?.aborted === true
        ? Promise.reject(new Error('stopped'))
        : source.read(offset, length, signal);
    },
  };
  const stopped = await openModel([stoppable], { signal: controller.signal });
  assert.equal(stopped.ok ? '' : stopped.error.code, 'base/cancelled');
  assert.equal(reads, 3);
});

/** As much of Blob as the reader and the writer use, over a file of any size. */
class SparseBlob extends Blob {
  readonly start: number;
  readonly end: number;
  constructor(start: number, end: number) {
    super();
    this.start = start;
    this.end = end;
  }
  override slice(from = 0, to = this.end - this.start): Blob {
    return new SparseBlob(this.start + from, this.start + to);
  }
}

test('a model above 2 GB is saved as slices of the original around what changed', async () => {
  const source = sparseSource(bigModel(450 * MB, 5));
  assert.ok(source.size > 2.1 * 2 ** 30);
  const original = new SparseBlob(0, source.size);
  const opened = await openModel([{ ...source, blob: original }]);
  assert.ok(opened.ok);
  const { model } = opened.value;
  const node = model.graph.node('n3');
  assert.ok(node);
  node.setAttributes(new Map([['k', { name: 'k', type: 'int', value: 1n }]]));
  const parts = await blobParts(() => saveModel(model));
  const slices = parts.filter((part): part is SparseBlob => part instanceof SparseBlob);
  const fresh = parts.filter((part): part is Uint8Array => part instanceof Uint8Array);
  assert.ok(fresh.reduce((sum, part) => sum + part.length, 0) < 200);
  // Only the header of the graph and the one node are not copied.
  const copied = slices.reduce((sum, slice) => sum + slice.end - slice.start, 0);
  assert.ok(source.size - copied < 100);
  assert.ok(slices.length <= 4);
});

/** The parts that `save` makes its Blob of. */
async function blobParts(save: () => Promise<unknown>): Promise<readonly unknown[]> {
  const real = globalThis.Blob;
  let parts: readonly unknown[] = [];
  globalThis.Blob = class extends real {
    constructor(given?: ConstructorParameters<typeof Blob>[0]) {
      super();
      parts = [...(given ?? [])];
    }
  };
  try {
    await save();
  } finally {
    globalThis.Blob = real;
  }
  return parts;
}
