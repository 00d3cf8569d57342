import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CALIBRATION_METHODS,
  chooseAmax,
  scaleOf,
  storableScale,
} from '../../../src/core/calibrate/choose-scale.ts';
import { StatisticsCollector } from '../../../src/core/calibrate/value-statistics.ts';
import { plainKernels } from '../../../src/core/quant/plain-kernels.ts';
import { withOutliers } from './random-values.ts';

function statisticsOf(values: Float32Array): StatisticsCollector {
  const seen = new StatisticsCollector(plainKernels);
  seen.add(values);
  return seen;
}

test('max is the largest magnitude, of either sign', () => {
  const seen = statisticsOf(Float32Array.of(-3.5, 2, 0));
  assert.equal(chooseAmax(seen, { method: 'max', type: 'int8' }), 3.5);
});

test('percentile: one of 20,000 numbers is clipped at the default', () => {
  const values = Float32Array.from({ length: 20_000 }, (_, i) => (i === 0 ? 100 : (i % 50) / 50));
  const seen = statisticsOf(values);
  const amax = chooseAmax(seen, { method: 'percentile', type: 'int8' });
  assert.ok(amax >= 0.98 && amax < 0.98 + 100 / 2048 + 1e-9, String(amax));
  const all = chooseAmax(seen, { method: 'percentile', percentile: 100, type: 'int8' });
  assert.equal(all, 100);
});

test('no method goes beyond what was seen, and clipping ones stay below outliers', () => {
  const seen = statisticsOf(withOutliers(9, 50_000));
  const largest = Math.max(seen.maximum, -seen.minimum);
  for (const method of CALIBRATION_METHODS)
    for (const type of ['int8', 'float8e4m3fn'] as const) {
      const amax = chooseAmax(seen, { method, type });
      assert.ok(amax > 0 && amax <= largest, `${method} ${type} ${amax} ${largest}`);
      if (method !== 'max' && type === 'int8') assert.ok(amax < largest, method);
    }
});

test('twice the numbers, twice the scale, to the bit', () => {
  const values = withOutliers(31, 30_000);
  const [one, two] = [statisticsOf(values), statisticsOf(values.map((x) => 2 * x))];
  for (const method of CALIBRATION_METHODS)
    for (const type of ['int8', 'float8e4m3fn'] as const) {
      const scale = (seen: StatisticsCollector): number =>
        storableScale(scaleOf(chooseAmax(seen, { method, type }), type), 'float32').scale;
      assert.equal(scale(two), 2 * scale(one), `${method} ${type}`);
    }
});

test('scales reach 127 and 448; a value of zeros has scale 1', () => {
  assert.equal(scaleOf(12.7, 'int8'), 12.7 / 127);
  assert.equal(scaleOf(896, 'float8e4m3fn'), 2);
  assert.equal(scaleOf(0, 'int8'), 1);
  for (const method of CALIBRATION_METHODS)
    assert.equal(chooseAmax(statisticsOf(new Float32Array(9)), { method, type: 'int8' }), 0);
});

test('scales are rounded to their type, and clamped to its normal numbers', () => {
  assert.deepEqual(storableScale(0.1, 'float32'), { scale: Math.fround(0.1), clamped: false });
  assert.deepEqual(storableScale(0.1, 'float16'), { scale: 0.0999755859375, clamped: false });
  assert.deepEqual(storableScale(1e-6, 'float16'), { scale: 2 ** -14, clamped: true });
  assert.deepEqual(storableScale(1e6, 'float16'), { scale: 65504, clamped: true });
  assert.deepEqual(storableScale(1e-45, 'float32'), { scale: 2 ** -126, clamped: true });
});
