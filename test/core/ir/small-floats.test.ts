import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeE8m0,
  decodeSmallFloat,
  encodeE8m0,
  encodeSmallFloat,
  SMALL_FLOATS,
} from '../../../src/core/ir/small-floats.ts';
import type { SmallFloat } from '../../../src/core/ir/small-floats.ts';

const types = Object.keys(SMALL_FLOATS) as SmallFloat[];
const codesOf = (type: SmallFloat): number =>
  2 ** (1 + SMALL_FLOATS[type].exponentBits + SMALL_FLOATS[type].mantissaBits);

test('every code decodes to a number that encodes to the same code', () => {
  for (const type of types)
    for (let code = 0; code < codesOf(type); code++) {
      const value = decodeSmallFloat(type, code);
      const again = encodeSmallFloat(type, value);
      if (Number.isNaN(value))
        assert.ok(Number.isNaN(decodeSmallFloat(type, again)), `${type} ${code}`);
      else assert.equal(again, code, `${type} ${code} ${value}`);
    }
});

test('numbers between two codes go to the nearest, ties to even', () => {
  for (const type of types) {
    const positive = codesOf(type) / 2;
    for (let code = 0; code + 1 < positive; code++) {
      const low = decodeSmallFloat(type, code);
      const high = decodeSmallFloat(type, code + 1);
      if (!Number.isFinite(high) || Number.isNaN(low)) break;
      assert.equal(encodeSmallFloat(type, low + (high - low) * 0.25), code, `${type} ${code}`);
      assert.equal(encodeSmallFloat(type, low + (high - low) * 0.75), code + 1, `${type} ${code}`);
      assert.equal(encodeSmallFloat(type, (low + high) / 2), code + (code % 2), `${type} ${code}`);
    }
  }
});

test('what is too large saturates or becomes infinity, as the type can', () => {
  const large = (type: SmallFloat): number =>
    decodeSmallFloat(type, encodeSmallFloat(type, -1e300));
  assert.deepEqual(
    types.map((type) => [type, large(type)]),
    [
      ['float16', -Infinity],
      ['bfloat16', -Infinity],
      ['float8e4m3fn', -448],
      ['float8e4m3fnuz', -240],
      ['float8e5m2', -Infinity],
      ['float8e5m2fnuz', -57344],
      ['float4e2m1', -6],
    ],
  );
  assert.equal(encodeSmallFloat('float8e4m3fn', Infinity), 0x7e);
});

test('float16 is what JavaScript engines compute where they can', () => {
  const cases = [
    [1, 0x3c00],
    [65504, 0x7bff],
    [65519, 0x7bff],
    [65520, 0x7c00],
    [2 ** -24, 1],
    [2 ** -25, 0],
    [0.1, 0x2e66],
  ] as const;
  for (const [value, code] of cases)
    assert.equal(encodeSmallFloat('float16', value), code, String(value));
});

test('powers of two of FLOAT8E8M0', () => {
  for (let code = 0; code < 255; code++) assert.equal(encodeE8m0(decodeE8m0(code)), code);
  assert.equal(encodeE8m0(-1), 255);
});
