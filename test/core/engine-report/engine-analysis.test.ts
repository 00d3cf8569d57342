import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseEngine } from '../../../src/core/engine-report/engine-analysis.ts';
import { sortLayers } from '../../../src/core/engine-report/layer-lines.ts';
import { copy, engineOf, facts, layer, tensor } from './hand-engine.ts';

const float = { dataType: 'Float' } as const;

/** Q, convolution, reformat, softmax in float: 10 + 60 + 10 + 20 µs. */
const NETWORK = engineOf(
  [
    copy('Q', tensor('x', float), tensor('q'), { role: 'qdq', origin: 'QDQ', timeUs: 10 }),
    layer('Conv', [tensor('q')], [tensor('y')], {
      parameterType: 'Convolution',
      convolution: facts(),
      weightBytes: 9344,
      tactic: 'sm80_xmma_fprop_tensor16x8x32',
      timeUs: 60,
    }),
    copy('R', tensor('y'), tensor('yf', float), { timeUs: 10, precision: 'fp32' }),
    layer('Softmax', [tensor('yf', float)], [tensor('z', float)], {
      layerType: 'SoftMax',
      precision: 'fp32',
      timeUs: 20,
    }),
  ],
  ['x', 'z'],
);

test('shares are told by count and by time', () => {
  const { figures } = analyseEngine(NETWORK);
  assert.equal(figures.layerTimeUs, 100);
  assert.deepEqual(figures.compute, { layers: 2, timeUs: 80, timeShare: 0.8 });
  assert.deepEqual(figures.low, { layers: 1, timeUs: 60, timeShare: 0.6 });
  assert.equal(figures.lowShare, 0.5);
  assert.deepEqual(figures.quantizers, { layers: 1, timeUs: 10, timeShare: 0.1 });
  assert.deepEqual(figures.reformats, { layers: 1, timeUs: 10, timeShare: 0.1 });
  assert.equal(figures.untimedLayers, 0);
});

test('memory counts tensors once, and weights that Myelin lists among its inputs as weights', () => {
  const slices = tensor('qkv', { dims: [1, 64], dataType: 'Half' });
  const engine = engineOf([
    layer(
      'gemm',
      [
        tensor('a', { dims: [4, 8] }),
        tensor('__mye1_dconst', { dims: [8, 192] }),
        tensor('fc_bias _ ONNXTRT_Broadcast_constantFloat', { dims: [192], dataType: 'Float' }),
      ],
      [tensor('qkv', { dims: [4, 192], dataType: 'Half' })],
      { layerType: 'gemm' },
    ),
    layer('mha', [slices, slices, { ...slices, dims: [64, 1] }], [tensor('o', { dims: [-1] })]),
  ]);
  const { memory } = analyseEngine(engine);
  assert.deepEqual(
    memory.layers.map((m) => [m.inputBytes, m.outputBytes, m.weightBytes, m.unknownTensors]),
    [
      [32, 1536, 8 * 192 + 192 * 4, 0],
      [256, 0, 0, 1],
    ],
  );
  assert.equal(memory.activationBytes, 32 + 1536);
});

test('latency by type and by precision adds up to the whole', () => {
  const { latency } = analyseEngine(NETWORK);
  assert.deepEqual(
    latency.byType.map(({ type, timeUs }) => [type, timeUs]),
    [
      ['Convolution', 60],
      ['SoftMax', 20],
      ['Q/DQ', 10],
      ['Reformat', 10],
    ],
  );
  assert.deepEqual(
    latency.byPrecision.map(({ precision, layers, timeUs }) => [precision, layers, timeUs]),
    [
      ['int8', 2, 70],
      ['fp32', 2, 30],
    ],
  );
});

test('an engine without a profile has no times, and is no error', () => {
  const engine = engineOf(NETWORK.layers.map((each) => ({ ...each, time: null })));
  const { figures, latency, layers, convolutions } = analyseEngine(engine);
  assert.equal(figures.layerTimeUs, null);
  assert.deepEqual(figures.low, { layers: 1, timeUs: null, timeShare: null });
  assert.deepEqual(latency.byType[0]?.timeShare, null);
  assert.ok(layers.every(({ timeUs, timeShare }) => timeUs === null && timeShare === null));
  assert.equal(convolutions.convolutions[0]?.macsPerUs, null);
});

test('layers sort by time, bytes and name; equal ones keep the order of the engine', () => {
  const { layers } = analyseEngine(NETWORK);
  const names = (order: Parameters<typeof sortLayers>[1]): string[] =>
    sortLayers(layers, order).map(({ name }) => name);
  assert.deepEqual(names('time'), ['Conv', 'Softmax', 'Q', 'R']);
  assert.deepEqual(names('bytes'), ['Softmax', 'Conv', 'Q', 'R']);
  assert.deepEqual(names('name'), ['Conv', 'Q', 'R', 'Softmax']);
});

test('tactics add up over layers, and say whether they use tensor cores', () => {
  const { tactics } = analyseEngine(NETWORK);
  assert.deepEqual(
    tactics.map(({ tactic, layers, timeUs, tensorCores }) => [tactic, layers, timeUs, tensorCores]),
    [
      ['sm80_xmma_fprop_tensor16x8x32', 1, 60, 'yes'],
      [null, 3, 40, 'unknown'],
    ],
  );
});

test('the analysis is cloneable', () => {
  const analysis = analyseEngine(NETWORK);
  assert.deepEqual(structuredClone(analysis), analysis);
});
