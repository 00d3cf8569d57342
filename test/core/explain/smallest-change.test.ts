import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkGraph } from '../../../src/core/ir/check-graph.ts';
import type { Change } from '../../../src/core/explain/change.ts';
import { explainNode } from '../../../src/core/explain/explain-node.ts';
import { startSimulation } from '../../../src/core/explain/resimulate.ts';
import { findChange, smallestChange } from '../../../src/core/explain/smallest-change.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { applyEdits } from '../../../src/core/placement/apply-edits.ts';
import { givenModel, microModel, SHARED_ABSENT } from './micro-models.ts';
import {
  ACTIVATION_ONLY,
  FAN_OUT,
  modelOf,
  POOL_BEFORE,
  RESIDUAL,
  TARGET,
  valueOf,
} from './text-models.ts';

/** The change at `node`, checked against what a full simulation of the edited model says. */
async function changeAt(model: Model, node: string): Promise<Change | null> {
  const change = valueOf(await smallestChange(model, TARGET, node));
  if (change === null) return null;
  const edited = valueOf(applyEdits(model, change.edits));
  assert.deepEqual(checkGraph(edited.graph), []);
  const { engine } = startSimulation(edited, TARGET);
  assert.equal(engine.summary.layers, change.after.layers);
  assert.equal(engine.summary.survivingQdq, change.after.survivingQdq);
  if (change.reaches === 'int8') {
    const { takes, gives, layer } = valueOf(explainNode(edited, engine, node));
    assert.equal(takes ?? 'Int8', 'Int8');
    const isShown = layer?.outputs.some(({ name }) => engine.bindings.includes(name)) === true;
    assert.ok(isShown || gives === 'Int8', `${node} gives ${String(gives)}`);
  }
  return change;
}

/** The change that there must be. */
function told(change: Change | null): Change {
  assert.ok(change, 'no change was found');
  return change;
}

/** Model, node, and what the change is: in words, and whether the layer is INT8 then. */
const OWN: readonly (readonly [string, string, readonly string[]])[] = [
  [RESIDUAL, 'conv0', ['Add Q/DQ on conv0_out, with the scale of a_q']],
  [RESIDUAL, 'add', ['Add Q/DQ on r0 where add reads it, with the scale of b_q']],
  [FAN_OUT, 'conv0', ['Give c_q the scale of b_q']],
  [
    ACTIVATION_ONLY,
    'conv0',
    ['Add Q/DQ on w0 where conv0 reads it, with scales from its own values along axis 0'],
  ],
  [POOL_BEFORE, 'pool', ['Add Q/DQ on p, with the scale of b_q']],
];

for (const [text, node, words] of OWN)
  test(`${node}: ${words.join(' and ')}`, async () => {
    const change = await changeAt(modelOf(text), node);
    assert.deepEqual(told(change).descriptions, words);
    assert.equal(told(change).reaches, 'int8');
    assert.ok(told(change).differences.length > 0);
  });

const GIVEN: readonly (readonly [string, string, Change['reaches'], readonly string[]])[] = [
  [
    'residual_id_none_relu_c64',
    'Conv_0',
    'int8',
    ['Add Q/DQ on Relu_0_out where Add_0 reads it, with the scale of QuantizeLinear_2'],
  ],
  [
    'concat_unequal',
    'Conv_2',
    'int8',
    ['Move QuantizeLinear_4 and its DequantizeLinear to the other side of Concat_0'],
  ],
  ['silu_three_unequal', 'Conv_0', 'int8', ['Give QuantizeLinear_3 the scale of QuantizeLinear_2']],
  [
    'silu_mul_in_unequal',
    'Sigmoid_0',
    'int8',
    ['Add Q/DQ on Conv_0_out where Sigmoid_0 reads it, with the scale of QuantizeLinear_2'],
  ],
  ['fanout_unequal', 'Conv_0', 'int8', ['Give QuantizeLinear_3 the scale of QuantizeLinear_2']],
  [
    'conv_weight_only_q',
    'Conv_0',
    'int8',
    ['Add Q/DQ on x where Conv_0 reads it, with a scale that calibration must give'],
  ],
  [
    'pool_AveragePool_before',
    'AveragePool_0',
    'int8',
    ['Add Q/DQ on AveragePool_0_out, with the scale of QuantizeLinear_2'],
  ],
  [
    'move_Softmax_both',
    'Softmax_0',
    'better',
    ['Remove QuantizeLinear_2 and the DequantizeLinear behind it'],
  ],
];

for (const [name, node, reaches, words] of GIVEN)
  test(`${name}: ${node}`, { skip: SHARED_ABSENT }, async () => {
    const change = await changeAt(await microModel(name), node);
    assert.deepEqual(told(change).descriptions, words);
    assert.equal(told(change).reaches, reaches);
  });

test(
  'a Relu behind a deconvolution is only proposed, marked as changing numbers',
  { skip: SHARED_ABSENT },
  async () => {
    const change = await changeAt(await microModel('deconv_k2_relu_q_after'), 'Relu_1');
    assert.equal(told(change).numbers, 'function');
    assert.deepEqual(told(change).edits, [{ kind: 'remove-relu', node: 'Relu_1' }]);
  },
);

test('the same question has the same answer', async () => {
  const ask = () => smallestChange(modelOf(RESIDUAL), TARGET, 'add');
  assert.deepEqual(await ask(), await ask());
});

test(
  'without a node the costliest place is changed, and the engine moves fewer bytes',
  { skip: SHARED_ABSENT },
  async () => {
    const start = startSimulation(await givenModel('real/resnet18.convs'), TARGET);
    const found = valueOf(await findChange(start, undefined));
    assert.ok(found && found.change.after.bytes < found.change.before.bytes);
    assert.deepEqual(checkGraph(found.model.graph), []);
  },
);

test(
  'two edits that only help together are found: the shortcut of this block and of the next',
  { skip: SHARED_ABSENT },
  async () => {
    const change = await changeAt(await givenModel('real/resnet18.convs'), '/layer2/layer2.0/Add');
    assert.deepEqual(told(change).descriptions, [
      'Add Q/DQ on /layer2/layer2.0/relu_1/Relu_output_0 where /layer2/layer2.1/Add reads it, with the scale of QuantizeLinear_17',
      'Add Q/DQ on /layer2/layer2.0/conv2/Conv_output_0 where /layer2/layer2.0/Add reads it, with the scale of QuantizeLinear_17',
    ]);
    assert.equal(told(change).reaches, 'int8');
  },
);

test('an abort ends the search with a diagnostic', async () => {
  const result = await smallestChange(modelOf(RESIDUAL), TARGET, 'conv0', {
    signal: AbortSignal.abort(),
  });
  assert.equal(result.ok ? '' : result.error.code, 'base/cancelled');
});

test('an unknown node is refused', async () => {
  const result = await smallestChange(modelOf(RESIDUAL), TARGET, 'nowhere');
  assert.equal(result.ok ? '' : result.error.code, 'view/unknown-node');
});
