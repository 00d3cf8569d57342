import type {
  EngineTensor,
  PredictedEngine,
  PredictedLayer,
  RuleNote,
  TraceEvent,
} from '../../src/core/sim/predicted-engine.ts';
import type { Scene, SceneBox } from '../../src/api/scene.ts';

const tensor = (
  name: string,
  dataType: EngineTensor['dataType'],
  dims: readonly number[] = [1, 64, 56, 56],
): EngineTensor => ({ name, dims, dataType, format: dataType === 'Int8' ? 'CHW32' : 'LINEAR' });

const layer = (
  index: number,
  init: Partial<PredictedLayer> & Pick<PredictedLayer, 'name'>,
): PredictedLayer => ({
  index,
  layerType: 'CaskConvolution',
  role: 'compute',
  precision: 'int8',
  inputs: [],
  outputs: [],
  nodes: [],
  notes: [],
  uncertain: false,
  ...init,
});

const fired: RuleNote = {
  ruleId: 'conv-relu-fusion',
  outcome: 'fired',
  text: 'the ReLU runs inside the convolution',
  nodes: ['/block/conv1/Conv', '/block/relu/Relu'],
};
const refused: RuleNote = {
  ruleId: 'q-above-maxpool',
  outcome: 'refused',
  text: 'another node also reads the pooled tensor',
  nodes: ['/pool/MaxPool'],
};

const trace: readonly TraceEvent[] = [
  { phase: 'fuse', pass: 'ConvReluFusion', node: '/block/conv1/Conv', ...fired },
  { phase: 'propagate', pass: 'QuantizeMaxPool', node: '/pool/MaxPool', ...refused },
];

/** Input Q, a fused convolution, one that adds a float shortcut, a Q that stays, a float pooling, a reformat. */
const layers: readonly PredictedLayer[] = [
  layer(0, {
    name: 'QuantizeLinear_0',
    layerType: 'Reformat',
    role: 'qdq',
    origin: 'QDQ',
    inputs: [tensor('input', 'Float')],
    outputs: [tensor('q0', 'Int8')],
    nodes: ['QuantizeLinear_0'],
  }),
  layer(1, {
    name: 'w1 + QuantizeLinear_1 + /block/conv1/Conv + /block/relu/Relu',
    activation: 'RELU',
    inputs: [tensor('q0', 'Int8')],
    outputs: [tensor('q1', 'Int8')],
    nodes: ['QuantizeLinear_1', '/block/conv1/Conv', '/block/relu/Relu'],
    notes: [fired],
  }),
  layer(2, {
    name: 'w2 + QuantizeLinear_2 + /block/conv2/Conv + /block/Add',
    inputs: [tensor('q1', 'Int8'), tensor('short', 'Half')],
    outputs: [tensor('sum', 'Half')],
    nodes: ['QuantizeLinear_2', '/block/conv2/Conv', '/block/Add'],
  }),
  layer(3, {
    name: 'QuantizeLinear_3',
    layerType: 'Reformat',
    role: 'qdq',
    origin: 'QDQ',
    inputs: [tensor('sum', 'Half')],
    outputs: [tensor('q3', 'Int8')],
    nodes: ['QuantizeLinear_3'],
  }),
  layer(4, {
    name: '/pool/MaxPool',
    layerType: 'CaskPooling',
    precision: 'fp16',
    uncertain: true,
    inputs: [tensor('sum', 'Half')],
    outputs: [tensor('pooled', 'Half')],
    nodes: ['/pool/MaxPool'],
    notes: [refused],
  }),
  layer(5, {
    name: 'Reformatting CopyNode for Output Tensor 0 to /pool/MaxPool',
    layerType: 'Reformat',
    role: 'reformat',
    origin: 'REFORMAT',
    inputs: [tensor('pooled', 'Half')],
    outputs: [tensor('output', 'Float')],
  }),
];

/** A small engine with one of everything that findings, tables and cards tell apart. */
export const sampleEngine: PredictedEngine = {
  target: { trt: '10.6', sm: 90, mode: 'best' },
  mode: 'best',
  layers,
  bindings: ['input', 'output'],
  trace,
  counts: [{ phase: 'fuse', layers: 6 }],
  summary: {
    layers: 6,
    computeLayers: 3,
    int8Layers: 2,
    reformats: 1,
    survivingQdq: 2,
    noops: 0,
  },
  remarks: ['TensorRT 10.9 is not known: rules of 10.6 are used.'],
};

/** The same engine with other layers. */
export const engineOf = (changed: readonly PredictedLayer[]): PredictedEngine => ({
  ...sampleEngine,
  layers: changed,
});

/** A scene with one box a name, from top to bottom. */
export function sceneOf(names: readonly string[]): Scene {
  const boxes = names.map((name, i): SceneBox => ({
    id: name,
    kind: name.startsWith('io:') ? 'io' : 'compute',
    title: name.split('/').at(-1) ?? name,
    subtitle: name,
    x: 0,
    y: i * 60,
    width: 140,
    height: 36,
    nodes: name.startsWith('io:') ? [] : [name],
  }));
  return { width: 140, height: names.length * 60, boxes, edges: [] };
}
