import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Graph } from '../../../../src/core/ir/graph.ts';
import { inferShapes } from '../../../../src/core/ir/infer/infer-shapes.ts';
import { graphOf } from './graph-text.ts';
import { modelOf, showValue } from './infer-one.ts';

/** Infers `graph` and shows the named values; diagnostics fail. */
function show(graph: Graph, names: readonly string[], opset = 17): readonly string[] {
  const report = inferShapes(modelOf(graph, opset));
  assert.deepEqual(report.diagnostics, []);
  return names.map((name) => {
    const value = graph.value(name);
    return value === undefined ? 'absent' : showValue(value, report);
  });
}

const branch = (text: string): Graph => graphOf({}, [text], ['r']);

test('If gives what both branches have in common, values from outside included', () => {
  const graph = graphOf(
    { cond: 'bool[]', x: 'float32[n,3]', two: 'float32[7,3]' },
    [
      [
        'y = If(cond)',
        { then_branch: branch('r = Relu(x)'), else_branch: branch('r = Relu(two)') },
      ],
    ],
    ['y'],
  );
  assert.deepEqual(show(graph, ['y']), ['float32[unk__0,3]']);
});

test('If with a constant condition gives the branch taken and ignores what is wrong in the other', () => {
  const graph = graphOf(
    { cond: 'bool=1', x: 'float32[n,3]', axes: 'int64{5}' },
    [
      [
        'y = If(cond)',
        { then_branch: branch('r = Shape(x)'), else_branch: branch('r = Squeeze(x, axes)') },
      ],
    ],
    ['y'],
  );
  assert.deepEqual(show(graph, ['y']), ['int64[2]={n,3}']);
});

test('If with branches of different rank leaves the shape open', () => {
  const graph = graphOf(
    { cond: 'bool[]', x: 'float32[1,3]' },
    [
      [
        'y = If(cond)',
        { then_branch: branch('r = Relu(x)'), else_branch: branch('r = Squeeze(x)') },
      ],
    ],
    ['y'],
  );
  assert.deepEqual(show(graph, ['y']), ['float32']);
});

/** A body with one state `s` that becomes `next`, and `row` stacked. */
const loopBody = (nodes: readonly string[]): Graph =>
  graphOf(
    { i: 'unknown', c: 'unknown', s: 'unknown' },
    ['c2 = Identity(c)', ...nodes],
    ['c2', 'next', 'row'],
  );

test('Loop with a state of fixed shape and a known trip count', () => {
  const body = loopBody(['next = Add(s, bias)', 'row = Relu(next)']);
  const graph = graphOf(
    { trips: 'int64=4', s0: 'float32[n,3]', bias: 'float32[3]' },
    [['last, rows = Loop(trips, , s0)', { body }]],
    ['last', 'rows'],
  );
  assert.deepEqual(show(graph, ['last', 'rows']), ['float32[n,3]', 'float32[4,n,3]']);
  assert.equal(showValue(body.ensureValue('i')), 'int64[]');
});

test('Loop opens the dimension in which its state grows', () => {
  const body = loopBody(['next = Concat(s, extra)', 'row = Relu(extra)']);
  const [concat] = [...body.nodes()].filter((node) => node.opType === 'Concat');
  concat?.setAttributes(new Map([['axis', { name: 'axis', type: 'int', value: 0n }]]));
  const graph = graphOf(
    { trips: 'int64[]', s0: 'float32[1,3]', extra: 'float32[2,3]' },
    [['last, rows = Loop(trips, , s0)', { body }]],
    ['last', 'rows'],
  );
  const [last, rows] = show(graph, ['last', 'rows']);
  assert.match(last ?? '', /^float32\[unk__\d+,3\]$/);
  assert.match(rows ?? '', /^float32\[unk__\d+,2,3\]$/);
});

test('Loop whose state changes rank leaves its shape open', () => {
  const body = loopBody(['next = Unsqueeze(s, zero)', 'row = Identity(i)']);
  const graph = graphOf(
    { trips: 'int64[]', s0: 'float32[3]', zero: 'int64{0}' },
    [['last, rows = Loop(trips, , s0)', { body }]],
    ['last', 'rows'],
  );
  const [last, rows] = show(graph, ['last', 'rows']);
  assert.equal(last, 'float32');
  assert.match(rows ?? '', /^int64\[unk__\d+\]$/);
});

const scanBody = (): Graph =>
  graphOf(
    { s: 'unknown', x: 'unknown' },
    ['next = Add(s, x)', 'row = Relu(next)'],
    ['next', 'row'],
  );

test('Scan cuts its input and stacks its results', () => {
  const graph = graphOf(
    { s0: 'float32[n]', xs: 'float32[t,n]' },
    [['last, rows = Scan(s0, xs)', { body: scanBody(), num_scan_inputs: 1 }]],
    ['last', 'rows'],
  );
  assert.deepEqual(show(graph, ['last', 'rows']), ['float32[n]', 'float32[t,n]']);
});

test('Scan with axes', () => {
  const graph = graphOf(
    { s0: 'float32[n]', xs: 'float32[n,t]' },
    [
      [
        'last, rows = Scan(s0, xs)',
        { body: scanBody(), num_scan_inputs: 1, scan_input_axes: [1], scan_output_axes: [-1] },
      ],
    ],
    ['last', 'rows'],
  );
  assert.deepEqual(show(graph, ['last', 'rows']), ['float32[n]', 'float32[n,t]']);
});

test('Scan of opset 8 has sequence lengths and a batch', () => {
  const graph = graphOf(
    { s0: 'float32[b,n]', xs: 'float32[b,t,n]' },
    [['last, rows = Scan(, s0, xs)', { body: scanBody(), num_scan_inputs: 1 }]],
    ['last', 'rows'],
  );
  assert.deepEqual(show(graph, ['last', 'rows'], 8), ['float32[b,n]', 'float32[b,t,n]']);
});

test('bodies in bodies see all the graphs around them', () => {
  const inner = graphOf({}, ['r = Add(x, y)'], ['r']);
  const middle = graphOf(
    {},
    ['y = Relu(x)', ['r = If(cond)', { then_branch: inner, else_branch: inner }]],
    ['r'],
  );
  const graph = graphOf(
    { cond: 'bool[]', x: 'float32[n,3]' },
    [['z = If(cond)', { then_branch: middle, else_branch: branch('r = Relu(x)') }]],
    ['z'],
  );
  assert.deepEqual(show(graph, ['z']), ['float32[n,3]']);
});
