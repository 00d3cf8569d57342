import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attribute } from '../../../src/core/ir/attribute.ts';
import type { DataType } from '../../../src/core/ir/data-type.ts';
import { Graph } from '../../../src/core/ir/graph.ts';
import type { Tensor } from '../../../src/core/ir/tensor.ts';
import { ok } from '../../../src/core/base/result.ts';
import type { WeightQuantizer } from '../../../src/core/quant/find-weight-quantizer.ts';
import { findWeightQuantizer } from '../../../src/core/quant/find-weight-quantizer.ts';

const tensor = (name: string, dataType: DataType): Tensor => ({
  name,
  dataType,
  dims: [],
  bytes: {
    byteLength: 0,
    resident: () => undefined,
    read: () => Promise.resolve(ok(new Uint8Array())),
  },
});
const int = (name: string, value: number): [string, Attribute] => [
  name,
  { name, type: 'int', value: BigInt(value) },
];

/** A graph with constants `w`, `s`, `z` and the given nodes: name, operator, inputs, output. */
function graphOf(
  weightType: DataType,
  zeroType: DataType,
  nodes: readonly (readonly [string, readonly string[], string, [string, Attribute][]?])[],
): Graph {
  const graph = new Graph();
  graph.addInitializer('w', tensor('w', weightType));
  graph.addInitializer('s', tensor('s', 'float32'));
  graph.addInitializer('z', tensor('z', zeroType));
  for (const [opType, inputs, output, attributes] of nodes) {
    graph.addNode({
      name: `${opType}_${output}`,
      opType,
      inputs: inputs.map((name) => (name === '' ? null : graph.ensureValue(name))),
      outputs: [graph.ensureValue(output)],
      attributes: new Map(attributes ?? []),
    });
  }
  return graph;
}
function find(graph: Graph): WeightQuantizer {
  const value = graph.value('w');
  assert.ok(value);
  const found = findWeightQuantizer(value);
  assert.ok(found, 'a quantizer');
  return found;
}
function findNone(graph: Graph): void {
  const value = graph.value('w');
  assert.ok(value);
  assert.equal(findWeightQuantizer(value), undefined);
}

test('the quantizer of a float weight, with its axis', () => {
  const found = find(
    graphOf('float32', 'int8', [
      ['Conv', ['x', 'w'], 'c'],
      ['QuantizeLinear', ['w', 's', 'z'], 'q', [int('axis', 0), int('block_size', 32)]],
    ]),
  );
  assert.equal(found.kind, 'quantize');
  assert.equal(found.node, 'QuantizeLinear_q');
  assert.equal(found.quantizedType, 'int8');
  assert.deepEqual([found.axis, found.blockSize], [0, 32]);
  assert.equal(found.scale.name, 's');
  assert.equal(found.zeroPoint?.name, 'z');
});

test('a stored weight keeps its own type', () => {
  const found = find(graphOf('int4', 'int4', [['DequantizeLinear', ['w', 's', ''], 'd']]));
  assert.equal(found.kind, 'dequantize');
  assert.equal(found.quantizedType, 'int4');
  assert.equal(found.zeroPoint, undefined);
  assert.equal(found.axis, 1);
});

test('Identity nodes before the quantizer and before the scale are looked through', () => {
  const found = find(
    graphOf('float32', 'int8', [
      ['Identity', ['w'], 'w2'],
      ['Identity', ['s'], 's2'],
      ['QuantizeLinear', ['w2', 's2', 'z'], 'q'],
    ]),
  );
  assert.equal(found.scale.name, 's');
});

test('a scale given by a Constant node counts', () => {
  const graph = graphOf('float32', 'int8', [
    [
      'Constant',
      [],
      'k',
      [['value', { name: 'value', type: 'tensor', value: tensor('k', 'float32') }]],
    ],
    ['QuantizeLinear', ['w', 'k'], 'q', [int('output_dtype', 17)]],
  ]);
  assert.equal(find(graph).scale.name, 'k');
  assert.equal(find(graph).quantizedType, 'float8e4m3fn');
});

test('without a zero point ONNX says uint8', () => {
  const found = find(graphOf('float32', 'int8', [['QuantizeLinear', ['w', 's'], 'q']]));
  assert.equal(found.quantizedType, 'uint8');
});

test('no quantizer: other readers, a computed scale, the scale itself', () => {
  findNone(graphOf('float32', 'int8', [['Conv', ['x', 'w'], 'c']]));
  findNone(
    graphOf('float32', 'int8', [
      ['Abs', ['x'], 'dynamic'],
      ['QuantizeLinear', ['w', 'dynamic', 'z'], 'q'],
    ]),
  );
  findNone(graphOf('float32', 'int8', [['QuantizeLinear', ['x', 'w', 'z'], 'q']]));
});
