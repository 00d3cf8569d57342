import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { calibrate } from '../../../src/core/calibrate/calibrate.ts';
import type { FeedStream } from '../../../src/core/calibrate/feed-stream.ts';
import { randomFeeds } from '../../../src/core/inputs/random-feeds.ts';
import { madeFeeds } from '../../../src/core/inputs/feed-sources.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import { parseTarget } from '../../../src/core/sim/parse-target.ts';
import { PIPELINE } from '../../../src/core/passes/pipeline.ts';
import type { PassChange } from '../../../src/core/passes/pass-trace.ts';
import { runPasses } from '../../../src/core/passes/run-passes.ts';
import { compareModels } from '../../../src/core/validate/compare-models.ts';
import type { CompareOptions } from '../../../src/core/validate/validate-options.ts';
import { judge } from '../../../src/core/validate/verdict.ts';
import { ortRunner } from '../../../src/ort/open-runner.ts';
import { groupValues } from '../../../src/ort/group-values.ts';
import { loadKernels } from '../../../wasm/load-kernels.ts';
import { modelOf, valueOf } from '../explain/text-models.ts';
import { readModel } from '../sim/given-engines.ts';

const options: CompareOptions = {
  openRunner: ortRunner({ threads: 1 }),
  kernels: await loadKernels(),
};

export function feedsFor({ graph }: Model, samples = 2): FeedStream {
  const settings = { seed: 11, samples, distribution: 'normal' } as const;
  return madeFeeds(valueOf(randomFeeds(graph, settings)), samples);
}

const resnet = new URL(
  '../../../../shared/engines/models/real/resnet18.convs.onnx.gz',
  import.meta.url,
);
const skip = existsSync(resnet) ? false : '../shared is absent';

test('passes over a real network keep what they promise', { skip }, async (context) => {
  const before = await readModel(resnet);
  inferShapes(before);
  const passes = PIPELINE.filter(({ onRequest }) => onRequest === undefined);
  const target = valueOf(parseTarget('trt10.6-sm90', 'best'));
  const run = valueOf(await runPasses(before, passes, { target, settings: {} }));
  // Some passes place pairs whose scales only data can give.
  const { model: after } = valueOf(
    await calibrate(run.model, feedsFor(before, 1), { ...options, method: 'max' }),
  );
  const exact = run.changes.filter(({ numerics }) => numerics === 'bit-exact').length;
  context.diagnostic(`${run.changes.length} changes, ${exact} bit-exact`);
  const report = valueOf(
    await compareModels({ before, after }, feedsFor(before, 1), {
      ...options,
      changes: run.changes,
      splitValues: (graph, values) => groupValues(graph, values, { budgetBytes: 8e6 }),
    }),
  );
  assert.ok(report.groups > 1, 'eight megabytes are not enough for all tensors');
  assert.deepEqual(report.breaches, []);
  assert.deepEqual(report.incomparable, []);
  assert.ok(report.tensors.length > 30);
  const verdict = judge(report);
  assert.notEqual(verdict.status, 'failed', JSON.stringify(verdict));
});

test(
  'bit-exact passes over a real network leave its outputs equal to the bit',
  { skip },
  async () => {
    const before = await readModel(resnet);
    inferShapes(before);
    const exact = PIPELINE.filter(
      ({ onRequest, numerics }) => onRequest === undefined && numerics === 'bit-exact',
    );
    const target = valueOf(parseTarget('trt10.6-sm90', 'best'));
    const { model: after, changes } = valueOf(
      await runPasses(before, exact, { target, settings: {} }),
    );
    assert.ok(changes.length > 0);
    const report = valueOf(
      await compareModels({ before, after }, feedsFor(before, 1), { ...options, changes }),
    );
    assert.deepEqual(report.breaches, []);
    assert.equal(judge(report).status, 'exact');
  },
);

test('a model against itself is exact, tensor by tensor', { skip }, async () => {
  const model = await readModel(resnet);
  const report = valueOf(
    await compareModels({ before: model, after: model }, feedsFor(model, 1), {
      ...options,
      changes: [],
    }),
  );
  assert.equal(report.firstApart, undefined);
  for (const { error, contract, tensor } of report.tensors) {
    assert.equal(contract, 'untouched');
    assert.deepEqual(
      [error.unequal, error.maxAbsError, error.cosine, error.sqnrDb],
      [0, 0, 1, Infinity],
      tensor,
    );
  }
  assert.equal(judge(report).status, 'exact');
});

const HAND = (scale: string): string => `
g (float[1, 4] x) => (float[1, 4] y)
<float s = {${scale}}, int8 z = {0}, float two = {2}>
{
  [relu] r = Relu(x)
  [q] i = QuantizeLinear(r, s, z)
  [dq] d = DequantizeLinear(i, s, z)
  [double] y = Mul(d, two)
}`;
const feed = (...numbers: number[]): FeedStream =>
  madeFeeds(
    [new Map([['x', { dataType: 'float32', dims: [1, 4], data: Float32Array.from(numbers) }]])],
    1,
  );

test('numbers worked out by hand', async () => {
  const pair = { before: modelOf(HAND('0.25')), after: modelOf(HAND('1')) };
  const report = valueOf(await compareModels(pair, feed(1, 2.25, -3, 0.5), options));
  // Before: d = 1, 2.25, 0, 0.5; after, half to even: 1, 2, 0, 0. The output is twice that.
  assert.deepEqual(
    report.tensors.map(({ tensor }) => tensor),
    ['r', 'd', 'y'],
  );
  const [r, d, y] = report.tensors;
  assert.equal(r?.error.unequal, 0);
  assert.equal(r.error.step, 1, 'the quantizer after the rewrite reads it');
  assert.equal(report.firstApart, 'd');
  assert.deepEqual(
    [d?.error.unequal, d?.error.maxAbsError, d?.error.meanAbsError],
    [2, 0.5, 0.75 / 4],
  );
  const signal = 1 + 2.25 ** 2 + 0.25;
  const noise = 0.25 ** 2 + 0.5 ** 2;
  assert.ok(Math.abs((d?.error.sqnrDb ?? 0) - 10 * Math.log10(signal / noise)) < 1e-9);
  assert.equal(d?.error.maxRelativeError, 1);
  assert.equal(d.error.relativeError, Math.sqrt(noise / signal));
  assert.ok(Math.abs(d.error.cosine - (1 + 4.5) / Math.sqrt(signal * 5)) < 1e-9);
  assert.deepEqual([d.error.step, d.error.beyondStep], [1, 0]);
  assert.deepEqual([y?.error.maxAbsError, y?.isOutput], [1, true]);
  assert.ok(y?.error.sqnrDb === d.error.sqnrDb, 'a power of two changes no ratio');
  const [detail] = report.details;
  assert.deepEqual([...(detail?.scatter ?? [])], [2, 2, 4.5, 4, 0, 0, 1, 0]);
  assert.equal(
    detail?.before.counts.reduce((a, b) => a + b),
    4,
  );
});

test('scaling the input and the scales of a network scales the errors', async () => {
  const times = async (factor: number) => {
    const pair = {
      before: modelOf(HAND(String(0.25 * factor))),
      after: modelOf(HAND(String(factor))),
    };
    const numbers = [1, 2.25, -3, 0.5].map((x) => x * factor);
    return valueOf(await compareModels(pair, feed(...numbers), options)).tensors;
  };
  const [one, eight] = [await times(1), await times(8)];
  for (const [i, { error }] of one.entries()) {
    const scaled = eight[i]?.error;
    assert.equal(scaled?.maxAbsError, 8 * error.maxAbsError);
    assert.equal(scaled.meanAbsError, 8 * error.meanAbsError);
    for (const key of ['sqnrDb', 'cosine', 'relativeError', 'maxRelativeError', 'unequal'] as const)
      assert.equal(scaled[key], error[key], key);
  }
});

test('other numbers in the same places give permuted sums', async () => {
  const pair = { before: modelOf(HAND('0.25')), after: modelOf(HAND('1')) };
  const a = valueOf(await compareModels(pair, feed(1, 2.25, -3, 0.5), options));
  const b = valueOf(await compareModels(pair, feed(0.5, -3, 2.25, 1), options));
  assert.deepEqual(b.tensors, a.tensors);
});

const change = (numerics: PassChange['numerics'], nodes: readonly string[]): PassChange => ({
  passId: `wrong-${numerics}`,
  site: nodes[0] ?? '',
  text: 'Change a scale',
  nodes,
  numerics,
  edits: [],
});

test('a pass that breaks its promise is named, and its breach is an error', async () => {
  const pair = { before: modelOf(HAND('0.25')), after: modelOf(HAND('1')) };
  const changes = [change('bit-exact', ['q', 'dq'])];
  const report = valueOf(
    await compareModels(pair, feed(1, 2.25, -3, 0.5), { ...options, changes }),
  );
  assert.deepEqual(report.breaches, [
    { tensor: 'y', contract: 'bit-exact', passes: ['wrong-bit-exact'], unequal: 2, maxAbsError: 1 },
  ]);
  assert.deepEqual(
    report.tensors.map(({ contract }) => contract),
    ['untouched', 'moved', 'bit-exact'],
  );
  const verdict = judge(report);
  assert.equal(verdict.status, 'failed');
  const [finding] = verdict.findings;
  assert.deepEqual([finding?.code, finding?.severity], ['validate/contract-broken', 'error']);
  assert.match(finding?.message ?? '', /wrong-bit-exact/);
});

test('an approximate pass may do that; a change that nobody tells of may not', async () => {
  const pair = { before: modelOf(HAND('0.25')), after: modelOf(HAND('1')) };
  const data = feed(1, 2.25, -3, 0.5);
  const approximate = valueOf(
    await compareModels(pair, data, { ...options, changes: [change('approximate', ['q', 'dq'])] }),
  );
  assert.deepEqual(approximate.breaches, []);
  assert.equal(judge(approximate).status, 'within');
  assert.equal(judge(approximate, { sqnrDb: 60 }).status, 'failed');
  const calibrated = valueOf(await compareModels(pair, data, { ...options, changes: [] }));
  assert.deepEqual(calibrated.breaches, [], 'other scales alone are nobody’s promise');
  assert.equal(calibrated.tensors[2]?.contract, 'none');
});

test('data that cannot be walked twice, no data, and unlike inputs are told', async () => {
  const model = modelOf(HAND('1'));
  const code = async (feeds: FeedStream, after = model, more: Partial<CompareOptions> = {}) => {
    const result = await compareModels({ before: model, after }, feeds, { ...options, ...more });
    return result.ok ? 'ok' : result.error.code;
  };
  assert.equal(await code(madeFeeds([], 0)), 'validate/no-data');
  const once = feed(1, 2, 3, 4)[Symbol.asyncIterator]();
  const generator: FeedStream = { [Symbol.asyncIterator]: () => once };
  const splitValues: CompareOptions['splitValues'] = (_graph, values) =>
    values.map((value) => [value]);
  assert.match(await code(generator, model, { splitValues }), /validate\/(data-once|no-data)/);
  assert.equal(
    await code(feed(1, 2, 3, 4), modelOf(HAND('1').replaceAll('x', 'u'))),
    'validate/inputs',
  );
  const stopped = AbortSignal.abort();
  assert.equal(await code(feed(1, 2, 3, 4), model, { signal: stopped }), 'base/cancelled');
});

test('groups and opening anew for each batch change no number', async () => {
  const pair = { before: modelOf(HAND('0.25')), after: modelOf(HAND('1')) };
  const seen: string[] = [];
  const whole = valueOf(await compareModels(pair, feed(1, 2.25, -3, 0.5), options));
  const parts = valueOf(
    await compareModels(pair, feed(1, 2.25, -3, 0.5), {
      ...options,
      together: false,
      splitValues: (_graph, values) => values.map((value) => [value]),
      onProgress: ({ batch, group, groups }) => seen.push(`${batch} ${group}/${groups}`),
    }),
  );
  assert.deepEqual(parts.tensors, whole.tensors);
  assert.deepEqual(seen, ['1 1/3', '1 2/3', '1 3/3']);
});

test('outputs of other dimensions or names are told', async () => {
  const before = modelOf(HAND('1'));
  const after = modelOf(HAND('1').replaceAll(' y', ' w'));
  const report = valueOf(await compareModels({ before, after }, feed(1, 2, 3, 4), options));
  assert.deepEqual(report.incomparable, [
    { tensor: 'y', isOutput: true, reason: 'missing-after' },
    { tensor: 'w', isOutput: true, reason: 'missing-before' },
  ]);
  assert.equal(judge(report).status, 'failed');
});
