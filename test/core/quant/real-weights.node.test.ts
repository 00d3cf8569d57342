import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { bufferSource } from '../../../src/core/base/byte-source.ts';
import { openModel } from '../../../src/core/onnx/index.ts';
import { findWeightQuantizer } from '../../../src/core/quant/find-weight-quantizer.ts';
import { plainKernels } from '../../../src/core/quant/plain-kernels.ts';
import { weightStats } from '../../../src/core/quant/weight-stats.ts';
import { loadKernels } from '../../../wasm/load-kernels.ts';

const models = new URL('../../../../shared/engines/models/', import.meta.url);
const skip = existsSync(models) ? false : '../shared is absent';

async function quantizedWeights(path: string) {
  const bytes = gunzipSync(readFileSync(new URL(path, models)));
  const opened = await openModel([bufferSource(path, bytes)]);
  assert.ok(opened.ok);
  return [...opened.value.model.graph.initializers.values()].flatMap((value) => {
    const quantizer = findWeightQuantizer(value);
    return quantizer && value.tensor ? [{ tensor: value.tensor, quantizer }] : [];
  });
}

test('weights of ResNet-18: int8 by channel loses what int8 loses', { skip }, async () => {
  const wasm = await loadKernels();
  const weights = await quantizedWeights('real/resnet18.convs.onnx.gz');
  assert.equal(weights.length, 21, '20 convolutions and the classifier');
  for (const input of weights) {
    const stats = await weightStats(input, wasm);
    assert.ok(stats.ok);
    assert.deepEqual(stats, await weightStats(input, plainKernels), input.tensor.name);
    const { quantization, histogram, count } = stats.value;
    assert.equal(quantization?.granularity, 'per-channel');
    // The largest weight of each channel is at the end of its range; half a step is the most that rounding takes.
    assert.ok(quantization.maxAbsError <= 0.501 * Math.max(...quantization.scales));
    assert.ok(quantization.sqnrDb > 25 && quantization.sqnrDb < 60, String(quantization.sqnrDb));
    assert.equal(
      histogram.reduce((a, b) => a + b),
      count,
    );
  }
});

test('FP8 weights round to FP8 numbers', { skip }, async () => {
  const weights = await quantizedWeights('micro/fp8_conv_chain.onnx.gz');
  assert.ok(weights.length > 0);
  for (const input of weights) {
    const stats = await weightStats(input, plainKernels);
    assert.ok(stats.ok);
    const { quantization } = stats.value;
    assert.equal(quantization?.quantizedType, 'float8e4m3fn');
    // Three bits of mantissa: an error of at most 1/16 of the value, about 30 dB on the mean.
    assert.ok(quantization.sqnrDb > 25 && quantization.sqnrDb < 40, String(quantization.sqnrDb));
  }
});
