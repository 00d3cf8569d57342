import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commonQuantizer, readsOf } from '../../../../src/core/passes/facts/value-reads.ts';
import { asked, pair } from './pass-context.ts';

const POOL = 'p = MaxPool <kernel_shape = [1, 1]> (r)';

test('a Q behind copies and joins counts as a read of what goes in', () => {
  const { context, node, value } = asked('float[] p_d, float[] c_d', [
    ...['r = Relu (x)', POOL, pair('p'), 'c = Concat <axis = 1> (r, x)', pair('c', 't')],
  ]);
  const reads = readsOf(value('r'), context);
  assert.deepEqual(
    reads.map(({ quantize }) => quantize?.name),
    [node('p_q').name, node('c_q').name],
  );
  assert.notEqual(reads[0]?.key, reads[1]?.key);
  assert.equal(commonQuantizer(value('r'), context), null, 'the scales differ');
});

test('one scale behind all readers is common, one float reader is enough against it', () => {
  const body = ['r = Relu (x)', POOL, pair('p'), pair('r')];
  const agreed = asked('float[] p_d, float[] r_d', body);
  assert.equal(commonQuantizer(agreed.value('r'), agreed.context)?.name, agreed.node('p_q').name);
  const float = asked('float[] p_d, float[] r_d, float[] v', [...body, 'v = Exp (r)']);
  assert.equal(commonQuantizer(float.value('r'), float.context), null);
  const output = asked('float[] p_d, float[] r_d, float[] r', body);
  assert.equal(commonQuantizer(output.value('r'), output.context), null);
});

test('all outputs of a Split that are read must agree', () => {
  const { context, value } = asked('float[] a_d, float[] b_d', [
    ...['r = Relu (x)', 'a, b = Split <axis = 1> (r)', pair('a'), pair('b', 't')],
  ]);
  assert.equal(readsOf(value('r'), context)[0]?.key, null);
});
