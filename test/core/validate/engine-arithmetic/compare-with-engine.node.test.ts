import assert from 'node:assert/strict';
import { test } from 'node:test';
import { floatModel } from '../../../../src/core/calibrate/float-model.ts';
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

/** Two convolutions in INT8 whose scales are no powers of two, so that the order of roundings shows. */
const REQUANTIZED = modelOf(`net (float[1,8,12,12] x, float[16,16] m) => (float[1,8,12,12] y)
  <float[8,8,3,3] w = {0.0617 ...}, float s = {0.03}, float t = {0.0173}, int8 z = {0}, float ws = {0.0057}>
{
  [xq] xq = QuantizeLinear (x, s, z)
  [xd] xd = DequantizeLinear (xq, s, z)
  [wq] wq = QuantizeLinear (w, ws, z)
  [wd] wd = DequantizeLinear (wq, ws, z)
  [conv] c = Conv <pads = [1, 1, 1, 1]> (xd, wd)
  [relu] r = Relu (c)
  [rq] rq = QuantizeLinear (r, t, z)
  [rd] rd = DequantizeLinear (rq, t, z)
  [conv2] y = Conv <pads = [1, 1, 1, 1]> (rd, wd)
}`);

test('what fusion changes is ranked, with the node and the layer of it, and pictured', async () => {
  const engine = engineOf(REQUANTIZED);
  const report = valueOf(
    await compareWithEngineArithmetic(REQUANTIZED, engine, constantFeeds, options),
  );
  const { tensors, worst, firstApart, details, target } = report;
  const input = tensors.find(({ tensor }) => tensor === 'xd')!;
  assert.equal(REQUANTIZED.graph.node(input.node)?.opType, 'QuantizeLinear');
  const layer = engine.layers.find(({ name }) => name === input.layer);
  assert.deepEqual(input.nodes, layer?.nodes);
  assert.ok(layer?.nodes.includes(input.node));
  const changed = tensors.filter(({ fusion }) => fusion.unequal > 0);
  assert.ok(changed.length > 0 && changed.length < tensors.length);
  const byNumber = [...changed].sort((a, b) => a.fusion.sqnrDb - b.fusion.sqnrDb);
  assert.deepEqual(
    worst,
    byNumber.map(({ tensor }) => tensor),
  );
  const byOrder = [...changed].sort((a, b) => a.order - b.order);
  assert.equal(firstApart, byOrder[0]!.tensor);
  assert.deepEqual(
    details.map(({ tensor }) => tensor),
    ['y'],
  );
  assert.equal(
    details[0]!.before.counts.reduce((a, b) => a + b),
    tensors.at(-1)!.fusion.count,
  );
  assert.equal(target, engine.target);
  assert.ok(tensors.every(({ rewrite }) => rewrite === undefined));
});

test('with a model before, the rewrite is told beside fusion', async () => {
  const engine = engineOf(CONSTANT);
  const follow = async (before?: typeof CONSTANT) =>
    valueOf(
      await compareWithEngineArithmetic(CONSTANT, engine, constantFeeds, {
        ...options,
        ...(before && { before }),
      }),
    );
  const alone = await follow();
  const same = await follow(CONSTANT);
  const output = same.tensors.find(({ tensor }) => tensor === 'y')!;
  assert.equal(output.rewrite?.unequal, 0);
  assert.deepEqual(output.rewriteTotal, output.fusion);
  assert.deepEqual(
    same.tensors.map(({ fusion, total }) => ({ fusion, total })),
    alone.tensors.map(({ fusion, total }) => ({ fusion, total })),
  );
  // Without Q/DQ before, what the new pair gives is held against the float value.
  const float = floatModel(CONSTANT, { float: true });
  assert.equal(float.model.graph.value('xd'), undefined);
  const quantized = await follow(float.model);
  const input = quantized.tensors.find(({ tensor }) => tensor === 'xd')!;
  assert.deepEqual(input.rewrite, input.quantization);
  assert.deepEqual(input.rewriteTotal, input.total);
  assert.ok(input.rewrite.unequal > 0);
});

test('groups and models opened one at a time give the same report', async () => {
  const engine = engineOf(CONSTANT);
  const usual = valueOf(
    await compareWithEngineArithmetic(CONSTANT, engine, constantFeeds, options),
  );
  const seen: string[] = [];
  const sparing = valueOf(
    await compareWithEngineArithmetic(CONSTANT, engine, constantFeeds, {
      ...options,
      together: false,
      splitValues: (_, values) => values.map((value) => [value]),
      onProgress: ({ batch, group, groups }) => seen.push(`${batch}/${group}/${groups}`),
    }),
  );
  assert.deepEqual(sparing.tensors, usual.tensors);
  assert.equal(sparing.groups, usual.tensors.length);
  assert.equal(seen.at(-1), `2/${sparing.groups}/${sparing.groups}`);
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
