import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  EngineTensor,
  LayerRole,
  PredictedLayer,
  Precision,
} from '../../../src/core/sim/predicted-engine.ts';
import { predictionFile } from '../../../src/core/sim/prediction-file.ts';
import { simulate, summarize } from '../../../src/core/sim/simulate.ts';
import { compareVersions } from '../../../src/core/sim/target.ts';
import type { BuildMode, Target } from '../../../src/core/sim/target.ts';
import { textModel } from './text-model.ts';

const CONV_RELU = `g (float[1, 64, 8, 8] x) => (y)
<float s = {0.1}, int8 z = {0}, float[64, 64, 1, 1] w = {0.5 ...}>
{
  [Q] q = QuantizeLinear (x, s, z)
  [DQ] d = DequantizeLinear (q, s, z)
  [Qw] qw = QuantizeLinear (w, s, z)
  [DQw] dw = DequantizeLinear (qw, s, z)
  [Conv] c = Conv (d, dw)
  [Relu] r = Relu (c)
  [Sigmoid] y = Sigmoid (r)
}`;
const H100: Target = { trt: '10.6', sm: 90, mode: 'best' };

const fileOf = (target: Target) =>
  JSON.parse(JSON.stringify(predictionFile(simulate(textModel(CONV_RELU), target)))) as Record<
    string,
    unknown
  > & { readonly Layers: readonly Record<string, unknown>[] };

test('a prediction has the shape of the inspector, and its own fields apart', () => {
  const file = fileOf(H100);
  assert.deepEqual(Object.keys(file), ['Layers', 'Bindings', 'Predicted']);
  assert.deepEqual(file['Bindings'], ['x', 'y']);
  const [quantize, convolution] = file.Layers;
  assert.deepEqual(Object.keys(quantize ?? {}), [
    ...['Name', 'LayerType', 'Origin', 'Inputs', 'Outputs', 'Metadata', 'Predicted'],
  ]);
  assert.deepEqual(
    { ...convolution, Predicted: undefined },
    {
      Name: 'w + Qw + Conv + Relu',
      LayerType: 'CaskConvolution',
      Inputs: [
        {
          Name: 'q',
          Dimensions: [1, 64, 8, 8],
          'Format/Datatype': 'Thirty-two wide channel vectorized row major Int8 format',
        },
      ],
      Outputs: [
        {
          Name: 'r',
          Dimensions: [1, 64, 8, 8],
          'Format/Datatype': 'Row major linear FP16 format',
        },
      ],
      Activation: 'RELU',
      Metadata: ['Conv', 'Relu', 'DQ', 'DQw', 'Qw']
        .map((name) => `[ONNX Layer: ${name}]`)
        .join('\u001e'),
      Predicted: undefined,
    },
  );
});

test('what is predicted beyond the inspector stands under Predicted', () => {
  const file = fileOf(H100);
  assert.deepEqual(file['Predicted'], {
    target: 'trt10.6-sm90',
    mode: 'best',
    summary: {
      layers: 3,
      computeLayers: 2,
      int8Layers: 1,
      reformats: 0,
      survivingQdq: 1,
      noops: 0,
    },
    remarks: [],
  });
  const { role, precision, nodes, uncertain, rules } = file.Layers[1]?.['Predicted'] as Record<
    string,
    unknown
  >;
  assert.deepEqual(
    { role, precision, nodes, uncertain },
    {
      role: 'compute',
      precision: 'int8',
      nodes: ['Conv', 'Relu', 'DQ', 'DQw', 'Qw'],
      uncertain: true,
    },
  );
  assert.deepEqual((rules as string[]).sort(), [
    'const-weights-fusion',
    'const-weights-quantize-fusion',
    'conv-relu-fusion',
    'quantize-double-input-nodes',
  ]);
});

test('TensorRT 11 describes inputs and outputs where others list their names', () => {
  const file = fileOf({ trt: '11.0', sm: 90, mode: 'strong' });
  assert.equal(file['Bindings'], undefined);
  assert.deepEqual(file['I/O Tensors'], [
    {
      Name: 'x',
      IOMode: 'Input',
      DataType: 'Float',
      Dimensions: [1, 64, 8, 8],
      Location: 'Device',
    },
    {
      Name: 'y',
      IOMode: 'Output',
      DataType: 'Float',
      Dimensions: [1, 64, 8, 8],
      Location: 'Device',
    },
  ]);
});

test('float types: certain at the ends and in strongly typed builds, open inside others', () => {
  const between = (mode: BuildMode): EngineTensor | undefined =>
    simulate(textModel(CONV_RELU), { trt: '10.6', sm: 90, mode }).layers[1]?.outputs[0];
  for (const mode of ['best', 'fp16'] as const) {
    assert.equal(between(mode)?.dataType, 'Half', mode);
    assert.equal(between(mode)?.uncertain, true, mode);
  }
  for (const mode of ['strong', 'int8'] as const) {
    assert.equal(between(mode)?.dataType, 'Float', mode);
    assert.equal(between(mode)?.uncertain, undefined, mode);
  }
  const { layers } = simulate(textModel(CONV_RELU), H100);
  for (const end of [layers[0]?.inputs[0], layers.at(-1)?.outputs[0]]) {
    assert.equal(end?.dataType, 'Float');
    assert.equal(end.uncertain, undefined);
  }
});

test('the summary counts layers by role, and as INT8 what computes on eight bits or fewer', () => {
  const layer = (role: LayerRole, precision: Precision): PredictedLayer => ({
    index: 0,
    name: '',
    layerType: '',
    role,
    precision,
    inputs: [],
    outputs: [],
    nodes: [],
    notes: [],
    uncertain: false,
  });
  assert.deepEqual(
    summarize([
      layer('compute', 'int8'),
      layer('compute', 'fp8'),
      layer('compute', 'int4'),
      layer('compute', 'fp16'),
      layer('qdq', 'int8'),
      layer('reformat', 'int8'),
      layer('noop', 'fp32'),
      layer('constant', 'fp32'),
      layer('shape', 'other'),
    ]),
    { layers: 9, computeLayers: 4, int8Layers: 3, reformats: 1, survivingQdq: 1, noops: 1 },
  );
  assert.equal(summarize([]).layers, 0);
});

test('versions are compared by number, not by letter', () => {
  assert.ok(compareVersions('8.6', '10.0') < 0);
  assert.ok(compareVersions('10.16', '10.6') > 0);
  assert.ok(compareVersions('10.6.0', '10.6') === 0);
  assert.ok(compareVersions('11.0', '10.16.3') > 0);
});
