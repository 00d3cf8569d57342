import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sensitivity } from '../../../src/core/calibrate/sensitivity.ts';
import type { SensitivityOptions } from '../../../src/core/calibrate/sensitivity.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { modelOf, valueOf } from '../explain/text-models.ts';
import { CHAIN, TWO_LAYERS, pending } from './calibrate-models.ts';
import { batches, smallRunner } from './small-runner.ts';
import type { RunnerLog } from './small-runner.ts';

const newLog = (): RunnerLog => ({ opened: [], runs: 0, released: 0 });
const DATA = batches([1.23, -0.77], [0.31, 2.9], [-1.6, 0.42], [0.05, 0.94], [3.3, 3.1]);

async function failure(model: Model, feeds = DATA, more: Partial<SensitivityOptions> = {}) {
  const result = await sensitivity(model, feeds, { openRunner: smallRunner(), ...more });
  assert.ok(!result.ok, 'expected a failure');
  return result.error.code;
}

/** What the quantizers of TWO_LAYERS do to a number. */
const quantized = (x: number, scale: number): number =>
  Math.min(127, Math.max(-128, Math.round(x / Math.fround(scale)))) * Math.fround(scale);

test('each layer alone against the float outputs, the worst first', async () => {
  const log = newLog();
  const seen: string[] = [];
  const report = valueOf(
    await sensitivity(modelOf(TWO_LAYERS), DATA, {
      openRunner: smallRunner(log),
      batches: 2,
      onProgress: ({ done, of, layer }) => seen.push(`${done}/${of} ${layer}`),
    }),
  );
  assert.deepEqual(
    report.layers.map(({ layer }) => layer),
    ['second', 'first'],
    'a scale of 2 is coarse',
  );
  assert.equal(report.batches, 2);
  assert.deepEqual(seen, ['1/2 first', '2/2 second']);
  // The float model once a batch, then each layer: the data is not walked further.
  assert.deepEqual([log.opened.length, log.runs, log.released], [3, 6, 3]);
});

test('the error of one layer, by hand', async () => {
  const report = valueOf(
    await sensitivity(modelOf(TWO_LAYERS), DATA, {
      openRunner: smallRunner(),
      batches: 1,
      layers: ['second'],
    }),
  );
  const times = ([a, b]: readonly [number, number], w: readonly number[]): [number, number] => [
    a * w[0]! + b * w[2]!,
    a * w[1]! + b * w[3]!,
  ];
  const x = [1.23, -0.77] as const;
  const w2 = [0.11, 0.5, 0.25, -1];
  const f = times(x, [1, 0.3, -0.7, 2]);
  const g = times(f, w2);
  const coarse = times(
    [quantized(f[0], 2), quantized(f[1], 2)],
    w2.map((w) => quantized(w, 0.02)),
  );
  const y = [g[0] + x[0], g[1] + x[1]] as const;
  const noise = (coarse[0] - g[0]) ** 2 + (coarse[1] - g[1]) ** 2;
  const [found] = report.layers;
  assert.equal(found?.output, 'y');
  const near = (have: number, want: number) => {
    assert.ok(Math.abs(have - want) < 1e-4, `${have} ${want}`);
  };
  near(found.sqnrDb, 10 * Math.log10((y[0] ** 2 + y[1] ** 2) / noise));
  near(found.maxAbsError, Math.max(Math.abs(coarse[0] - g[0]), Math.abs(coarse[1] - g[1])));
});

test('the proposal names the layer that hurts, within the share', async () => {
  const run = (mostShare: number) =>
    sensitivity(modelOf(TWO_LAYERS), DATA, {
      openRunner: smallRunner(),
      targetSqnrDb: 25,
      mostShare,
    });
  const half = valueOf(await run(0.5)).proposal;
  assert.deepEqual([half.layers, half.reached], [['second'], true]);
  const none = valueOf(await run(0)).proposal;
  assert.deepEqual([none.layers, none.reached], [[], false]);
});

test('what cannot be measured says why', async () => {
  assert.equal(await failure(pending(['r'])), 'calibrate/scales-pending');
  assert.equal(await failure(modelOf(CHAIN)), 'calibrate/no-quantized-layer');
  assert.equal(await failure(modelOf(TWO_LAYERS), batches()), 'calibrate/no-data');
});

test('abort between two layers', async () => {
  const control = new AbortController();
  const log = newLog();
  const code = await failure(modelOf(TWO_LAYERS), DATA, {
    openRunner: smallRunner(log),
    batches: 1,
    signal: control.signal,
    onProgress: () => {
      control.abort();
    },
  });
  assert.deepEqual([code, log.runs, log.released], ['base/cancelled', 2, 3]);
});
