import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  quantizedAfter,
  residualSum,
  sumResult,
} from '../../../../src/core/passes/facts/residual-sum.ts';
import { asked, conv, pair } from './pass-context.ts';
import type { Asked } from './pass-context.ts';

/** A block with a convolution on both branches: `b` is the second of its branch, `e` the first. */
const twoBranches = (...end: readonly string[]): string[] => [
  ...[pair('x'), conv('a', 'x_d'), 'r = Relu (a)', pair('r'), conv('b', 'r_d'), conv('e', 'x_d')],
  ...end,
];

test('the longer branch takes the Add, whichever operand it is', () => {
  for (const sum of ['y = Add (b, e)', 'y = Add (e, b)']) {
    const { node } = asked('float[] y', twoBranches(sum));
    const found = residualSum(node('y'));
    assert.equal(found?.main.taker.name, node('b').name, sum);
    assert.equal(found.shortcut.value.name, 'e', sum);
  }
});

test('beside a quantized operand the float one takes the Add', () => {
  const short = asked('float[] y', twoBranches(pair('b'), 'y = Add (b_d, e)'));
  assert.equal(residualSum(short.node('y'))?.main.taker.name, short.node('e').name);
  const both = asked('float[] y', twoBranches(pair('b'), pair('e'), 'y = Add (b_d, e_d)'));
  assert.equal(residualSum(both.node('y'))?.main.taker.name, both.node('b').name);
});

test('what no convolution takes is no residual sum', () => {
  const cases: readonly (readonly string[])[] = [
    [pair('x'), conv('a', 'x_d'), 'y = Add (a, w2)'],
    [pair('x'), conv('a', 'x_d'), 'r = Sigmoid (a)', 'y = Add (r, x)'],
    [pair('x'), conv('a', 'x_d'), 'k = Relu (a)', 'y = Add (a, x)', 'v = Add (k, y)'],
    ['a = Conv (x, w)', 'y = Add (a, x)'],
    [pair('x'), conv('a', 'x_d'), 'p = GlobalMaxPool (x)', 'y = Add (a, p)'],
  ];
  for (const body of cases) {
    const { node } = asked('float[] y', body, ', float[1, 32, 8, 8] w2 = {1 ...}');
    assert.equal(residualSum(node('y')), undefined, body.at(-1));
  }
});

test('a sum is quantized behind when the float readers left are shortcuts of next blocks', () => {
  const body = [pair('x'), conv('a', 'x_d'), 'c = Add (a, x)', 'r = Relu (c)', pair('r')];
  const next = [...body, conv('b', 'r_d'), 'y = Add (b, r)'];
  const chain = asked('float[] y', next);
  assert.equal(sumResult(chain.node('c'))?.name, 'r');
  assert.equal(quantizedAfter(chain.node('c'), chain.context), 'yes');
  assert.deepEqual(blamed(chain, 'y'), []);
  const other = asked('float[] y, float[] v', [...next, 'v = Softmax (r)']);
  assert.deepEqual(blamed(other, 'c'), [other.node('v').name]);
  const output = asked('float[] y, float[] r', next);
  assert.deepEqual(blamed(output, 'c'), []);
});

/** Names of who stands against an INT8 sum; `yes` where nobody does. */
function blamed({ node, context }: Asked, sum: string): 'yes' | readonly string[] {
  const after = quantizedAfter(node(sum), context);
  return after === 'yes' ? after : after.blame.map(({ name }) => name);
}
