import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inferShapes } from '../../../../src/core/ir/infer/infer-shapes.ts';
import { graphOf } from './graph-text.ts';
import { modelOf, showValue } from './infer-one.ts';

type Nodes = Parameters<typeof graphOf>[1];

/** Infers the graph and shows `y`; diagnostics fail. */
function showY(inputs: Readonly<Record<string, string>>, nodes: Nodes, opset = 17): string {
  const graph = graphOf(inputs, nodes, ['y']);
  const report = inferShapes(modelOf(graph, opset));
  assert.deepEqual(report.diagnostics, []);
  return showValue(graph.ensureValue('y'), report);
}

test('a view to batch, heads, length keeps the symbols apart', () => {
  const y = showY(
    {
      x: 'float32[batch,seq,768]',
      zero: 'int64=0',
      one: 'int64=1',
      axis: 'int64{0}',
      heads: 'int64{12}',
      rest: 'int64{-1}',
    },
    [
      's = Shape(x)',
      'b = Gather(s, zero)',
      't = Gather(s, one)',
      'b1 = Unsqueeze(b, axis)',
      't1 = Unsqueeze(t, axis)',
      ['target = Concat(b1, t1, heads, rest)', { axis: 0 }],
      'y = Reshape(x, target)',
    ],
  );
  assert.equal(y, 'float32[batch,seq,12,64]');
});

test('an upsampling by computed sizes comes back to the size of the skip connection', () => {
  const y = showY(
    {
      x: 'float32[1,8,h,w]',
      k: 'float32[8,8,2,2]',
      start: 'int64{2}',
      end: 'int64{4}',
      two: 'float32=2',
      head: 'int64{1,8}',
    },
    [
      ['down = Conv(x, k)', { strides: [2, 2] }],
      's = Shape(down)',
      'hw = Slice(s, start, end)',
      ['f = Cast(hw)', { to: 1 }],
      'm = Mul(f, two)',
      'r = Floor(m)',
      ['i = Cast(r)', { to: 7 }],
      ['sizes = Concat(head, i)', { axis: 0 }],
      'y = Resize(down, , , sizes)',
    ],
  );
  assert.equal(y, 'float32[1,8,2*floor(h/2),2*floor(w/2)]');
});

test('two ways to the same size have the same name', () => {
  const y = showY({ x: 'float32[1,8,h,w]', k: 'float32[8,8,3,3]' }, [
    ['a = Conv(x, k)', { strides: [2, 2], pads: [1, 1, 1, 1] }],
    ['b = MaxPool(x)', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }],
    'y = Add(a, b)',
  ]);
  assert.equal(y, 'float32[1,8,floor((h + 1)/2),floor((w + 1)/2)]');
});

test('an exported expand with -1 becomes the dimensions it stands for', () => {
  const y = showY(
    { x: 'float32[batch,1]', minus: 'int64{-1,-1}', wish: 'int64{-1,64}', ones: 'int64{1,1}' },
    ['is = Equal(wish, minus)', 'target = Where(is, ones, wish)', 'y = Expand(x, target)'],
  );
  assert.equal(y, 'float32[batch,64]');
});

test('positions run up to a symbolic length', () => {
  const y = showY({ x: 'float32[n,s]', zero: 'int64=0', one: 'int64=1' }, [
    'shape = Shape(x)',
    's = Gather(shape, one)',
    'y = Range(zero, s, one)',
  ]);
  assert.equal(y, 'int64[s]');
});

test('products and quotients of dimensions cancel', () => {
  const y = showY({ x: 'float32[n,c,h,w]', zero: 'int64{0}', rest: 'int64{-1}' }, [
    'shape = Shape(x)',
    'n = Gather(shape, zero)',
    ['flat = Concat(n, rest)', { axis: 0 }],
    'a = Reshape(x, flat)',
    'y = Reshape(a, shape)',
  ]);
  assert.equal(y, 'float32[n,c,h,w]');
});

test('nodes that stand before their makers are inferred after them', () => {
  const y = showY({ x: 'float32[1,3]' }, ['y = Relu(a)', 'a = Softmax(x)']);
  assert.equal(y, 'float32[1,3]');
});

test('a made-up dimension is reported with its operator and value', () => {
  const graph = graphOf({ x: 'float32[4]' }, ['y = NonZero(x)', 'z = Shape(y)'], ['z']);
  const report = inferShapes(modelOf(graph));
  assert.deepEqual(
    [...report.unknownDims],
    [['unk__0', { value: 'y', node: 'NonZero_0', operator: 'NonZero' }]],
  );
  assert.equal(showValue(graph.ensureValue('z'), report), 'int64[2]={1,unk__0}');
});

test('made-up names avoid those of the file', () => {
  const graph = graphOf({ x: 'float32[unk__7]' }, ['y = NonZero(x)'], ['y']);
  inferShapes(modelOf(graph));
  assert.equal(showValue(graph.ensureValue('y')), 'int64[1,unk__8]');
});

test('unknown operators are listed and keep what the file says', () => {
  const graph = graphOf({ x: 'float32[4]' }, ['y = Frobnicate(x)', 'z = Relu(y)'], ['z']);
  const y = graph.ensureValue('y');
  y.dataType = 'float16';
  y.shape = [9, 'n'];
  const report = inferShapes(modelOf(graph));
  assert.deepEqual(report.unknownOperators, ['Frobnicate']);
  assert.equal(showValue(graph.ensureValue('z')), 'float16[9,n]');
});
