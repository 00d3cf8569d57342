import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkGraph } from '../../../src/core/ir/check-graph.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { printOnnxText } from '../../../src/core/onnx/text/print-onnx-text.ts';
import { tensorNumbers } from '../../../src/core/ir/tensor-values.ts';
import { applyEdits } from '../../../src/core/placement/apply-edits.ts';
import { comparePlacements } from '../../../src/core/placement/compare-placements.ts';
import { describeEdit } from '../../../src/core/placement/describe-edit.ts';
import { effectOnNumbers } from '../../../src/core/placement/placement-edit.ts';
import type { PlacementEdit } from '../../../src/core/placement/placement-edit.ts';
import { stripQuantizers } from '../../../src/core/placement/strip-quantizers.ts';
import {
  ACTIVATION_ONLY,
  FAN_OUT,
  POOL_BEFORE,
  RESIDUAL,
  modelOf,
  valueOf,
} from '../explain/text-models.ts';

/** Applies edits, checks the graph and that the original is as it was. */
function edited(text: string, edits: readonly PlacementEdit[]): Model {
  const model = modelOf(text);
  const before = printOnnxText(model);
  const result = valueOf(applyEdits(model, edits));
  assert.deepEqual(checkGraph(result.graph), []);
  assert.equal(printOnnxText(model), before);
  return result;
}

const inputsOf = (model: Model, node: string): (string | undefined)[] =>
  (model.graph.node(node)?.inputs ?? []).map((value) => value?.name);

test('a pair for one reader leaves the others as they are', () => {
  const model = edited(RESIDUAL, [
    {
      kind: 'add-pair',
      value: 'r0',
      reader: { node: 'add', input: 1 },
      scale: { kind: 'same-as', quantizer: 'b_q' },
    },
  ]);
  assert.deepEqual(inputsOf(model, 'add'), ['conv1_out', 'r0_dequantized']);
  assert.deepEqual(inputsOf(model, 'add_input2_QuantizeLinear'), ['r0', 's', 'z']);
  assert.deepEqual(inputsOf(model, 'add_input2_DequantizeLinear'), ['r0_quantized', 's', 'z']);
  assert.deepEqual(inputsOf(model, 'b_q'), ['r0', 's', 'z']);
});

test('a pair for all readers; the output of the network stays float', () => {
  const model = edited(RESIDUAL, [
    { kind: 'add-pair', value: 'r0', scale: { kind: 'given', scales: [0.25] } },
  ]);
  assert.deepEqual(inputsOf(model, 'add'), ['conv1_out', 'r0_dequantized']);
  assert.deepEqual(inputsOf(model, 'b_q'), ['r0_dequantized', 's', 'z']);
  const scale = model.graph.value('r0_scale')?.tensor;
  assert.deepEqual([...((scale && tensorNumbers(scale)) ?? [])], [0.25]);
  assert.equal(model.graph.value('r0_quantized')?.dataType, 'int8');
  // Several read it, so that the value gives the name.
  assert.deepEqual(inputsOf(model, 'r0_QuantizeLinear'), ['r0', 'r0_scale', 'r0_zero_point']);
});

test('a pair on weights takes a scale for each output channel from their values', () => {
  const model = edited(ACTIVATION_ONLY, [
    {
      kind: 'add-pair',
      value: 'w0',
      reader: { node: 'conv0', input: 1 },
      scale: { kind: 'from-constant', axis: 0 },
    },
  ]);
  const scale = model.graph.value('w0_scale')?.tensor;
  const numbers = (scale && tensorNumbers(scale)) ?? [];
  assert.equal(numbers.length, 64);
  assert.ok([...numbers].every((number) => Math.abs(number - 0.5 / 127) < 1e-9));
  const axis = model.graph.node('conv0_weight_QuantizeLinear')?.attributes.get('axis');
  assert.deepEqual(axis, { name: 'axis', type: 'int', value: 0n });
});

test('adding a pair and removing it gives the same model', () => {
  const model = edited(RESIDUAL, [
    { kind: 'add-pair', value: 'sum', scale: { kind: 'to-calibrate' } },
    { kind: 'remove-pair', quantize: 'relu1_input_QuantizeLinear' },
  ]);
  assert.equal(printOnnxText(model), printOnnxText(modelOf(RESIDUAL)));
});

test('a removed pair takes its scale along when nobody else reads it', () => {
  const model = edited(RESIDUAL, [{ kind: 'remove-pair', quantize: 'c_q' }]);
  assert.deepEqual(inputsOf(model, 'conv2'), ['r1', 'conv2_wd']);
  assert.equal(model.graph.value('t'), undefined);
  assert.ok(model.graph.value('s'));
});

test('shared scales are the same values', () => {
  const model = edited(FAN_OUT, [{ kind: 'share-scale', from: 'b_q', quantizers: ['c_q'] }]);
  assert.deepEqual(inputsOf(model, 'c_q'), ['r0', 's', 'z']);
  assert.deepEqual(inputsOf(model, 'c_dq'), ['c_i', 's', 'z']);
  assert.deepEqual(
    comparePlacements(modelOf(FAN_OUT).graph, model.graph).map(({ kind, value, reader }) => [
      kind,
      value,
      reader,
    ]),
    [['scale', 'r0', 'conv2']],
  );
});

test('a pair moves over a node, up and down', () => {
  const up = edited(RESIDUAL, [{ kind: 'move-pair', quantize: 'c_q', over: 'relu1' }]);
  assert.deepEqual(inputsOf(up, 'relu1'), ['sum_dequantized']);
  assert.deepEqual(inputsOf(up, 'conv2'), ['r1', 'conv2_wd']);
  const down = edited(POOL_BEFORE, [{ kind: 'move-pair', quantize: 'b_q', over: 'pool' }]);
  assert.deepEqual(inputsOf(down, 'pool'), ['conv0_out']);
  assert.deepEqual(inputsOf(down, 'conv1'), ['p_dequantized', 'conv1_wd']);
});

test('a Relu taken out changes the function, also where it makes an output of the network', () => {
  const edit: PlacementEdit = { kind: 'remove-relu', node: 'end' };
  const model = edited(RESIDUAL, [edit]);
  assert.equal(effectOnNumbers(edit), 'function');
  assert.deepEqual(
    model.graph.node('conv2')?.outputs.map((value) => value.name),
    ['y'],
  );
});

test('a pair that the operator set does not have is refused, and the set is named', () => {
  const old = { ...modelOf(ACTIVATION_ONLY), opsets: new Map([['', 11]]) };
  const reader = { node: 'conv0', input: 1 };
  const scale = { kind: 'from-constant', axis: 0 } as const;
  const result = applyEdits(old, [{ kind: 'add-pair', value: 'w0', reader, scale }]);
  assert.ok(!result.ok);
  assert.equal(result.error.code, 'placement/opset-too-low');
  assert.match(result.error.message, /operator set 13 brought; the model states 11/);
});

test('edits in words', () => {
  const words = (edit: PlacementEdit): string => describeEdit(edit);
  const scale = { kind: 'same-as', quantizer: 'b_q' } as const;
  const reader = { node: 'add', input: 1 };
  assert.equal(
    words({ kind: 'add-pair', value: 'r0', reader, scale }),
    'Add Q/DQ on r0 where add reads it, with the scale of b_q',
  );
  assert.equal(
    words({ kind: 'share-scale', from: 'a', quantizers: ['b', 'c'] }),
    'Give b and c the scale of a',
  );
});

test('what the model does not permit is refused and changes nothing', () => {
  const model = modelOf(RESIDUAL);
  const refused = (edit: PlacementEdit): string => {
    const result = applyEdits(model, [edit]);
    assert.ok(!result.ok);
    assert.equal(result.error.code, 'placement/edit-impossible');
    return result.error.message;
  };
  assert.match(refused({ kind: 'remove-pair', quantize: 'add' }), /add is no QuantizeLinear/);
  assert.match(refused({ kind: 'remove-relu', node: 'add' }), /add is no Relu/);
  assert.match(refused({ kind: 'move-pair', quantize: 'c_q', over: 'conv0' }), /no neighbour/);
  const scale = { kind: 'to-calibrate' } as const;
  assert.match(refused({ kind: 'add-pair', value: 'nowhere', scale }), /no value nowhere/);
  assert.match(
    refused({ kind: 'share-scale', from: 'a_q', quantizers: ['conv0_wq'] }),
    /one scale each/,
  );
});

test('a network without any Q/DQ is left when all are stripped', () => {
  const bare = valueOf(stripQuantizers(modelOf(RESIDUAL)));
  assert.deepEqual(checkGraph(bare.graph), []);
  assert.deepEqual(
    [...bare.graph.nodes()].map((node) => node.name),
    ['conv0', 'relu0', 'conv1', 'add', 'relu1', 'conv2', 'end'],
  );
});
