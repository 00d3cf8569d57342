import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataType } from '../../../src/core/ir/data-type.ts';
import type { Tensor } from '../../../src/core/ir/tensor.ts';
import { ok } from '../../../src/core/base/result.ts';
import type { WeightQuantizer } from '../../../src/core/quant/find-weight-quantizer.ts';
import { plainKernels } from '../../../src/core/quant/plain-kernels.ts';
import { weightStats } from '../../../src/core/quant/weight-stats.ts';
import type { WeightStats, WeightStatsInput } from '../../../src/core/quant/weight-stats.ts';

type Numbers = Float32Array | Float64Array | Int8Array | Uint8Array | Uint16Array | Int32Array;

function tensor(name: string, dataType: DataType, dims: readonly number[], data: Numbers): Tensor {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return {
    name,
    dataType,
    dims,
    bytes: {
      byteLength: bytes.length,
      resident: () => bytes,
      read: () => Promise.resolve(ok(bytes)),
    },
  };
}

const floats = (dims: readonly number[], ...values: number[]) =>
  tensor('w', 'float32', dims, Float32Array.from(values));

function quantizer(scales: readonly number[], more: Partial<WeightQuantizer> = {}) {
  const dims = scales.length === 1 ? [] : [scales.length];
  return {
    kind: 'quantize',
    node: 'q',
    scale: tensor('s', 'float32', dims, Float32Array.from(scales)),
    quantizedType: 'int8',
    axis: 0,
    blockSize: 0,
    ...more,
  } satisfies WeightQuantizer;
}

async function stats(input: WeightStatsInput): Promise<WeightStats> {
  const result = await weightStats(input, plainKernels);
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}
/** What the quantizer of `input` does. */
async function quantized(input: WeightStatsInput) {
  const { quantization } = await stats(input);
  assert.ok(quantization, 'a quantizer was given');
  return quantization;
}
async function failure(input: WeightStatsInput): Promise<string> {
  const result = await weightStats(input, plainKernels);
  assert.ok(!result.ok, 'expected a failure');
  return result.error.code;
}
const near = (have: number | undefined, want: number) => {
  assert.ok(
    Math.abs((have ?? NaN) - want) <= 1e-6 * Math.max(1, Math.abs(want)),
    `${have} ${want}`,
  );
};

test('without a quantizer: ends, mean, histogram', async () => {
  const found = await stats({ tensor: floats([2, 3], -1, 0, 1, 2, 3, NaN), bins: 4 });
  assert.deepEqual(found, {
    name: 'w',
    dataType: 'float32',
    dims: [2, 3],
    count: 6,
    minimum: -1,
    maximum: 3,
    mean: 1,
    nonFinite: 1,
    histogram: [1, 1, 1, 2],
  });
});

test('per tensor: error and saturation at the scale', async () => {
  const input = { tensor: floats([4], 0.4, 1, 300, -128), quantizer: quantizer([1]) };
  const quantization = await quantized(input);
  assert.equal(quantization.granularity, 'per-tensor');
  assert.equal(quantization.axis, undefined);
  assert.equal(quantization.maxAbsError, 173);
  assert.equal(quantization.saturated, 0.25);
  near(quantization.rootMeanSquareError, Math.sqrt((0.4 ** 2 + 173 ** 2) / 4));
  const signal = 0.4 ** 2 + 1 + 300 ** 2 + 128 ** 2;
  near(quantization.sqnrDb, 10 * Math.log10(signal / (0.4 ** 2 + 173 ** 2)));
});

test('per channel along each axis, short runs and long ones, gives what single channels give', async () => {
  for (const dims of [
    [3, 400],
    [400, 3],
    [5, 3, 300],
    [2, 3, 2],
  ]) {
    const axis = dims.indexOf(3);
    const count = dims.reduce((a, b) => a * b, 1);
    const inner = dims.slice(axis + 1).reduce((a, b) => a * b, 1);
    const values = Float32Array.from({ length: count }, (_, i) => Math.sin(i) * 3);
    const scales = [0.02, 0.3, 0.01];
    const found = await quantized({
      tensor: floats(dims, ...values),
      quantizer: quantizer(scales, { axis: axis - dims.length }),
    });
    let most = 0;
    let cut = 0;
    values.forEach((x, i) => {
      const scale = Math.fround(scales[Math.floor(i / inner) % 3]!);
      const code = Math.min(127, Math.max(-128, Math.round(x / scale)));
      if (Math.round(x / scale) !== code) cut++;
      most = Math.max(most, Math.abs(code * scale - x));
    });
    assert.equal(found.granularity, 'per-channel');
    assert.equal(found.axis, axis);
    near(found.maxAbsError, most);
    near(found.saturated, cut / count);
  }
});

test('blocks along an inner and along an outer axis', async () => {
  const values = [1, 2, 30, 40, 5, 6, 70, 80];
  const scale = tensor('s', 'float32', [2, 2], Float32Array.of(1, 10, 1, 10));
  const inner = await quantized({
    tensor: floats([2, 4], ...values),
    quantizer: quantizer([], { scale, axis: 1, blockSize: 2 }),
  });
  assert.equal(inner.granularity, 'block');
  assert.equal(inner.maxAbsError, 0);
  assert.equal(inner.sqnrDb, Infinity);
  // Along axis 0 each column has its own scale: 1 for columns 0 and 2, 10 for 1 and 3.
  const outer = await quantized({
    tensor: floats([2, 4], ...values),
    quantizer: quantizer([], {
      scale: tensor('s', 'float32', [1, 4], Float32Array.of(1, 10, 1, 10)),
      axis: 0,
      blockSize: 2,
    }),
  });
  assert.equal(outer.maxAbsError, 4, '6 → 10, and 2 → 0 is less');
});

test('a weight stored in int4 is shown by the numbers it stands for', async () => {
  const found = await stats({
    tensor: tensor('w', 'int4', [4], Uint8Array.of(0x7f, 0x18)), // -1, 7, -8, 1
    quantizer: quantizer([0.5], { kind: 'dequantize', quantizedType: 'int4' }),
  });
  assert.deepEqual([found.minimum, found.maximum, found.dataType], [-4, 3.5, 'int4']);
  assert.deepEqual([found.quantization?.prequantized, found.quantization?.maxAbsError], [true, 0]);
});

test('a zero point moves stored and rounded numbers', async () => {
  const zeroPoint = tensor('z', 'uint8', [], Uint8Array.of(100));
  const stored = await stats({
    tensor: tensor('w', 'uint8', [2], Uint8Array.of(100, 110)),
    quantizer: quantizer([2], { kind: 'dequantize', quantizedType: 'uint8', zeroPoint }),
  });
  assert.deepEqual([stored.minimum, stored.maximum], [0, 20]);
  const rounded = await quantized({
    tensor: floats([2], -101, 155),
    quantizer: quantizer([1], { quantizedType: 'uint8', zeroPoint }),
  });
  assert.equal(rounded.saturated, 0.5, '-101 is cut off, 155 is the end');
});

test('16 and 64 bit floats, and FP8 quantizers', async () => {
  const half = await stats({ tensor: tensor('w', 'float16', [2], Uint16Array.of(0x3c00, 0xc000)) });
  assert.deepEqual([half.minimum, half.maximum], [-2, 1]);
  const brain = await stats({ tensor: tensor('w', 'bfloat16', [1], Uint16Array.of(0x3fc0)) });
  assert.equal(brain.mean, 1.5);
  const double = await stats({ tensor: tensor('w', 'float64', [2], Float64Array.of(1, 1e300)) });
  assert.equal(double.nonFinite, 1, '1e300 is beyond f32');
  const fp8 = await quantized({
    tensor: floats([4], 17, 448, 500, 0.0009765625),
    quantizer: quantizer([1], { quantizedType: 'float8e4m3fn' }),
  });
  // 17 lies between 16 and 18 and goes to the even code; 500 is cut off to 448; 2^-10 is half the least step.
  assert.equal(fp8.maxAbsError, 52);
  assert.equal(fp8.saturated, 0.25);
});

test('a scale of zero is counted, and its channel left out', async () => {
  const found = await quantized({
    tensor: floats([2, 2], 0.5, 0.5, 1, 1),
    quantizer: quantizer([0, 1]),
  });
  assert.equal(found.invalidScales, 1);
  assert.equal(found.maxAbsError, 0);
});

test('a tensor of many blocks gives the sums of its parts', async () => {
  const count = 65536 * 2 + 77;
  const values = Float32Array.from({ length: count }, (_, i) => (i % 1000) - 500);
  let pauses = 0;
  const found = await stats({
    tensor: tensor('w', 'float32', [count], values),
    quantizer: quantizer([4]),
    bins: 10,
    pause: () => {
      pauses++;
      return Promise.resolve();
    },
  });
  assert.equal(
    found.histogram.reduce((a, b) => a + b),
    count,
  );
  assert.equal(found.minimum, -500);
  near(found.quantization?.maxAbsError, 2);
  assert.equal(pauses, 0, 'less than a million values');
});

test('nothing finite, and nothing at all', async () => {
  const nothing = await stats({ tensor: floats([0]), quantizer: quantizer([1]) });
  assert.ok(Number.isNaN(nothing.mean) && Number.isNaN(nothing.minimum));
  assert.equal(nothing.quantization?.rootMeanSquareError, 0);
});

test('failures have codes', async () => {
  const tensor3 = floats([3], 1, 2, 3);
  assert.equal(
    await failure({ tensor: tensor3, quantizer: quantizer([1, 2]) }),
    'quant/scale-shape',
  );
  assert.equal(
    await failure({ tensor: tensor3, quantizer: quantizer([1, 2, 3], { axis: 4 }) }),
    'quant/scale-shape',
  );
  assert.equal(await failure({ tensor: { ...tensor3, dataType: 'string' } }), 'quant/not-numbers');
  assert.equal(
    await failure({ tensor: { ...tensor3, dims: [4] } }),
    'quant/not-numbers',
    'too few bytes',
  );
  const stop = new AbortController();
  stop.abort();
  assert.equal(await failure({ tensor: tensor3, signal: stop.signal }), 'base/cancelled');
});
