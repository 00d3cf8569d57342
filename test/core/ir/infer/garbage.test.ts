import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic } from '../../../../src/core/base/diagnostic.ts';
import { Graph } from '../../../../src/core/ir/graph.ts';
import { inferShapes } from '../../../../src/core/ir/infer/infer-shapes.ts';
import { operatorNames } from '../../../../src/core/ir/infer/operators.ts';
import { graphOf } from './graph-text.ts';
import type { AttributeText } from './infer-one.ts';
import { addInput, attributesOf, inferOne, modelOf, tensorOf } from './infer-one.ts';

/** A small generator of repeatable random numbers (mulberry32). */
function randomSource(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const INPUTS = [
  '',
  'unknown',
  'float32',
  'float32[]',
  'float32[0]',
  'float32[3]',
  'float32[n]',
  'float32[1,3,h,w]',
  'int8[2,3,4,5]',
  'float32[1,3,7,7]',
  'float32[-1,3]',
  'int64{}',
  'int64{0}',
  'int64{-1,2}',
  'int64{9223372036854775000,-5,0}',
  'int64=3',
  'int64=-7',
  'float32=0.5',
  'float32{0,-2,1,3}',
  'int64[2]',
  'int64[900000000]',
  'bool=1',
  'string[2]',
  'float32[9007199254740991,9007199254740991]',
] as const;
const NAMES =
  'axis axes perm keepdims kernel_shape strides pads dilations group auto_pad output_shape output_padding ceil_mode to dtype ' +
  'shape value starts ends split num_outputs num_scan_inputs blocksize mode equation batch_dims hidden_size layout direction ' +
  'k body then_branch else_branch output_dtype q_num_heads kv_num_heads allowzero size scales start end block_size N';
const TEXTS: readonly AttributeText[] = [
  0,
  1,
  -1,
  7,
  -9,
  1e15,
  'NOTSET',
  'SAME_UPPER',
  'ij,jk->ik',
  '...',
  '->',
  [],
  [0],
  [1, 1],
  [-1, 3, 0],
  [2, 2, 2, 2],
  [1e15],
  { float: NaN },
  { float: 2 },
  { floats: [0, -1, Infinity] },
  tensorOf('int64', [1], [5]),
  tensorOf('float32', [2], [1]),
];

test('no operator throws on random inputs and attributes, and diagnostics say what to do', () => {
  const random = randomSource(7);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const names = NAMES.split(' ');
  const body = new Graph();
  for (const [domain, opType] of operatorNames()) {
    for (let round = 0; round < 60; round++) {
      const attributes: Record<string, AttributeText> = {};
      for (let i = random(5); i > 0; i--)
        attributes[pick(names)] = random(12) === 0 ? body : pick(TEXTS);
      const inputs = Array.from({ length: random(6) }, () => pick(INPUTS));
      const opset = pick([1, 6, 8, 9, 10, 11, 13, 15, 18, 20, 23]);
      const node = { opType, domain, inputs, attributes, opset, outputs: random(4) };
      const shown = `${domain}::${JSON.stringify({ ...node, attributes: Object.keys(attributes) })}`;
      let inferred;
      try {
        inferred = inferOne(node);
      } catch (error) {
        assert.fail(`${shown} threw ${String(error instanceof Error ? error.stack : error)}`);
      }
      checkDiagnostics(inferred.report.diagnostics, shown);
      for (const value of inferred.graph.values()) {
        if (value.producer() === null) continue;
        const isSound =
          value.shape?.every((d) => typeof d === 'string' || (Number.isSafeInteger(d) && d >= 0)) ??
          true;
        assert.ok(isSound, `${shown} made [${value.shape?.join()}]`);
      }
    }
  }
});

function checkDiagnostics(diagnostics: readonly Diagnostic[], shown: string): void {
  for (const { code, message, advice, place } of diagnostics) {
    assert.match(code, /^infer\//);
    assert.ok(place?.node !== undefined && advice !== '', shown);
    assert.doesNotMatch(message + advice, /\bundefined\b|\bNaN\b|\[object/, shown);
  }
}

test('nodes that wait for each other are reported and keep what is known', () => {
  const graph = graphOf(
    { x: 'float32[2]' },
    ['a = Add(x, b)', 'b = Relu(a)', 'y = Relu(x)'],
    ['y'],
  );
  const { diagnostics } = inferShapes(modelOf(graph));
  assert.deepEqual(
    diagnostics.map((d) => d.code),
    ['onnx/cycle'],
  );
  assert.deepEqual(graph.outputs[0]?.shape, [2]);
});

test('a chain of ten thousand nodes takes linear time', () => {
  const graph = chain(10_000);
  const start = performance.now();
  const report = inferShapes(modelOf(graph));
  const timeMs = performance.now() - start;
  assert.deepEqual(report.diagnostics, []);
  assert.deepEqual(graph.outputs[0]?.shape, ['n', 8, 'h', 'w']);
  // About 30 ms on an idle machine; the bound only catches quadratic behaviour.
  assert.ok(timeMs < 1500, `${timeMs} ms`);
});

/** Blocks of convolution, activation, quantization and shape arithmetic. */
function chain(nodeCount: number): Graph {
  const graph = new Graph();
  const weights = addInput(graph, 'weights', 'float32[8,8,3,3]');
  const scale = addInput(graph, 'scale', 'float32=0.1');
  let x = addInput(graph, 'x', 'float32[n,8,h,w]');
  const pads = attributesOf({ pads: [1, 1, 1, 1] });
  const add = (opType: string, inputs: (typeof x)[], attributes = attributesOf({})): typeof x => {
    const name = `${opType}_${graph.nodeCount}`;
    const output = graph.ensureValue(`${name}_out`);
    graph.addNode({ name, opType, inputs, outputs: [output], attributes });
    return output;
  };
  while (graph.nodeCount < nodeCount) {
    const y = add('Relu', [add('Conv', [x, weights], pads)]);
    const q = add('DequantizeLinear', [add('QuantizeLinear', [y, scale]), scale]);
    x = add('Reshape', [add('Add', [q, x]), add('Shape', [x])]);
  }
  if (x !== null) graph.addOutput(x);
  return graph;
}
