import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BuiltEngine, BuiltLayer } from '../../../src/core/engine/built-engine.ts';
import { readEngine } from '../../../src/core/engine/read-engine.ts';

const read = (content: unknown, name = 'engine.layer.json'): BuiltEngine => {
  const result = readEngine(name, typeof content === 'string' ? content : JSON.stringify(content));
  assert.ok(result.ok, result.ok ? '' : `${result.error.message} ${result.error.advice}`);
  return result.value;
};
const refusal = (text: string, name = 'f.json') => {
  const result = readEngine(name, text);
  assert.ok(!result.ok, 'was read');
  return result.error;
};
const only = (engine: BuiltEngine): BuiltLayer => {
  assert.equal(engine.layers.length, 1);
  return engine.layers[0]!;
};
const codes = (engine: BuiltEngine): string[] => engine.remarks.map((remark) => remark.code);

const tensor = (Name: string, format: string, Dimensions = [1, 32, 8, 8]) => ({
  Name,
  Dimensions,
  'Format/Datatype': format,
});
const VEC32 = 'Thirty-two wide channel vectorized row major Int8 format';

describe('layer files of each generation', () => {
  test('8.2: no bindings, types with a full stop, an input tells the residual', () => {
    const engine = read({
      Layers: [
        {
          Name: 'w + QuantizeLinear_1 + Conv_0 + Add_2 + Relu_3',
          LayerType: 'CaskConvolution',
          Inputs: [tensor('x', `${VEC32}.`), tensor('skip', `${VEC32}.`)],
          Outputs: [tensor('y', 'Row major linear FP32.')],
          ParameterType: 'Convolution',
          Kernel: [3, 3],
          Stride: [1, 1],
          OutMaps: 32,
          Groups: 1,
          Weights: { Type: 'Int8', Count: 9216 },
          Bias: { Type: 'FP32', Count: 32 },
          AllowSparse: 0,
          Activation: 'RELU',
          TacticValue: '0xa8609adc4e0ceb90',
        },
      ],
    });
    const layer = only(engine);
    assert.equal(engine.fileKind, 'bindings');
    assert.deepEqual(engine.bindings, ['x', 'skip', 'y']);
    assert.deepEqual(
      engine.ioTensors.map(({ mode }) => mode),
      ['input', 'input', 'output'],
    );
    assert.deepEqual(layer.nodes, ['w', 'QuantizeLinear_1', 'Conv_0', 'Add_2', 'Relu_3']);
    assert.equal(layer.nodesGuessed, true);
    assert.deepEqual(codes(engine), ['engine/no-metadata']);
    assert.equal(layer.precision, 'int8');
    assert.equal(layer.tactic, '0xa8609adc4e0ceb90');
    assert.equal(layer.weightBytes, 9216 + 4 * 32);
    assert.equal(layer.convolution?.hasResidual, true);
    assert.deepEqual(layer.fields['Kernel'], [3, 3]);
    assert.ok(!('Inputs' in layer.fields));
  });

  test('8.4: a convolution that pools has prefixed fields', () => {
    const layer = only(
      read({
        Layers: [
          {
            Name: 'Conv_0 + Relu_1 + MaxPool_2',
            LayerType: 'CaskConvActPool',
            Inputs: [{ ...tensor('x', 'Row major Int8 format'), Location: 'Device' }],
            Outputs: [{ ...tensor('y', VEC32), Location: 'Device' }],
            ParameterType: 'ConvActPool',
            ConvKernel: [7, 7],
            ConvStride: [2, 2],
            ConvOutMaps: 64,
            ConvWeights: { Type: 'Int8', Count: 9408 },
            ConvActivation: 'RELU',
            PoolingWindowSize: [3, 3],
          },
        ],
        Bindings: ['x', 'y'],
      }),
    );
    assert.deepEqual(layer.convolution?.kernel, [7, 7]);
    assert.equal(layer.convolution.outMaps, 64);
    assert.equal(layer.convolution.groups, 1);
    assert.equal(layer.activation, 'RELU');
    assert.equal(layer.inputs[0]?.format, 'LINEAR');
    assert.equal(layer.outputs[0]?.format, 'CHW32');
    assert.deepEqual(layer.fields['PoolingWindowSize'], [3, 3]);
  });

  test('8.5: layers and bindings of later profiles are left out, and said to be', () => {
    const layer = (Name: string) => ({ Name, LayerType: 'PointWiseV2', Inputs: [], Outputs: [] });
    const engine = read({
      Layers: [layer('A'), layer('A [profile 1]'), layer('B'), layer('B [profile 1]')],
      Bindings: ['x', 'y', 'x [profile 1]', 'y [profile 1]'],
    });
    assert.deepEqual(
      engine.layers.map(({ name, index }) => [name, index]),
      [
        ['A', 0],
        ['B', 1],
      ],
    );
    assert.deepEqual(engine.bindings, ['x', 'y']);
    assert.match(
      engine.remarks[0]?.message ?? '',
      /2 optimization profiles.*2 layers of profile 1/,
    );
  });

  test('8.6: metadata joins nodes by raw 0x1E, which is no JSON', () => {
    const text = `\uFEFF{"Layers": [{"Name":"Conv_0 + PWN(Relu_1)","LayerType":"CaskConvolution","Inputs":[],"Outputs":[],
      "StreamId":1,"Metadata":"[ONNX Layer: Conv_0]\u001E[ONNX Layer: a[0].Relu]\u001F[ONNX Layer: b]","Alpha":NaN,"Beta":-Infinity,}],"Bindings":[]}`;
    const layer = only(read(text));
    assert.deepEqual(layer.nodes, ['Conv_0', 'a[0].Relu', 'b']);
    assert.equal(layer.nodesGuessed, false);
    assert.equal(layer.streamId, 1);
    assert.equal(layer.fields['Alpha'], null);
  });

  test('10.x: type and format apart, kernels of the compiler, layers without tensors', () => {
    const engine = read({
      Layers: [
        { Name: 'shape_call_0', LayerType: 'shape_call', Inputs: [], Outputs: [], TacticName: '' },
        {
          Name: '__myl_CastMulAdd_myl0_3',
          LayerType: 'kgen',
          Inputs: [
            { Name: '__mye1_const-lit-in', Dimensions: [1], Datatype: 'Float' },
            {
              Name: 'x',
              Dimensions: [1, 8],
              Datatype: 'Half',
              Format: 'Row major linear FP16 format (kLINEAR)',
              Strides: [8, 1],
            },
          ],
          Outputs: [{ Name: 'y', Dimensions: [1, 8], Datatype: 'FP8', Format: 'kHWC16' }],
          TacticName: '__myl_CastMulAdd_0xabc',
          Metadata: '[ONNX Layer: Add_1]',
        },
        { Name: 'wait_1', LayerType: 'wait', StreamId: 1 },
        { Name: 'signal_1', LayerType: 'signal', Inputs: [], Outputs: [] },
        { Name: 'train', LayerType: 'TrainStation', Inputs: [], Outputs: [] },
      ],
      Bindings: ['x', 'y'],
    });
    assert.deepEqual(
      engine.layers.map(({ role }) => role),
      ['shape', 'compute', 'noop', 'noop', 'noop'],
    );
    const kernel = engine.layers[1]!;
    assert.equal(kernel.precision, 'fp16');
    assert.equal(kernel.inputs[1]?.format, 'LINEAR');
    assert.deepEqual([kernel.outputs[0]?.dataType, kernel.outputs[0]?.format], ['FP8', 'HWC16']);
    assert.equal(kernel.tactic, '__myl_CastMulAdd_0xabc');
    assert.deepEqual(codes(engine), []);
  });

  test('11.x: I/O tensors are objects', () => {
    const engine = read({
      Layers: [
        {
          Name: 'Conv_0',
          LayerType: 'CaskConvolution',
          Inputs: [tensor('x', 'Row major linear BFloat16 format (kLINEAR)')],
          Outputs: [tensor('y', 'FP4E2M1')],
          Metadata: '[ONNX Layer: Conv_0]',
        },
      ],
      'I/O Tensors': [
        {
          Name: 'x',
          IOMode: 'Input',
          DataType: 'BFloat16',
          Dimensions: [-1, 32, 8, 8],
          Location: 'Device',
          IsShapeInferenceIO: false,
          ProfileInfo: [],
        },
        { Name: 'y', IOMode: 'Output', DataType: 'FP4', Dimensions: [1, 32, 8, 8] },
      ],
    });
    assert.equal(engine.fileKind, 'io-tensors');
    assert.deepEqual(engine.ioTensors[0], {
      name: 'x',
      mode: 'input',
      dataType: 'BFloat16',
      dims: ['?', 32, 8, 8],
    });
    assert.equal(engine.ioTensors[1]?.mode, 'output');
    assert.equal(only(engine).precision, 'bf16');
  });

  for (const frame of [undefined, 'layers', 'LayerInfo', 'layerInfo'])
    test(`a list ${frame ? `under ${frame}` : 'without a frame'}`, () => {
      const list = [{ Name: 'A', LayerType: 'kgen', _subgraph: 'g', Inputs: [], Outputs: [] }];
      const engine = read(frame ? { [frame]: list } : list);
      assert.equal(only(engine).name, 'A');
      assert.equal(engine.fileKind, frame ? 'bindings' : 'list');
    });

  test('names only: groups are read off them, and a better file is asked for', () => {
    const engine = read({
      Layers: [
        'Reformatting CopyNode for Input Tensor 0 to conv1.weight + Conv_0',
        'conv1.weight + QuantizeLinear_7 + Conv_0 + Relu_1',
        'Conv_2 || Conv_3',
        'PWN(PWN(Sigmoid_4), Mul_5)',
        '{ForeignNode[(Unnamed Layer* 4) [Shuffle]...Softmax_9]}',
      ],
      Bindings: ['in', 'out'],
    });
    assert.equal(engine.fileKind, 'names');
    assert.deepEqual(
      engine.layers.map(({ nodes }) => nodes),
      [
        [],
        ['conv1.weight', 'QuantizeLinear_7', 'Conv_0', 'Relu_1'],
        ['Conv_2', 'Conv_3'],
        ['Sigmoid_4', 'Mul_5'],
        ['Softmax_9'],
      ],
    );
    assert.deepEqual(
      engine.layers.map(({ layerType }) => layerType),
      ['Reformat', 'Unknown', 'Unknown', 'PointWiseV2', 'Myelin'],
    );
    assert.match(engine.remarks[0]?.advice ?? '', /profilingVerbosity=detailed/);
    assert.deepEqual(engine.ioTensors[0], {
      name: 'in',
      mode: null,
      dataType: 'Unknown',
      dims: [],
    });
  });

  test('the one-line form of 8.4 and 8.6', () => {
    const engine = read(
      [
        'Layer(Reformat): Reformatting CopyNode for Input Tensor 0 to Conv_0, Tactic: 0x00000000000003e8, images[Float(1,3,640,960)] -> Reformatted Input Tensor 0 to Conv_0[Int8(1,3:4,640,960)]',
        'Layer(CaskConvolution): Conv_0 + Relu_1, Tactic: 0x7d3a, a, b (Int8[1,3:32,640,960]) -> y (Half[1,8:8,320,480])',
      ].join('\n'),
      'layers.txt',
    );
    const [reformat, conv] = engine.layers;
    assert.equal(reformat?.role, 'reformat');
    assert.deepEqual(
      reformat.outputs.map(({ name, dataType, format, dims }) => [name, dataType, format, dims]),
      [['Reformatted Input Tensor 0 to Conv_0', 'Int8', 'CHW4', [1, 3, 640, 960]]],
    );
    assert.equal(conv?.inputs[0]?.format, 'CHW32');
    assert.equal(conv.tactic, '0x7d3a');
    assert.deepEqual(conv.nodes, ['Conv_0', 'Relu_1']);
  });
});

describe('traps of layer files', () => {
  test('names that repeat are told apart, and keep what the file calls them', () => {
    const layer = { Name: 'Conv_0', LayerType: 'X', Inputs: [], Outputs: [] };
    const engine = read({ Layers: [layer, layer, { ...layer, Name: 'Conv_0 #2' }, layer] });
    assert.deepEqual(
      engine.layers.map(({ name }) => name),
      ['Conv_0', 'Conv_0 #3', 'Conv_0 #2', 'Conv_0 #4'],
    );
    assert.equal(engine.layers[1]?.fields['Name'], 'Conv_0');
    assert.ok(codes(engine).includes('engine/names-repeated'));
  });

  test('separators inside names become readable', () => {
    const layer = only(read({ Layers: [{ Name: 'a\u001Eb\u001Fc\u0007d', LayerType: 'gemm' }] }));
    assert.equal(layer.name, 'a + b + c d');
  });

  test('shapes that are open', () => {
    const engine = read({
      Layers: [
        {
          Name: 'C',
          LayerType: 'X',
          Metadata: '[ONNX Layer: C]',
          Inputs: [tensor('x', 'N/A due to dynamic shapes', [-1, 3, -1, -1])],
          Outputs: [],
        },
      ],
    });
    const input = only(engine).inputs[0]!;
    assert.deepEqual(input.dims, ['?', 3, '?', '?']);
    assert.deepEqual([input.dataType, input.format], ['Unknown', 'UNKNOWN']);
    assert.deepEqual(codes(engine), ['engine/shapes-open']);
  });

  test('a Reformat without Origin is a Q where types change and it is named after a node', () => {
    const reformat = (Name: string) => ({
      Name,
      LayerType: 'Reformat',
      Inputs: [tensor('x', 'Row major linear FP32')],
      Outputs: [tensor('q', VEC32)],
    });
    const engine = read({
      Layers: [
        reformat('QuantizeLinear_2'),
        reformat('Reformatting CopyNode for Input Tensor 0 to Conv_0'),
      ],
    });
    assert.deepEqual(
      engine.layers.map(({ role }) => role),
      ['qdq', 'reformat'],
    );
  });

  test('layers on the host compute shapes', () => {
    const host = { Name: 's', Location: 'Host', Dimensions: [4], 'Format/Datatype': 'Int64' };
    const layer = only(
      read({
        Layers: [{ Name: 'Gather_1', LayerType: 'Gather', Inputs: [host], Outputs: [host] }],
      }),
    );
    assert.equal(layer.role, 'shape');
  });

  test('entries that are no layers are counted', () => {
    const engine = read({ Layers: [{ Name: 'A', LayerType: 'X' }, 7, null, {}] });
    assert.equal(engine.layers.length, 1);
    assert.match(engine.remarks[0]?.message ?? '', /3 entries/);
  });
});

describe('what is no layer file', () => {
  const cases: readonly (readonly [string, string, RegExp, RegExp])[] = [
    ['nothing', '  \n', /an empty file/, /exportLayerInfo/],
    ['an ONNX model', '\u0008\u0008\u0012\u0007pytorch\u0000', /ONNX model/, /detailed/],
    ['a plan', 'ftrt\u0000\u0001', /a TensorRT plan/, /loadEngine/],
    ['a page', '<!DOCTYPE html><html>', /a web page/, /download/],
    ['a zip', 'PK\u0003\u0004abc', /a zip archive/, /Unpack/],
    ['a cut file', '{"Layers": [{"Name": "Conv', /ends too early/, /cut off/],
    ['a mistake', '{"Layers": [}]}', /a mistake/, /again/],
    ['a profile', '[{"count": 3}, {"name": "a", "averageMs": 1}]', /a profile/, /exportLayerInfo/],
    [
      'times',
      '[{"latencyMs": 3, "computeMs": 2}]',
      /times of single inferences/,
      /exportLayerInfo/,
    ],
    ['a log', '[11/27/2026-10:00:00] [V] [TRT] Original: 3 layers', /a log/, /exportLayerInfo/],
    ['a manifest', '{"format": "qdq-lab-build"}', /manifest/, /exportLayerInfo/],
    ['TREx', '{"model_options": {}}', /Engine Explorer/, /exportLayerInfo/],
    ['JSON', '{"a": 1, "b": 2}', /JSON object with a, b/, /exportLayerInfo/],
    ['an empty list', '[]', /an empty list/, /exportLayerInfo/],
    ['no layers', '{"Layers": []}', /nothing that could be read/, /detailed/],
    ['prose', 'hello', /plain text/, /exportLayerInfo/],
  ];
  for (const [what, text, message, advice] of cases)
    test(`${what} is named, and what to give`, () => {
      const error = refusal(text, 'given.file');
      assert.match(error.message, message);
      assert.match(error.message, /^given\.file /);
      assert.match(error.advice, advice);
    });
});
