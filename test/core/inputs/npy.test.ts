import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readNpy, writeNpy } from '../../../src/core/inputs/npy.ts';
import { readNpz, writeNpz } from '../../../src/core/inputs/npz.ts';
import { readRaw } from '../../../src/core/inputs/raw-tensor.ts';
import type { RunTensor } from '../../../src/core/inputs/run-tensor.ts';
import type { Result } from '../../../src/core/base/result.ts';

/** A .npy file: its version, its dictionary and its data, all as numpy 2.4 writes them. */
function npy(version: number, dictionary: string, data: readonly number[]): Uint8Array {
  const start = version === 1 ? 10 : 12;
  const header = dictionary.padEnd(128 - start - 1) + '\n';
  const length = version === 1 ? [header.length, 0] : [header.length, 0, 0, 0];
  const magic = [0x93, ...Buffer.from('NUMPY')];
  return Uint8Array.from([
    ...magic,
    version,
    0,
    ...length,
    ...[...header].map((c) => c.charCodeAt(0)),
    ...data,
  ]);
}
const plain = (descr: string, shape: string, order = 'False'): string =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }`;

function valueOf<T>(result: Result<T>): T {
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}
const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.code);

test('float32 in C order, as numpy.save wrote it', () => {
  const bytes = Buffer.from(
    '934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2046616c73652c2027736861' +
      '7065273a2028322c2032292c207d' +
      '20'.repeat(58) +
      '0a0000c03f000000c00000404000008040',
    'hex',
  );
  assert.equal(bytes.length, 144);
  const tensor: RunTensor = {
    dataType: 'float32',
    dims: [2, 2],
    data: Float32Array.of(1.5, -2, 3, 4),
  };
  assert.deepEqual(valueOf(readNpy('a.npy', bytes)), tensor);
  assert.deepEqual(Buffer.from(valueOf(writeNpy('a.npy', tensor))), bytes);
});

test('Fortran order, byte order and all versions are understood', () => {
  const columns = [0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21];
  const rest = [2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23];
  const fortran = npy(1, plain('|u1', '2, 3, 4', 'True'), [...columns, ...rest]);
  assert.deepEqual(valueOf(readNpy('f.npy', fortran)), {
    dataType: 'uint8',
    dims: [2, 3, 4],
    data: Uint8Array.from({ length: 24 }, (_, i) => i),
  });
  const big = npy(1, plain('>i2', '2, 3'), [0, 0, 0, 1, 0, 2, 0, 3, 255, 252, 1, 5]);
  assert.deepEqual(valueOf(readNpy('b.npy', big)).data, Int16Array.of(0, 1, 2, 3, -4, 261));
  const both = npy(1, plain('>i2', '2, 2', 'True'), [0, 1, 0, 3, 0, 2, 0, 4]);
  assert.deepEqual(valueOf(readNpy('b.npy', both)).data, Int16Array.of(1, 2, 3, 4));
  for (const version of [2, 3])
    assert.deepEqual(valueOf(readNpy('v.npy', npy(version, plain('|i1', '1,'), [7]))), {
      dataType: 'int8',
      dims: [1],
      data: Int8Array.of(7),
    });
  const scalar = valueOf(readNpy('s.npy', npy(1, plain('<f2', ''), [0, 0x3e])));
  assert.deepEqual(scalar, { dataType: 'float16', dims: [], data: Uint16Array.of(0x3e00) });
  const bools = valueOf(readNpy('t.npy', npy(1, plain('|b1', '2,'), [1, 0])));
  assert.deepEqual(bools, { dataType: 'bool', dims: [2], data: Uint8Array.of(1, 0) });
});

test('every type that is written is read back', () => {
  const tensors: RunTensor[] = [
    { dataType: 'float64', dims: [2, 1], data: Float64Array.of(Math.PI, -0) },
    { dataType: 'int64', dims: [1], data: BigInt64Array.of(-(2n ** 62n)) },
    { dataType: 'uint64', dims: [1], data: BigUint64Array.of(2n ** 63n) },
    { dataType: 'int32', dims: [0, 3], data: new Int32Array() },
    { dataType: 'uint16', dims: [1, 1, 2], data: Uint16Array.of(1, 65535) },
    { dataType: 'bool', dims: [], data: Uint8Array.of(1) },
  ];
  for (const tensor of tensors) {
    const file = valueOf(writeNpy('x', tensor));
    assert.equal((file.length - tensor.data.byteLength) % 64, 0);
    assert.deepEqual(valueOf(readNpy('x', file)), tensor);
  }
  const archive = new Map(tensors.map((tensor, i) => [`array ${i}`, tensor]));
  assert.deepEqual(valueOf(readNpz('x', valueOf(writeNpz(archive)))), archive);
});

test('an archive of numpy.savez_compressed', () => {
  const hex =
    '504b03042d0000000800000021000cfc1ce9ffffffffffffffff05001400782e6e70790100100090000000000000004a000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9369a1aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a463a9a3a0ab50a14002e4606086082d200504b03042d000000080000002100c3e7dfa6ffffffffffffffff05001400792e6e707901001000840000000000000046000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a2aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a9a3a0ab50a14012e0606070700504b01022d032d0000000800000021000cfc1ce94a00000090000000050000000000000000000000800100000000782e6e7079504b01022d032d000000080000002100c3e7dfa64600000084000000050000000000000000000000800181000000792e6e7079504b0506000000000200020066000000fe0000000000';
  const arrays = valueOf(readNpz('x.npz', new Uint8Array(Buffer.from(hex, 'hex'))));
  assert.deepEqual(arrays.get('x'), {
    dataType: 'int64',
    dims: [2],
    data: BigInt64Array.of(1n, 2n),
  });
  assert.deepEqual(arrays.get('y'), { dataType: 'float32', dims: [], data: Float32Array.of(3) });
});

test('what is no array of numbers is refused', () => {
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ['inputs/npy-damaged', new Uint8Array(200)],
    ['inputs/npy-damaged', new Uint8Array()],
    ['inputs/npy-damaged', npy(4, plain('|i1', '1,'), [7])],
    ['inputs/npy-damaged', npy(1, plain('<f4', '2,'), [0, 0, 0, 0, 0, 0, 0])],
    ['inputs/npy-damaged', npy(1, plain('<f4', '-2,'), [])],
    ['inputs/npy-damaged', npy(1, "{'descr': '<f4'}", [])],
    ['inputs/npy-damaged', npy(1, plain('|i1', '1,'), [7]).subarray(0, 60)],
    ['inputs/npy-type', npy(1, plain('<U1', '1,'), [97, 0, 0, 0])],
    [
      'inputs/npy-type',
      npy(1, "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", []),
    ],
  ];
  for (const [code, bytes] of cases) assert.equal(codeOf(readNpy('x.npy', bytes)), code);
  assert.equal(codeOf(readNpz('x.npz', new Uint8Array(30))), 'inputs/archive-unreadable');
});

test('bare numbers must fill their shape', () => {
  const bytes = Uint8Array.of(9, 1, 0, 2, 0).subarray(1);
  const shape = { dataType: 'uint16', dims: [2, 1] } as const;
  assert.deepEqual(valueOf(readRaw('x.bin', bytes, shape)).data, Uint16Array.of(1, 2));
  assert.equal(codeOf(readRaw('x.bin', bytes.subarray(1), shape)), 'inputs/raw-size');
});
