import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  attrFloat,
  attrFloats,
  attrInt,
  attrInts,
  attrString,
  attrTensor,
} from '../../../src/core/ir/node-attributes.ts';
import { tensorNumbers } from '../../../src/core/ir/tensor-values.ts';
import { parseOnnxText } from '../../../src/core/onnx/index.ts';

test('attributes come with their type, or the fallback', () => {
  const parsed = parseOnnxText(
    'g (x) => (y) { y = Op <i = 3, f = 0.5, s = "t", is = [1, 2], fs = [0.5], t = int8[2] {1, -1}, big = 9223372036854775807> (x) }',
  );
  assert.ok(parsed.ok);
  const node = parsed.value.graph.node('node_of_y');
  assert.ok(node);
  assert.deepEqual(
    [attrInt(node, 'i', 0), attrInt(node, 'f', 7), attrInt(node, 'none', 7)],
    [3, 7, 7],
  );
  assert.equal(attrInt(node, 'big', 0), 2 ** 63);
  assert.deepEqual([attrFloat(node, 'f', 0), attrFloat(node, 'none', 2)], [0.5, 2]);
  assert.deepEqual([attrString(node, 's', ''), attrString(node, 'i', 'no')], ['t', 'no']);
  assert.deepEqual(
    [attrInts(node, 'is'), attrInts(node, 'none'), attrInts(node, 'none', [4])],
    [[1, 2], undefined, [4]],
  );
  assert.deepEqual([attrFloats(node, 'fs'), attrFloats(node, 'is')], [[0.5], undefined]);
  const tensor = attrTensor(node, 't');
  assert.deepEqual(tensor && tensorNumbers(tensor), Float64Array.of(1, -1));
  assert.equal(attrTensor(node, 'i'), undefined);
});
