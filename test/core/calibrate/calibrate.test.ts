import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fail } from '../../../src/core/base/result.ts';
import { emptyFile } from '../../../src/core/base/diagnostics.ts';
import { applyScales } from '../../../src/core/calibrate/apply-scales.ts';
import { calibrate } from '../../../src/core/calibrate/calibrate.ts';
import type { CalibrateOptions } from '../../../src/core/calibrate/calibrate.ts';
import { CALIBRATION_METHODS } from '../../../src/core/calibrate/choose-scale.ts';
import type { FeedStream } from '../../../src/core/calibrate/feed-stream.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { printOnnxText } from '../../../src/core/onnx/text/print-onnx-text.ts';
import { plainKernels } from '../../../src/core/quant/plain-kernels.ts';
import { modelOf, valueOf } from '../explain/text-models.ts';
import { CHAIN, TWO_LAYERS, pending, scaleOf, scaleTensor, sharing } from './calibrate-models.ts';
import { bell } from './random-values.ts';
import { batches, smallRunner } from './small-runner.ts';
import type { RunnerLog } from './small-runner.ts';

const newLog = (): RunnerLog => ({ opened: [], runs: 0, released: 0 });
const options = (more: Partial<CalibrateOptions> = {}): CalibrateOptions => ({
  method: 'max',
  kernels: plainKernels,
  openRunner: smallRunner(),
  ...more,
});
const run = (model: Model, feeds: FeedStream, more: Partial<CalibrateOptions> = {}) =>
  calibrate(model, feeds, options(more));

async function failure(model: Model, feeds: FeedStream, more: Partial<CalibrateOptions> = {}) {
  const result = await run(model, feeds, more);
  assert.ok(!result.ok, 'expected a failure');
  return result.error;
}
test('max over two batches: input, value in between, value before the output', async () => {
  const model = pending(['x', 'r', 'm']);
  const before = printOnnxText(model);
  // r: (3, 0), (0, 12.7); m = (r0 - r1, 2 r1): (3, 0), (-12.7, 25.4).
  const found = valueOf(await run(model, batches([3, -50.8], [-1, 12.7])));
  const scales = { x: 50.8, r: 12.7, m: 25.4 };
  for (const [value, amax] of Object.entries(scales)) {
    const scale = Math.fround(Math.fround(amax) / 127);
    assert.equal(scaleOf(found.model, value), scale);
    assert.equal(found.scales.scales.get(value), scale);
  }
  const [x, r] = found.statistics;
  assert.deepEqual(
    [x?.value, x?.minimum, x?.maximum, x?.count, x?.clipped],
    ['x', Math.fround(-50.8), Math.fround(12.7), 4, 0],
  );
  assert.equal(
    r?.histogram.counts.reduce((a, b) => a + b, 0),
    4,
  );
  assert.deepEqual(found.warnings, []);
  assert.equal(printOnnxText(model), before);
});

test('the float model runs: a scale of 1 that waits would round everything', async () => {
  const log = newLog();
  const found = valueOf(
    await run(pending(['r', 'm']), batches([0.25, 0]), { openRunner: smallRunner(log) }),
  );
  assert.equal(found.scales.scales.get('m'), Math.fround(0.25 / 127));
  assert.deepEqual(log.opened[0]?.wanted, ['r', 'm']);
  assert.deepEqual([log.runs, log.released], [1, 1]);
});

test('known scales stay in the run and in the model, unless they are to be replaced', async () => {
  const model = modelOf(TWO_LAYERS);
  const kept = valueOf(await run(model, batches([0.123, 0])));
  assert.deepEqual(
    kept.warnings.map(({ code }) => code),
    ['calibrate/nothing-pending'],
  );
  const replaced = valueOf(await run(model, batches([12.7, 0]), { replace: true }));
  assert.equal(scaleOf(replaced.model, 'x'), Math.fround(Math.fround(12.7) / 127));
  assert.equal(scaleOf(replaced.model, 'w1'), Math.fround(0.02));
});

test('a shared scale serves the widest of its values', async () => {
  const found = valueOf(await run(sharing(), batches([1, 5])));
  // r reaches 5, m = (1 - 5, 10) reaches 10.
  const scale = Math.fround(10 / 127);
  assert.equal(scaleOf(found.model, 'r'), scale);
  assert.equal(scaleOf(found.model, 'm'), scale);
  assert.deepEqual(
    found.statistics.map(({ value, amax, scale: own }) => [value, amax, own]),
    [
      ['r', 5, scale],
      ['m', 10, scale],
    ],
  );
});

test('its table, applied to the model, gives the same model', async () => {
  for (const model of [pending(['x', 'r', 'm']), sharing()]) {
    const found = valueOf(await run(model, batches([1, 5], [-2, 3])));
    const applied = applyScales(model, found.scales);
    assert.equal(printOnnxText(applied.model), printOnnxText(found.model));
    assert.deepEqual([applied.missing, applied.unmatched], [[], []]);
  }
});

test('twice the data, twice the scales, to the bit, by every method', async () => {
  const rows = Array.from({ length: 6 }, (_, i) => [...bell(i + 1, 2000)]);
  const model = pending(['x', 'r']);
  for (const method of CALIBRATION_METHODS) {
    const one = valueOf(await run(model, batches(...rows), { method }));
    const doubled = rows.map((numbers) => numbers.map((x) => 2 * x));
    const two = valueOf(await run(model, batches(...doubled), { method }));
    for (const [value, scale] of one.scales.scales)
      assert.equal(two.scales.scales.get(value), 2 * scale, `${method} ${value}`);
  }
});

test('FP8: the range goes to 448', async () => {
  const found = valueOf(await run(pending(['r']), batches([896, 0]), { type: 'float8e4m3fn' }));
  assert.equal(scaleOf(found.model, 'r'), 2);
  assert.equal(found.scales.type, 'float8e4m3fn');
});

test('zeros give scale 1 and a warning', async () => {
  const found = valueOf(await run(pending(['x', 'r']), batches([-1, -2], [-3, 0])));
  assert.equal(scaleOf(found.model, 'r'), 1);
  assert.deepEqual(
    found.warnings.map(({ code, place }) => [code, place?.value]),
    [['calibrate/all-zero', 'r']],
  );
});

test('a value that was never seen keeps waiting, with a warning', async () => {
  const found = valueOf(await run(pending(['x']), batches([])));
  assert.deepEqual(
    found.warnings.map(({ code, place }) => [code, place?.value]),
    [['calibrate/never-seen', 'x']],
  );
  assert.equal(scaleTensor(found.model, 'x').placeholder, true);
});

test('NaN and infinity are errors that name the value and the batch', async () => {
  const model = pending(
    ['x', 'v'],
    CHAIN.replace('r = Relu(x)', 'v = Reciprocal(x) [r] r = Relu(v)'),
  );
  const found = await failure(model, batches([1, 2], [4, 0]));
  assert.equal(found.code, 'calibrate/non-finite');
  assert.equal(found.place?.value, 'v');
  assert.match(found.message, /v has 1 numbers .* batch 2/);
  const nan = await failure(pending(['r']), batches([NaN, 1]));
  assert.equal(nan.place?.value, 'r');
});

test('no data, bad data, and a percentile that is none', async () => {
  assert.equal((await failure(pending(['x']), batches())).code, 'calibrate/no-data');
  const log = newLog();
  const broken: FeedStream = {
    async *[Symbol.asyncIterator]() {
      yield await Promise.resolve(fail(emptyFile('cat.jpg')));
    },
  };
  const found = await failure(pending(['x']), broken, { openRunner: smallRunner(log) });
  assert.deepEqual([found.code, log.released], ['onnx/empty-file', 1]);
  for (const percentile of [0, 101, NaN]) {
    const error = await failure(pending(['x']), batches([1, 2]), { percentile });
    assert.equal(error.code, 'calibrate/percentile');
  }
});

test('values in groups: the same scales, the data walked for each group', async () => {
  const model = pending(['x', 'r', 'm']);
  const feeds = batches([3, -50.8], [-1, 12.7]);
  const whole = valueOf(await run(model, feeds));
  const log = newLog();
  const progress: string[] = [];
  const parts = valueOf(
    await run(model, feeds, {
      valuesPerRun: 2,
      openRunner: smallRunner(log),
      onProgress: ({ batch, group, groups }) => progress.push(`${batch} of ${group}/${groups}`),
    }),
  );
  assert.deepEqual(parts.scales, whole.scales);
  assert.deepEqual(
    log.opened.map(({ wanted }) => wanted),
    [['x', 'r'], ['m']],
  );
  assert.deepEqual([log.runs, log.released], [4, 2]);
  assert.deepEqual(progress, ['1 of 1/2', '2 of 1/2', '1 of 2/2', '2 of 2/2']);
});

test('data that can be walked only once is told apart from no data', async () => {
  const once = batches([1, 2])[Symbol.asyncIterator]();
  const feeds: FeedStream = { [Symbol.asyncIterator]: () => once };
  const found = await failure(pending(['x', 'r']), feeds, { valuesPerRun: 1 });
  assert.equal(found.code, 'calibrate/data-once');
});

test('abort between batches, and while a batch that never comes is waited for', async () => {
  const control = new AbortController();
  const log = newLog();
  const found = await failure(pending(['x']), batches([1, 2], [3, 4], [5, 6]), {
    signal: control.signal,
    openRunner: smallRunner(log),
    onProgress: ({ batch }) => {
      if (batch === 2) control.abort();
    },
  });
  assert.deepEqual([found.code, log.runs, log.released], ['base/cancelled', 2, 1]);

  const waiting = new AbortController();
  const never: FeedStream = {
    [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
  };
  const pendingRun = failure(pending(['x']), never, { signal: waiting.signal });
  setTimeout(() => waiting.abort(), 5);
  assert.equal((await pendingRun).code, 'base/cancelled');
});
