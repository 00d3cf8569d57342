import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madeFeeds } from '../../../src/core/inputs/feed-sources.ts';
import { plainKernels } from '../../../src/core/quant/plain-kernels.ts';
import { validateModels } from '../../../src/core/validate/validate-models.ts';
import type { ValidationTask } from '../../../src/core/validate/validate-models.ts';
import { floats, modelOf, noise, valueOf } from '../../ort/run-support.ts';
import { engineOf, openRunner } from './engine-arithmetic/engine-support.ts';

const model = modelOf(`g (float[2, 4] x) => (float[2, 4] y)
  <float s = {0.05}, int8 z = {0}, float[4, 4] w = {0.1 ...}>
{
  [q] q = QuantizeLinear (x, s, z)
  [dq] d = DequantizeLinear (q, s, z)
  [mm] m = MatMul (d, w)
  [relu] y = Relu (m)
}`);
const other = modelOf('g (float[2, 4] x) => (float[2, 4] y) { [odd] y = Tanh (x) }');
const feeds = madeFeeds([new Map([['x', floats(noise(8, 3), [2, 4])]])], 1);
const names = { before: 'A', after: 'B', inputs: 'noise' };
const task = (patch: Partial<ValidationTask>): ValidationTask => ({
  ...{ after: model, float: false, feeds, names },
  ...patch,
});
const engine = { engine: engineOf(model) };
const foreign = { engine: engineOf(other) };
const options = { openRunner, kernels: plainKernels };

test('parts are done one after the other, the engine last, each told by its kind', async () => {
  const seen: string[] = [];
  const report = valueOf(
    await validateModels(task({ before: model, float: true, engine }), {
      ...options,
      onProgress: ({ kind, part, parts }) => seen.push(`${kind} ${part}/${parts}`),
    }),
  );
  assert.deepEqual([...new Set(seen)], ['equivalence 1/3', 'float 2/3', 'engine 3/3']);
  assert.equal(report.engine?.tensors.find(({ tensor }) => tensor === 'y')?.rewrite?.unequal, 0);
  assert.equal(report.engineProblem, undefined);
});

test('an engine that cannot be followed leaves the rest of the report', async () => {
  const report = valueOf(await validateModels(task({ float: true, engine: foreign }), options));
  assert.equal(report.engine, undefined);
  assert.equal(report.engineProblem?.code, 'validate/engine-of-other-model');
  assert.ok(report.float && report.float.layers.length > 0);
  assert.equal(report.verdict.status, 'measured');
});

test('where the engine is all that was asked for, the failure is that of the run', async () => {
  const failed = await validateModels(task({ engine: foreign }), options);
  assert.equal(failed.ok ? '' : failed.error.code, 'validate/engine-of-other-model');
});

test('a cancelled run ends all, also while the engine is followed', async () => {
  const abort = new AbortController();
  const cancelled = await validateModels(task({ float: true, engine }), {
    ...options,
    signal: abort.signal,
    onProgress: ({ kind }) => {
      if (kind === 'engine') abort.abort();
    },
  });
  // The only batch is done by then: what came out is whole, or nothing is.
  assert.ok(cancelled.ok ? cancelled.value.engine : cancelled.error.code === 'base/cancelled');
  const early = await validateModels(task({ engine }), { ...options, signal: AbortSignal.abort() });
  assert.equal(early.ok ? '' : early.error.code, 'base/cancelled');
});

test('the tolerance is held against the engine only where it is alone', async () => {
  const tolerance = { sqnrDb: 200 };
  const alone = valueOf(await validateModels(task({ engine, tolerance }), options));
  assert.equal(alone.verdict.status, 'failed');
  assert.match(alone.verdict.findings[0]!.message, /^The output y has an SQNR of /);
  const loose = valueOf(await validateModels(task({ engine, tolerance: { sqnrDb: 1 } }), options));
  assert.equal(loose.verdict.status, 'within');
  const beside = valueOf(await validateModels(task({ before: model, engine, tolerance }), options));
  assert.equal(beside.verdict.status, 'exact');
});
