import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DATA_TYPES } from '../../../src/core/ir/data-type.ts';
import type { DataType } from '../../../src/core/ir/data-type.ts';
import { decodeNumbers, tensorNumbers } from '../../../src/core/ir/tensor-values.ts';
import { openBytes } from './open-bytes.ts';
import {
  field,
  fixed64,
  float32,
  infoOf,
  integer,
  join,
  modelOf,
  nodeOf,
  tensorOf,
  varint,
} from './wire-builder.ts';
import type { Field } from './wire-builder.ts';

async function numbersOf(
  type: DataType,
  dims: readonly number[],
  ...data: readonly Field[]
): Promise<number[] | undefined> {
  const tensor = tensorOf('w', DATA_TYPES.indexOf(type), dims, ...data);
  const { model } = await openBytes(
    modelOf(nodeOf('Op', ['x', 'w'], ['y']), tensor, infoOf(11, 'x'), infoOf(12, 'y')),
  );
  const read = model.graph.value('w')?.tensor;
  assert.ok(read);
  const numbers = tensorNumbers(read);
  return numbers && [...numbers];
}
const packed = (number: number, ...values: readonly (number | bigint)[]): Field =>
  field(number, ...values.map(varint));
const raw = (...bytes: readonly number[]): Field => field(9, Uint8Array.from(bytes));

test('typed data fields read like raw data, packed or not', async () => {
  const float = (...values: number[]): Uint8Array =>
    new Uint8Array(Float32Array.from(values).buffer);
  assert.deepEqual(await numbersOf('float32', [2], field(4, float(1.5, -2))), [1.5, -2]);
  assert.deepEqual(await numbersOf('float32', [2], float32(4, 1.5), float32(4, -2)), [1.5, -2]);
  assert.deepEqual(
    await numbersOf('float32', [3], float32(4, 1.5), field(4, float(0, 3))),
    [1.5, 0, 3],
  );
  const doubles = new Uint8Array(Float64Array.of(0.1, -1e300).buffer);
  assert.deepEqual(await numbersOf('float64', [2], field(10, doubles)), [0.1, -1e300]);
  assert.deepEqual(await numbersOf('float64', [1], fixed64(10, doubles.subarray(0, 8))), [0.1]);
  assert.deepEqual(await numbersOf('int64', [3], packed(7, -1, 2n ** 40n, 5)), [-1, 2 ** 40, 5]);
  assert.deepEqual(await numbersOf('int64', [2], integer(7, -3), integer(7, 4)), [-3, 4]);
  assert.deepEqual(await numbersOf('uint64', [1], packed(11, 2n ** 63n)), [2 ** 63]);
  assert.deepEqual(await numbersOf('uint32', [1], packed(11, 4294967295)), [4294967295]);
  assert.deepEqual(await numbersOf('int32', [2], packed(5, -7, 2147483647)), [-7, 2147483647]);
  assert.deepEqual(await numbersOf('int8', [2], packed(5, -128, 127)), [-128, 127]);
  assert.deepEqual(await numbersOf('uint8', [2], packed(5, 200, 255)), [200, 255]);
  assert.deepEqual(await numbersOf('uint16', [1], packed(5, 65535)), [65535]);
  assert.deepEqual(await numbersOf('bool', [2], packed(5, 1, 0)), [1, 0]);
  assert.deepEqual(await numbersOf('float16', [2], packed(5, 0x3c00, 0xc000)), [1, -2]);
  assert.deepEqual(await numbersOf('bfloat16', [1], packed(5, 0x3fc0)), [1.5]);
  assert.deepEqual(await numbersOf('float8e4m3fn', [1], packed(5, 0x38)), [1]);
  assert.deepEqual(await numbersOf('int4', [3], packed(5, 0x7f, 0x08)), [-1, 7, -8]);
});

test('raw data of every numeric type reads as numbers', async () => {
  const cases: readonly (readonly [
    type: DataType,
    bytes: readonly number[],
    want: readonly number[],
  ])[] = [
    ['uint4', [0xf1, 0x02], [1, 15, 2]],
    ['int4', [0xf1, 0x08], [1, -1, -8]],
    ['uint2', [0b11_10_01_00], [0, 1, 2, 3]],
    ['int2', [0b11_10_01_00], [0, 1, -2, -1]],
    ['float4e2m1', [0x72, 0x0f], [1, 6, -6]],
    ['float16', [0, 0x7c, 1, 0, 0, 0xbc], [Infinity, 2 ** -24, -1]],
    ['bfloat16', [0x80, 0x3f], [1]],
    ['float8e4m3fn', [0x7e, 0x7f, 0x01, 0x80], [448, NaN, 2 ** -9, -0]],
    ['float8e4m3fnuz', [0x7f, 0x80, 0x40], [240, NaN, 1]],
    ['float8e5m2', [0x7b, 0x7c, 0xfc, 0x3c], [57344, Infinity, -Infinity, 1]],
    ['float8e5m2fnuz', [0x7f, 0x80, 0x40], [57344, NaN, 1]],
    ['float8e8m0', [127, 128, 255], [1, 2, NaN]],
    ['int16', [0xff, 0xff], [-1]],
    ['uint32', [0xff, 0xff, 0xff, 0xff], [4294967295]],
    ['bool', [2], [1]],
  ];
  for (const [type, bytes, want] of cases)
    assert.deepEqual(await numbersOf(type, [want.length], raw(...bytes)), want, type);
});

test('data reads the same wherever it lies in memory', () => {
  const wide = {
    float32: Float32Array,
    int32: Int32Array,
    uint16: Uint16Array,
    float64: Float64Array,
  };
  for (const [type, View] of Object.entries(wide)) {
    const bytes = new Uint8Array(View.of(1, 2, 3).buffer);
    for (let shift = 0; shift < 8; shift++) {
      const moved = new Uint8Array(bytes.length + shift + 5);
      moved.set(bytes, shift);
      const numbers = decodeNumbers(type as DataType, 3, moved.subarray(shift));
      assert.deepEqual(numbers, Float64Array.of(1, 2, 3), `${type} ${shift}`);
    }
  }
});

test('strings and complex numbers are kept, but are no numbers', async () => {
  assert.equal(await numbersOf('complex64', [1], raw(0, 0, 128, 63, 0, 0, 0, 0)), undefined);
  assert.equal(await numbersOf('string', [2], field(6, 'a'), field(6, 'bc')), undefined);
});

test('too little typed data is no data', async () => {
  assert.equal(await numbersOf('int64', [3], packed(7, 1, 2)), undefined);
  assert.equal(await numbersOf('float32', [1]), undefined);
  assert.deepEqual(await numbersOf('float32', [0]), []);
});

test('int64 attributes beyond 2^53 are exact', async () => {
  const big = 2n ** 60n + 3n;
  const attributes = [
    field(5, field(1, 'i'), integer(3, big), integer(20, 2)),
    field(5, field(1, 'l'), packed(8, -big, 1), integer(20, 7)),
    field(5, field(1, 'f'), float32(2, 0.5), integer(20, 1)),
    field(5, field(1, 's'), field(4, 'text'), integer(20, 3)),
    field(5, field(1, 'old'), field(7, join(float32(1, 2).subarray(1)))),
    field(5, field(1, 'ref'), field(21, 'outer'), integer(20, 2)),
  ];
  const { model } = await openBytes(
    modelOf(nodeOf('Op', ['x'], ['y'], ...attributes), infoOf(11, 'x'), infoOf(12, 'y')),
  );
  const found = Object.fromEntries(
    [...(model.graph.node('node_of_y')?.attributes ?? [])].map(([name, { type, value }]) => [
      name,
      [type, value],
    ]),
  );
  assert.deepEqual(found['i'], ['int', big]);
  assert.deepEqual(found['l'], ['ints', [-big, 1n]]);
  assert.deepEqual(found['f'], ['float', 0.5]);
  assert.deepEqual(found['s'], ['string', 'text']);
  assert.deepEqual(found['old'], ['floats', [2]]);
  assert.equal(found['ref']?.[0], 'opaque');
});
