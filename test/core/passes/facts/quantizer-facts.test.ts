import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isPending,
  quantizerKey,
  sharingRefusal,
  widestOf,
} from '../../../../src/core/passes/facts/quantizer-facts.ts';
import { asked, pair } from './pass-context.ts';

const TWO = ['a = Relu (x)', 'b = Sigmoid (x)', pair('a'), pair('b', 't')];

test('scales that wait for calibration are equal only where they are one value', () => {
  const { context, node, value } = asked(
    'float[] a_d, float[] b_d',
    ['a = Relu (x)', 'b = Sigmoid (x)', pair('a'), pair('b', 's2')],
    ', float s2 = {0.1}',
  );
  const keys = (): string[] => ['a_q', 'b_q'].map((name) => quantizerKey(node(name), context));
  assert.equal(keys()[0], keys()[1]);
  for (const name of ['s', 's2']) {
    const scale = value(name);
    assert.ok(scale.tensor);
    scale.tensor = { ...scale.tensor, placeholder: true };
  }
  assert.ok(isPending(node('a_q')));
  assert.notEqual(keys()[0], keys()[1]);
});

test('the widest range serves all, but one that calibration will find goes first', () => {
  const { context, node, value } = asked('float[] a_d, float[] b_d', TWO);
  const both = [node('a_q'), node('b_q')];
  assert.equal(widestOf(both, context)?.name, node('b_q').name);
  const scale = value('s');
  assert.ok(scale.tensor);
  scale.tensor = { ...scale.tensor, placeholder: true };
  assert.equal(widestOf(both, context)?.name, node('a_q').name);
});

test('ranges cannot be compared where a scale is computed', () => {
  const { context, node } = asked('float[] a_d, float[] b_d', [
    ...['k = Add (s, t)', 'a = Relu (x)', 'b = Sigmoid (x)', pair('a', 'k'), pair('b')],
  ]);
  assert.equal(widestOf([node('a_q'), node('b_q')], context), undefined);
});

test('scales by channel and other zero points are not shared', () => {
  const { context, node } = asked(
    'float[] a_d, float[] b_d, float[] x_d',
    [
      ...['a = Relu (x)', pair('a', 'many').replaceAll('z)', 'zs)'), 'b = Sigmoid (x)', pair('x')],
      pair('b').replaceAll('z)', 'odd)'),
    ],
    ', float[32] many = {0.1 ...}, int8[32] zs = {0 ...}, int8 odd = {3}',
  );
  assert.match(sharingRefusal(node('a_q'), context) ?? '', /each channel/);
  assert.match(sharingRefusal(node('b_q'), context) ?? '', /zero point/);
  assert.equal(sharingRefusal(node('x_q'), context), undefined);
});
