import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainNode } from '../../../src/core/explain/explain-node.ts';
import type { Explanation } from '../../../src/core/explain/explanation.ts';
import { startSimulation } from '../../../src/core/explain/resimulate.ts';
import { microModel, SHARED_ABSENT } from './micro-models.ts';
import {
  ACTIVATION_ONLY,
  CONCAT,
  FAN_OUT,
  modelOf,
  POOL_BEFORE,
  RESIDUAL,
  TARGET,
  valueOf,
} from './text-models.ts';

function explain(text: string, node: string): Explanation {
  const { model, engine } = startSimulation(modelOf(text), TARGET);
  return valueOf(explainNode(model, engine, node));
}

test('another float reader keeps the Q out of the convolution', () => {
  const { reason, takes, gives, layer, events } = explain(RESIDUAL, 'conv0');
  assert.equal(
    reason.text,
    'INT8 in, float out: add also reads the result in float, so b_q cannot move into conv0',
  );
  assert.deepEqual(reason.nodes, ['add', 'b_q']);
  assert.deepEqual([takes, gives], ['Int8', 'Half']);
  assert.ok(layer?.nodes.includes('relu0'));
  const fired = events.filter(({ outcome }) => outcome === 'fired').map(({ ruleId }) => ruleId);
  assert.ok(fired.indexOf('conv-relu-fusion') < fired.indexOf('quantize-double-input-nodes'));
  assert.ok(fired.includes('conv-relu-fusion'));
});

test('the Q that stays names the same reader', () => {
  assert.equal(
    explain(RESIDUAL, 'b_q').reason.text,
    'a layer of its own: add also reads r0 in float, so b_q cannot move into conv0',
  );
});

test('the float shortcut makes the sum float', () => {
  assert.equal(
    explain(RESIDUAL, 'add').reason.text,
    'INT8 in, float out: the shortcut of add has no Q/DQ, so the sum is computed in float',
  );
});

test('unlike scales on one tensor', () => {
  assert.equal(
    explain(FAN_OUT, 'conv0').reason.text,
    'INT8 in, float out: b_q and c_q quantize the result with different scales, so none can move into conv0',
  );
});

test('weights without Q/DQ', () => {
  assert.equal(
    explain(ACTIVATION_ONLY, 'conv0').reason.text,
    'float: its input has Q/DQ, its weights have none',
  );
  assert.match(explain(ACTIVATION_ONLY, 'a_dq').reason.text, /conv0 behind it is float/);
});

test('a pooling with Q/DQ on one side', () => {
  assert.equal(
    explain(POOL_BEFORE, 'pool').reason.text,
    'float: no Q follows it, and a layer without weights needs Q/DQ on both sides',
  );
  assert.match(explain(POOL_BEFORE, 'conv1').reason.text, /its input has none: pool gives float$/);
});

test('a Concat that runs on integers needs no layer', () => {
  const { layer, gives, reason } = explain(CONCAT, 'concat');
  assert.deepEqual([layer, gives], [null, 'Int8']);
  assert.match(reason.text, /write straight into the joined tensor/);
});

test('an unknown node is refused', () => {
  const { model, engine } = startSimulation(modelOf(RESIDUAL), TARGET);
  const result = explainNode(model, engine, 'nowhere');
  assert.equal(result.ok ? '' : result.error.code, 'view/unknown-node');
});

/** Model, node, and the decisive reason for it. */
const SCENARIOS: readonly (readonly [string, string, string])[] = [
  [
    'residual_down_after_norelu_c64',
    'Conv_2',
    'INT8 in, float out: the shortcut of Add_0 has no Q/DQ, so the sum is computed in float',
  ],
  ['conv_act_PRelu_fp_out', 'PRelu_0', 'float: no DQ stands before it: Conv_0 gives float'],
  [
    'silu_before_sigmoid_same',
    'Mul_0',
    'INT8 in and out, but a layer of its own: QuantizeLinear_2 stands between Conv_0 and Sigmoid_0',
  ],
  [
    'output_qdq',
    'DequantizeLinear_2',
    'a layer of its own: the network gives DequantizeLinear_2_out out in float',
  ],
  [
    'residual_id_none_relu_c64',
    'Conv_0',
    'INT8 in, float out: Add_0 also reads the result in float, so QuantizeLinear_2 cannot move into Conv_0',
  ],
  [
    'residual_id_none_relu_c64',
    'Add_0',
    'INT8 in, float out: the shortcut of Add_0 has no Q/DQ, so the sum is computed in float',
  ],
  [
    'residual_id_both_relu_c64',
    'Add_0',
    'INT8 in, float out: no Q/DQ stands behind it: Conv_3 reads the result in float',
  ],
  [
    'residual_id_main_relu_c72',
    'Add_0',
    'float: its input Relu_0_out has no Q/DQ, so the other is dequantized by a layer of its own',
  ],
  [
    'concat_unequal',
    'Conv_2',
    'float: its input is float: no Q follows Concat_0, so it runs in float',
  ],
  ['concat_unequal', 'Concat_0', 'float: no Q follows Concat_0, so it runs in float'],
  [
    'spp_unequal',
    'Conv_1',
    'float: its input is float: no Q follows Concat_0, so it runs in float',
  ],
  [
    'silu_three_unequal',
    'Conv_0',
    'INT8 in, float out: QuantizeLinear_2 and QuantizeLinear_3 quantize the result with different scales, so none can move into Conv_0',
  ],
  [
    'silu_three_unequal',
    'Mul_0',
    'INT8 in and out, but a layer of its own: QuantizeLinear_3 stands between Conv_0 and Sigmoid_0',
  ],
  [
    'deconv_k2_relu_q_after',
    'Relu_1',
    'INT8 in and out, but a layer of its own: a deconvolution in a network with Q/DQ does not take the Relu behind it',
  ],
  ['conv_act_only_q', 'Conv_0', 'float: its input has Q/DQ, its weights have none'],
  ['conv_weight_only_q', 'Conv_0', 'float: its weights have Q/DQ, its input has none'],
  [
    'fanout_unequal',
    'Conv_0',
    'INT8 in, float out: QuantizeLinear_2 and QuantizeLinear_3 quantize the result with different scales, so none can move into Conv_0',
  ],
  ['move_Softmax_both', 'Softmax_0', 'float: Softmax has no INT8 kernel'],
  ['move_SliceHW_before', 'Slice_0', 'float: a Slice with steps does not run on integers'],
  [
    'pool_AveragePool_before',
    'AveragePool_0',
    'float: no Q follows it, and a layer without weights needs Q/DQ on both sides',
  ],
];

for (const [name, node, text] of SCENARIOS)
  test(`${name}: ${node}`, { skip: SHARED_ABSENT }, async () => {
    const { model, engine } = startSimulation(await microModel(name), TARGET);
    assert.equal(valueOf(explainNode(model, engine, node)).reason.text, text);
  });

test('every node of every micro model has a reason', { skip: SHARED_ABSENT }, async () => {
  for (const name of [
    'bottleneck_silu_q_ms',
    'se_full',
    'attention_linears',
    'mbv2_short',
    'ln17_q',
  ]) {
    const { model, engine } = startSimulation(await microModel(name), TARGET);
    for (const node of model.graph.nodes()) {
      const { reason } = valueOf(explainNode(model, engine, node.name));
      assert.doesNotMatch(reason.text, /undefined|: $|^$/, `${name} ${node.name}: ${reason.text}`);
    }
  }
});
