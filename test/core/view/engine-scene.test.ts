import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  EngineTensor,
  PredictedEngine,
  PredictedLayer,
} from '../../../src/core/sim/predicted-engine.ts';
import { buildEngineScene } from '../../../src/core/view/engine-scene.ts';

const tensor = (name: string, dataType: EngineTensor['dataType'] = 'Int8'): EngineTensor => ({
  name,
  dims: [1, 8, 4, 4],
  dataType,
  format: 'LINEAR',
});

const layer = (
  index: number,
  inputs: readonly EngineTensor[],
  outputs: readonly EngineTensor[],
  more: Partial<PredictedLayer> = {},
): PredictedLayer => ({
  index,
  name: `layer${index}`,
  layerType: 'CaskConvolution',
  role: 'compute',
  precision: 'int8',
  inputs,
  outputs,
  nodes: [`node${index}`],
  notes: [],
  uncertain: false,
  ...more,
});

const engine = (
  layers: readonly PredictedLayer[],
  bindings: readonly string[],
): PredictedEngine => ({
  target: { trt: '10.6', sm: 90, mode: 'best' },
  mode: 'best',
  layers,
  bindings,
  trace: [],
  counts: [],
  remarks: [],
  summary: {
    layers: layers.length,
    computeLayers: 0,
    int8Layers: 0,
    reformats: 0,
    survivingQdq: 0,
    noops: 0,
  },
});

const edges = (scene: ReturnType<typeof buildEngineScene>): string[] =>
  scene.edges.map(({ from, to, label }) => `${from} ${label} ${to}`).sort();

test('layers are joined by the names of their tensors, bindings are boxes', () => {
  const scene = buildEngineScene(
    engine(
      [
        layer(0, [tensor('x', 'Float')], [tensor('a')]),
        layer(1, [tensor('a')], [tensor('y', 'Half')], { precision: 'fp16', uncertain: true }),
      ],
      ['x', 'y'],
    ),
  );
  assert.deepEqual(edges(scene), ['0 a 1', '1 y io:y', 'io:x x 0']);
  assert.deepEqual(
    scene.edges.map(({ label, precision }) => `${label} ${precision ?? ''}`).sort(),
    ['a int8', 'x fp32', 'y fp16'],
  );
  const second = scene.boxes.find(({ id }) => id === '1')!;
  assert.equal(second.precision, 'fp16');
  assert.equal(second.uncertain, true);
  assert.deepEqual(second.nodes, ['node1']);
  assert.deepEqual(
    scene.boxes.map(({ kind }) => kind),
    ['io', 'compute', 'compute', 'io'],
  );
});

test('all writers of a tensor reach all its readers', () => {
  const scene = buildEngineScene(
    engine(
      [
        layer(0, [tensor('x')], [tensor('cat')]),
        layer(1, [tensor('x')], [tensor('cat')]),
        layer(2, [tensor('cat')], [tensor('y')]),
        layer(3, [tensor('cat')], [tensor('z')]),
      ],
      ['x', 'y', 'z'],
    ),
  );
  assert.deepEqual(edges(scene).slice(0, 4), ['0 cat 2', '0 cat 3', '1 cat 2', '1 cat 3']);
});

test('a layer that writes into the tensor it reads has no edge to itself', () => {
  const scene = buildEngineScene(engine([layer(0, [tensor('t')], [tensor('t')])], []));
  assert.deepEqual(edges(scene), []);
});

test('an output that other layers read goes on to them', () => {
  const layers = [layer(0, [tensor('x')], [tensor('y')]), layer(1, [tensor('y')], [tensor('z')])];
  const scene = buildEngineScene(engine(layers, ['x', 'y', 'z']));
  assert.deepEqual(edges(scene), ['0 y 1', '0 y io:y', '1 z io:z', 'io:x x 0']);
});

test('boxes say what a layer works on, without weights and quantizers', () => {
  const nodes = ['/b/conv/Conv', '/b/relu/Relu', 'QuantizeLinear_2'];
  const named = (name: string, more: Partial<PredictedLayer> = {}): string =>
    buildEngineScene(engine([layer(0, [], [], { name, nodes, ...more })], [])).boxes[0]!.subtitle;
  assert.equal(named('w + QuantizeLinear_2 + /b/conv/Conv + /b/relu/Relu'), 'b/conv + Relu');
  assert.equal(named('PWN(PWN(/b/conv/Conv), /b/relu/Relu)'), 'b/conv + Relu');
  assert.equal(named('QuantizeLinear_2'), 'QuantizeLinear_2');
  assert.equal(
    named('Reformatting CopyNode for Input Tensor 0 to /b/conv/Conv', { nodes: [] }),
    'before b/conv',
  );
  assert.equal(
    named('Reformatting CopyNode for Output Tensor 0 to /b/conv/Conv', { nodes: [] }),
    'after b/conv',
  );
});

test('layers that run nothing have no precision', () => {
  const noop = layer(0, [tensor('x')], [tensor('y')], { role: 'noop', layerType: 'NoOp' });
  const [box] = buildEngineScene(engine([noop], [])).boxes;
  assert.equal(box?.kind, 'noop');
  assert.equal(box.precision, undefined);
});
