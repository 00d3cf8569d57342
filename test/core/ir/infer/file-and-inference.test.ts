import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataType } from '../../../../src/core/ir/data-type.ts';
import type { Dim } from '../../../../src/core/ir/graph.ts';
import { inferShapes } from '../../../../src/core/ir/infer/infer-shapes.ts';
import { graphOf } from './graph-text.ts';
import { modelOf, showValue } from './infer-one.ts';

/** Infers `node` when the file says `shape` about `y`; answers `y` and the codes of the diagnostics. */
function withStated(
  input: string,
  node: string,
  shape: readonly Dim[],
  dataType: DataType = 'float32',
): [string, string[]] {
  const graph = graphOf({ x: input }, [node], ['y']);
  const y = graph.ensureValue('y');
  y.shape = shape;
  y.dataType = dataType;
  const { diagnostics } = inferShapes(modelOf(graph));
  return [showValue(y), diagnostics.map((d) => d.code)];
}

test('a number replaces a name, wherever it comes from', () => {
  assert.deepEqual(withStated('float32[4,n]', 'y = Relu(x)', ['batch', 8]), ['float32[4,8]', []]);
});

test('a name of the file survives where inference has only a made-up one', () => {
  assert.deepEqual(withStated('float32[4]', 'y = NonZero(x)', [1, 'found'], 'int64'), [
    'int64[1,found]',
    [],
  ]);
});

test('the name that follows from the inputs replaces another one', () => {
  assert.deepEqual(withStated('float32[n]', 'y = Relu(x)', ['m']), ['float32[n]', []]);
});

test('a number of the file that cannot be is replaced and reported', () => {
  assert.deepEqual(withStated('float32[4,3]', 'y = Relu(x)', [5, 3]), [
    'float32[4,3]',
    ['infer/file-contradicted'],
  ]);
});

test('a rank of the file that cannot be is replaced and reported', () => {
  assert.deepEqual(withStated('float32[4,3]', 'y = Relu(x)', [4]), [
    'float32[4,3]',
    ['infer/file-contradicted'],
  ]);
});

test('a type of the file that cannot be is replaced and reported', () => {
  const [y, codes] = withStated('float32[4]', 'y = Relu(x)', [4], 'int8');
  assert.deepEqual([y, codes], ['float32[4]', ['infer/file-contradicted']]);
});

test('where the node itself does not fit, the file is believed', () => {
  const graph = graphOf({ a: 'float32[2,3]', b: 'float32[4,5]' }, ['y = MatMul(a, b)'], ['y']);
  const y = graph.ensureValue('y');
  y.shape = [2, 9];
  const { diagnostics } = inferShapes(modelOf(graph));
  assert.deepEqual(
    diagnostics.map((d) => d.code),
    ['infer/dims-disagree', 'infer/file-contradicted'],
  );
  assert.equal(showValue(y), 'float32[2,9]');
});

test('diagnostics name the node and say what to do', () => {
  const graph = graphOf({ x: 'float32[2,3]' }, [['y = Transpose(x)', { perm: [0, 5] }]], ['y']);
  const [diagnostic] = inferShapes(modelOf(graph)).diagnostics;
  assert.equal(diagnostic?.code, 'infer/axis-out-of-range');
  assert.equal(diagnostic.place?.node, 'Transpose_0');
  assert.match(diagnostic.advice, /-2 to 1/);
});
