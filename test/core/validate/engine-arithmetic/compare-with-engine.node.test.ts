import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madeFeeds } from '../../../../src/core/inputs/feed-sources.ts';
import { compareWithEngineArithmetic } from '../../../../src/core/validate/engine-arithmetic/compare-with-engine.ts';
import { withStoredTypes } from '../../../../src/core/validate/engine-arithmetic/stored-types.ts';
import { plainKernels } from '../../../../src/core/quant/plain-kernels.ts';
import { NETWORK, NETWORK_FEEDS, modelOf, valueOf } from '../../../ort/run-support.ts';
import { engineOf, openRunner } from './engine-support.ts';

const options = { openRunner, kernels: plainKernels };
const feeds = madeFeeds([NETWORK_FEEDS, NETWORK_FEEDS], 2);

/** NETWORK with constant weights, so that its Conv runs in INT8. */
const CONSTANT = modelOf(
  NETWORK.replace(', float[16,8,3,3] k', '')
    .replace('[add] v = Add (w, k)', '')
    .replace('(v, ws, wz)', '(w, ws, wz)'),
);
const constantFeeds = madeFeeds(
  [new Map([...NETWORK_FEEDS].filter(([name]) => name !== 'k'))].flatMap((one) => [one, one]),
  2,
);

test('the report tells quantization from fusion, for outputs and what the engine stores', async () => {
  const model = CONSTANT;
  const engine = engineOf(model);
  const report = valueOf(await compareWithEngineArithmetic(model, engine, constantFeeds, options));
  assert.equal(report.batches, 2);
  const names = report.tensors.map(({ tensor }) => tensor);
  assert.ok(names.includes('xd') && names.includes('y'));
  const input = report.tensors.find(({ tensor }) => tensor === 'xd');
  assert.equal(input?.engineType, 'Int8');
  assert.equal(input.quantization.count, 2 * 1152);
  assert.ok(input.quantization.sqnrDb > 20 && input.quantization.maxAbsError <= 0.03125 / 2);
  // A power of two as scale: factor and division give the same.
  assert.equal(input.fusion.unequal, 0);
  assert.deepEqual(input.total, input.quantization);
  const output = report.tensors.find(({ isOutput }) => isOutput);
  assert.ok(output && output.fusion.sqnrDb > output.quantization.sqnrDb);
});

test('FP16 between layers is fusion, not quantization', async () => {
  const model = modelOf(NETWORK);
  const engine = withStoredTypes(
    engineOf(model),
    new Map([
      ['c', 'Half'],
      ['h', 'Half'],
    ]),
  );
  const wide = valueOf(await compareWithEngineArithmetic(model, engineOf(model), feeds, options));
  const half = valueOf(await compareWithEngineArithmetic(model, engine, feeds, options));
  const errorOf = (report: typeof wide) => report.tensors.find(({ tensor }) => tensor === 'y');
  assert.deepEqual(errorOf(half)?.quantization, errorOf(wide)?.quantization);
  assert.ok(errorOf(half)!.fusion.sqnrDb < errorOf(wide)!.fusion.sqnrDb);
});

test('a model without Q/DQ that is stored in FP32 is the same three times', async () => {
  const model = modelOf(
    `net (float[1,4] x) => (float[1,4] y) { [a] b = Relu (x) [s] y = Softmax (b) }`,
  );
  const data = Float32Array.of(1, -2, 3, 0.5);
  const source = madeFeeds([new Map([['x', { dataType: 'float32', dims: [1, 4], data }]])], 1);
  const { tensors } = valueOf(
    await compareWithEngineArithmetic(model, engineOf(model), source, options),
  );
  for (const { quantization, fusion, total } of tensors)
    for (const error of [quantization, fusion, total]) assert.equal(error.unequal, 0);
  assert.ok(tensors.length > 0);
});

test('no data is a failure, and so is an abort', async () => {
  const model = modelOf(NETWORK);
  const none = await compareWithEngineArithmetic(model, engineOf(model), madeFeeds([], 0), options);
  assert.equal(none.ok, false);
  const signal = AbortSignal.abort();
  const aborted = await compareWithEngineArithmetic(model, engineOf(model), feeds, {
    ...options,
    signal,
  });
  assert.equal(aborted.ok ? '' : aborted.error.code, 'base/cancelled');
});
