import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPairOnlyFor } from '../../../../src/core/passes/facts/activation-pairs.ts';
import { asked, pair } from './pass-context.ts';

test('a pair is only for its readers when nobody else reads the integers or the floats', () => {
  const { node } = asked('float[] y, float[] v, float[] b_d', [
    ...['a = Relu (x)', pair('a'), 'y = Sigmoid (a_d)', 'b = Tanh (x)', pair('b'), 'v = Exp (b_d)'],
  ]);
  assert.equal(isPairOnlyFor(node('a_q'), node('y')), true);
  assert.equal(isPairOnlyFor(node('a_q'), node('v')), false);
  assert.equal(isPairOnlyFor(node('b_q'), node('v')), false, 'an output of the network too');
});
