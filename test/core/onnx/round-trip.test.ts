import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOnnxText, printOnnxText } from '../../../src/core/onnx/index.ts';
import { checkGraph } from '../../../src/core/ir/check-graph.ts';
import { givenModels, skipGiven } from './given-models.ts';
import { openBytes, saveBytes } from './open-bytes.ts';

test('every given model opens in order, and saves byte for byte', { skip: skipGiven }, async () => {
  for (const { name, bytes, opTypes } of givenModels()) {
    const { model, diagnostics } = await openBytes(bytes);
    assert.deepEqual(diagnostics, [], name);
    assert.deepEqual(checkGraph(model.graph), [], name);
    const found = [...model.graph.nodes()].map((node) => [node.name, node.opType]);
    assert.deepEqual(Object.fromEntries(found), opTypes, name);
    assert.ok(Buffer.from(bytes).equals(await saveBytes(model)), name);
    const copy = { ...model, graph: model.graph.clone() };
    assert.ok(Buffer.from(bytes).equals(await saveBytes(copy)), `${name}, cloned`);
  }
});

test(
  'given models print to text that reads back to the same text',
  { skip: skipGiven },
  async () => {
    for (const { name, bytes } of givenModels()) {
      const { model } = await openBytes(bytes);
      const text = printOnnxText(model);
      const parsed = parseOnnxText(text);
      assert.ok(parsed.ok, parsed.ok ? '' : `${name}: ${parsed.error.message}`);
      assert.equal(printOnnxText(parsed.value), text, name);
    }
  },
);
