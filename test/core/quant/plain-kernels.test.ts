import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainKernels } from '../../../src/core/quant/plain-kernels.ts';

const INT8 = { lowest: -128, highest: 127 };

test('range leaves NaN and Inf out and counts them', () => {
  const range = plainKernels.range(Float32Array.of(3, NaN, -5, Infinity, 1, -Infinity));
  assert.deepEqual(range, { minimum: -5, maximum: 3, sum: -1, finite: 3, nonFinite: 3 });
});

test('range of nothing finite has no ends', () => {
  const range = plainKernels.range(Float32Array.of(NaN));
  assert.deepEqual(range, {
    minimum: Infinity,
    maximum: -Infinity,
    sum: 0,
    finite: 0,
    nonFinite: 1,
  });
});

test('sums agree with f64 to seven digits', () => {
  const values = Float32Array.from({ length: 100_000 }, (_, i) => 1 + Math.sin(i));
  const exact = values.reduce((sum, x) => sum + x, 0);
  assert.ok(Math.abs(plainKernels.range(values).sum / exact - 1) < 1e-7);
});

test('histogram bins are equal, the maximum is in the last', () => {
  const values = Float32Array.of(0, 0.99, 1, 2, 3, 3.5, 4, NaN, 9, -9);
  assert.deepEqual([...plainKernels.histogram(values, 0, 4, 4)], [3, 1, 1, 4]);
});

test('histogram of one value is bin 0', () => {
  assert.deepEqual([...plainKernels.histogram(Float32Array.of(2, 2), 2, 2, 3)], [2, 0, 0]);
});

test('histogram holds the widest range of f32', () => {
  const top = 3.4028234663852886e38;
  const counts = plainKernels.histogram(Float32Array.of(-top, -1, 1, top), -top, top, 4);
  assert.deepEqual([...counts], [1, 0, 2, 1]);
});

test('quantizing rounds half to even', () => {
  // 0.5 → 0, 1.5 → 2, 2.5 → 2, -0.5 → 0, -1.5 → -2: each is half a step off, none is exact.
  const { maxAbsError, sumSquaredError } = plainKernels.quantizeError(
    Float32Array.of(0.5, 1.5, 2.5, -0.5, -1.5),
    1,
    0,
    INT8,
  );
  assert.equal(maxAbsError, 0.5);
  assert.equal(sumSquaredError, 5 * 0.25);
  // Half up would take 126.5 to 127 and half down -127.5 to -128; even keeps 126 and takes -128.
  const ends = plainKernels.quantizeError(Float32Array.of(127.5, -128.5), 1, 0, INT8);
  assert.equal(ends.saturated, 1, '127.5 → 128 is cut off, -128.5 → -128 is not');
});

test('saturation counts values beyond the ends only', () => {
  const error = plainKernels.quantizeError(Float32Array.of(127, 128, -128, -129), 1, 0, INT8);
  assert.deepEqual(error, {
    maxAbsError: 1,
    sumSquaredError: 2,
    sumSquares: 127 ** 2 + 128 ** 2 + 128 ** 2 + 129 ** 2,
    saturated: 2,
    finite: 4,
  });
});

test('the zero point moves the range', () => {
  const error = plainKernels.quantizeError(Float32Array.of(-10, -11, 245, 246), 1, 10, {
    lowest: 0,
    highest: 255,
  });
  assert.equal(error.saturated, 2);
  assert.equal(error.maxAbsError, 1);
});

test('each value may have its own scale and zero point', () => {
  const error = plainKernels.quantizeErrorEach(
    Float32Array.of(1, 1, 1),
    Float32Array.of(1, 0.75, 0.001),
    Float32Array.of(0, 0, 0),
    INT8,
  );
  assert.equal(error.saturated, 1);
  assert.ok(Math.abs(error.maxAbsError - 0.873) < 1e-6);
  assert.ok(Math.abs(error.sumSquaredError - (0.25 ** 2 + 0.873 ** 2)) < 1e-6);
});

test('fake quantization rounds half to even, clamps, and tells what it used', () => {
  const values = Float32Array.of(0.25, 0.75, -0.2, 100, -100, NaN, Infinity);
  const target = new Float32Array(values.length);
  const use = plainKernels.fakeQuantize(values, { scale: 0.5, zeroPoint: 0, grid: INT8 }, target);
  assert.deepEqual([...target], [0, 1, 0, 63.5, -64, NaN, 63.5]);
  assert.deepEqual(use, { below: 1, above: 2, lowest: -128, highest: 127 });
});

test('fake quantization around a zero point, in place', () => {
  const values = Float32Array.of(-1, 0, 30, 31);
  const uint8 = { lowest: 0, highest: 255 };
  const use = plainKernels.fakeQuantize(
    values,
    { scale: 0.125, zeroPoint: 10, grid: uint8 },
    values,
  );
  assert.deepEqual([...values], [-1, 0, 30, 30.625]);
  assert.deepEqual(use, { below: 0, above: 1, lowest: -8, highest: 245 });
});

test('a difference, by hand', () => {
  const a = Float32Array.of(1, -2, 0, 4, NaN, NaN, Infinity, Infinity);
  const b = Float32Array.of(1, -1, 0.5, 2, NaN, 1, Infinity, -Infinity);
  assert.deepEqual(plainKernels.difference(a, b, { floor: 0.25, step: 0.5 }), {
    count: 4,
    unequal: 5,
    nonFinite: 2,
    beyondStep: 2,
    maxAbsError: 2,
    maxRelativeError: 2,
    sumAbsError: 3.5,
    sumSquaredError: 1 + 0.25 + 4,
    sumSquares: 1 + 4 + 16,
    sumOtherSquares: 1 + 1 + 0.25 + 4,
    sumProducts: 1 + 2 + 8,
  });
});

test('zeros of both signs differ in a bit, and in nothing else', () => {
  const found = plainKernels.difference(Float32Array.of(0), Float32Array.of(-0), {
    floor: 1,
    step: 0,
  });
  assert.equal(found.unequal, 1);
  assert.equal(found.sumAbsError, 0);
});
