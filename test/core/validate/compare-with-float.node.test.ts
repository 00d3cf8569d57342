import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import type { FeedStream } from '../../../src/core/calibrate/feed-stream.ts';
import { sensitivity } from '../../../src/core/calibrate/sensitivity.ts';
import { madeFeeds } from '../../../src/core/inputs/feed-sources.ts';
import { randomFeeds } from '../../../src/core/inputs/random-feeds.ts';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import { compareWithFloat } from '../../../src/core/validate/compare-with-float.ts';
import type { ValidateOptions } from '../../../src/core/validate/validate-options.ts';
import { judgeFloat } from '../../../src/core/validate/verdict.ts';
import { ortRunner } from '../../../src/ort/open-runner.ts';
import { groupValues } from '../../../src/ort/group-values.ts';
import { loadKernels } from '../../../wasm/load-kernels.ts';
import { TWO_LAYERS } from '../calibrate/calibrate-models.ts';
import { modelOf, valueOf } from '../explain/text-models.ts';
import { readModel } from '../sim/given-engines.ts';

const options: ValidateOptions = {
  openRunner: ortRunner({ threads: 1 }),
  kernels: await loadKernels(),
};
const feed = (...rows: readonly (readonly number[])[]): FeedStream =>
  madeFeeds(
    rows.map(
      (numbers) =>
        new Map([['x', { dataType: 'float32', dims: [1, 2], data: Float32Array.from(numbers) }]]),
    ),
    rows.length,
  );

const rounded = (x: number): number => {
  const near = Math.round(x);
  return near - x === 0.5 && near % 2 !== 0 ? near - 1 : near;
};
const quantized = (x: number, scale: number): number =>
  Math.min(127, Math.max(-128, rounded(x / scale))) * scale;
const times = ([a, b]: readonly [number, number], w: readonly number[]): [number, number] => [
  a * w[0]! + b * w[2]!,
  a * w[1]! + b * w[3]!,
];
const sqnr = (a: readonly number[], b: readonly number[]): number => {
  const sum = (terms: readonly number[]): number => terms.reduce((x, y) => x + y, 0);
  return 10 * Math.log10(sum(a.map((x) => x * x)) / sum(a.map((x, i) => (b[i]! - x) ** 2)));
};

test('layers alone and in a row, by hand', async () => {
  const report = valueOf(await compareWithFloat(modelOf(TWO_LAYERS), feed([1.23, -0.77]), options));
  assert.deepEqual(
    report.layers.map(({ node }) => node),
    ['first', 'second', 'sum'],
  );
  const [w1, w2] = [
    [1, 0.3, -0.7, 2],
    [0.11, 0.5, 0.25, -1],
  ];
  const [q1, q2] = [w1, w2].map((w) => w.map((x) => quantized(x, 0.02)));
  const x = [1.23, -0.77] as const;
  const a = [quantized(1.23, 0.1), quantized(-0.77, 0.1)] as const;
  const f = times(x, w1);
  const fq = times(a, q1!);
  const coarse = (v: readonly [number, number]): [number, number] => [
    quantized(v[0], 2),
    quantized(v[1], 2),
  ];
  const g = times(f, w2);
  const near = (have: number | undefined, want: number) => {
    assert.ok(Math.abs((have ?? NaN) - want) < 1e-3, `${have} ${want}`);
  };
  const [first, second, sum] = report.layers;
  near(first?.local?.sqnrDb, sqnr(f, fq));
  near(first?.accumulated.sqnrDb, sqnr(f, fq));
  near(second?.local?.sqnrDb, sqnr(g, times(coarse(f), q2!)));
  near(second?.accumulated.sqnrDb, sqnr(g, times(coarse(fq), q2!)));
  // The Add reads the float sum and a quantized input when it is alone.
  near(sum?.local?.sqnrDb, sqnr([g[0] + x[0], g[1] + x[1]], [g[0] + a[0], g[1] + a[1]]));
  assert.deepEqual(report.worst, ['second', 'first', 'sum']);
});

test('quantizers tell saturation, what is unused, and a better scale', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => [0.02 * i, -0.01 * i]);
  const report = valueOf(await compareWithFloat(modelOf(TWO_LAYERS), feed(...rows), options));
  const [a, b] = report.quantizers;
  assert.deepEqual([a?.node, a?.value, b?.node, b?.value], ['a_q', 'x', 'b_q', 'f']);
  assert.equal(a?.range.scale, Math.fround(0.1));
  assert.deepEqual([a.saturated, a.count], [0, 80]);
  // The largest is 0.78; the range goes to -128 steps.
  assert.ok(Math.abs(a.unusedRange - (1 - 0.78 / 12.8)) < 1e-6);
  const ideal = 0.78 / 127;
  assert.ok(a.better && a.better.gainDb > 20, 'sixteen times finer is more than 20 dB');
  assert.ok(Math.abs(a.better.scale / ideal - 1) < 0.05);
  const tight = modelOf(TWO_LAYERS.replace('float s = {0.1}', 'float s = {0.005}'));
  const [cut] = valueOf(await compareWithFloat(tight, feed(...rows), options)).quantizers;
  // 0.005 · 127.5 = 0.6375 is where rounding passes 127: 0.64 … 0.78 are eight of the eighty.
  assert.equal(cut?.saturated, 8 / 80);
  assert.equal(cut.unusedRange, 0);
});

test('a model without Q/DQ has nothing to compare', async () => {
  const model = modelOf('g (float[1, 2] x) => (float[1, 2] y) { [relu] y = Relu(x) }');
  const result = await compareWithFloat(model, feed([1, 2]), options);
  assert.equal(result.ok ? '' : result.error.code, 'validate/nothing-quantized');
});

test('agreement of classes, by hand', async () => {
  const model = modelOf(`
g (float[1, 2] x) => (float[1, 2] y)
<float s = {1}, int8 z = {0}>
{
  [q] i = QuantizeLinear(x, s, z)
  [dq] d = DequantizeLinear(i, s, z)
  [end] y = Relu(d)
}`);
  // Rounded: [1, 2] as before; [1, 1] where the second won before; [0, 3] as before; [2, 2], tied for the first.
  const data = feed([1, 2], [0.9, 1.1], [0.2, 3], [2.2, 1.8]);
  const report = valueOf(await compareWithFloat(model, data, options));
  assert.deepEqual(report.agreement, [{ output: 'y', rows: 4, classes: 2, top1: 0.75 }]);
  assert.equal(judgeFloat(report, { top1: 0.9 }).status, 'failed');
  assert.equal(judgeFloat(report, { top1: 0.7 }).status, 'within');
  assert.equal(judgeFloat(report).status, 'measured');
});

const real = new URL(
  '../../../../shared/engines/models/real/resnet18.convs.onnx.gz',
  import.meta.url,
);
const skip = existsSync(real) ? false : '../shared is absent';

test(
  'a real network: local errors are smaller, and agree with the one by one',
  { skip },
  async (context) => {
    const model = await readModel(real);
    inferShapes(model);
    const settings = { seed: 3, samples: 1, distribution: 'normal' } as const;
    const data = madeFeeds(valueOf(randomFeeds(model.graph, settings)), 1);
    const start = performance.now();
    const report = valueOf(
      await compareWithFloat(model, data, {
        ...options,
        splitValues: (graph, values) => groupValues(graph, values, { budgetBytes: 12e6 }),
      }),
    );
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    context.diagnostic(`${report.layers.length} layers in ${report.groups} groups: ${seconds} s`);
    const convolutions = report.layers.filter(({ opType }) => opType === 'Conv');
    assert.ok(convolutions.length >= 20);
    for (const { local, accumulated, node } of convolutions)
      assert.ok(
        local && local.sqnrDb > 5 && accumulated.sqnrDb < local.sqnrDb + 6,
        `${node} ${local?.sqnrDb} ${accumulated.sqnrDb}`,
      );
    // The last layer alone, by the older way: one session with only this layer quantized.
    const last = report.layers.at(-1);
    const alone = valueOf(
      await sensitivity(model, data, {
        openRunner: options.openRunner,
        layers: [last?.node ?? ''],
        batches: 1,
      }),
    );
    const sole = alone.layers[0]?.sqnrDb ?? NaN;
    context.diagnostic(`${last?.node}: local ${last?.local?.sqnrDb} dB, alone ${sole} dB`);
    if (model.graph.outputs[0]?.name === last?.output)
      assert.ok(Math.abs(sole - (last?.local?.sqnrDb ?? 0)) < 0.01);
  },
);
