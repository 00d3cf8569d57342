import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainKernels } from '../../src/core/quant/plain-kernels.ts';
import { loadKernels } from '../../wasm/load-kernels.ts';
import { kernelAnswers, kernelCases } from './kernel-cases.ts';

test('wasm kernels give the bits of their plain twins', async () => {
  const wasm = await loadKernels();
  assert.equal(wasm.name, 'wasm-simd');
  let count = 0;
  for (const example of kernelCases()) {
    assert.equal(
      kernelAnswers(wasm, example),
      kernelAnswers(plainKernels, example),
      `${example.name}; scale ${String(example.scale)}`,
    );
    count++;
  }
  assert.equal(count, 7 * 16);
});

test('kernels are made once', () => {
  assert.equal(loadKernels(), loadKernels());
});

test('a wrong number of bins or scales is a bug, in both', async () => {
  for (const kernels of [plainKernels, await loadKernels()]) {
    const values = new Float32Array(4);
    assert.throws(() => kernels.histogram(values, 0, 1, 1025), /internal error/);
    assert.throws(() => kernels.histogram(values, 0, 1, 0), /internal error/);
    assert.throws(() => kernels.magnitudeHistogram(values, 1, 2049), /internal error/);
    assert.throws(() => kernels.magnitudeHistogram(values, 0, 8), /internal error/);
    assert.throws(
      () => kernels.quantizeErrorEach(values, new Float32Array(3), values, RANGE),
      /internal error/,
    );
    assert.throws(
      () => kernels.difference(values, new Float32Array(3), { floor: 1, step: 1 }),
      /internal error/,
    );
    assert.throws(
      () =>
        kernels.fakeQuantize(values, { scale: 1, zeroPoint: 0, grid: RANGE }, new Float32Array(5)),
      /internal error/,
    );
  }
});

const RANGE = { lowest: -128, highest: 127 };
