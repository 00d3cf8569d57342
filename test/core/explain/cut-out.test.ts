import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bufferSource } from '../../../src/core/base/byte-source.ts';
import { cutOut } from '../../../src/core/explain/cut-out.ts';
import { carryReport, startSimulation } from '../../../src/core/explain/resimulate.ts';
import { findChange } from '../../../src/core/explain/smallest-change.ts';
import { checkGraph } from '../../../src/core/ir/check-graph.ts';
import { openModel } from '../../../src/core/onnx/index.ts';
import { generateResnet50Qdq } from '../../support/generate-model.ts';
import { modelOf, RESIDUAL, TARGET, valueOf } from './text-models.ts';

const source = bufferSource('resnet50', generateResnet50Qdq({ width: 4 }));
const { model } = valueOf(await openModel([source]));
const whole = startSimulation(model, TARGET);

test('a small model is not cut', () => {
  const small = modelOf(RESIDUAL);
  assert.equal(cutOut(small, ['add']), small);
});

for (const node of [
  '/conv1/Conv',
  '/layer2/layer2.1/Add',
  '/layer3/layer3.0/conv2/Conv',
  '/fc/Gemm',
])
  test(`the layer of ${node} is the same in a piece and in the whole`, () => {
    const count = model.graph.nodeCount;
    const piece = cutOut(model, [node]);
    assert.equal(model.graph.nodeCount, count);
    assert.deepEqual(checkGraph(piece.graph), []);
    assert.ok(piece.graph.nodeCount < count / 2, `${piece.graph.nodeCount} of ${count} nodes`);
    const cut = startSimulation(piece, TARGET, carryReport(whole.inferred, piece.graph));
    const layerOf = ({ engine }: typeof cut): unknown => {
      const layer = engine.layers.find(({ nodes }) => nodes.includes(node));
      return layer && [layer.name, layer.nodes, layer.precision, layer.inputs, layer.outputs];
    };
    assert.deepEqual(layerOf(cut), layerOf(whole));
  });

test('a whole network is searched with far fewer simulations than it has nodes', async () => {
  const found = valueOf(await findChange(whole, '/fc/Gemm'));
  assert.ok(found);
  assert.ok(found.change.simulations < 40, String(found.change.simulations));
});
