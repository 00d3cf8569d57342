import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok } from '../../src/core/base/result.ts';
import type { Graph } from '../../src/core/ir/graph.ts';
import {
  MOST_WEIGHT_BYTES,
  fitTogether,
  valueBudget,
  weightBytes,
  weightsProblem,
} from '../../src/ort/check-weights.ts';
import { modelOf } from './run-support.ts';

/** A graph whose one constant says to have so many bytes; nobody reads them. */
function graphOf(byteLength: number): Graph {
  const { graph } = modelOf('g (float[2] x) => (float[2] y) { y = Relu (x) }');
  const bytes = {
    byteLength,
    resident: () => undefined,
    read: () => Promise.resolve(ok(new Uint8Array())),
  };
  graph.addInitializer('w', { name: 'w', dataType: 'uint8', dims: [byteLength], bytes });
  return graph;
}

test('models above what WebAssembly can hold are told by their size, before anything is read', () => {
  assert.equal(weightBytes(graphOf(1234)), 1234);
  assert.equal(weightsProblem(graphOf(3.1e9)), undefined);
  const problem = weightsProblem(graphOf(MOST_WEIGHT_BYTES + 1e7));
  assert.equal(problem?.code, 'runtime/weights-too-large');
  assert.match(problem.message, /3\.21 GB.*3\.20 GB/);
});

test('two models are held at once only while both are small', () => {
  assert.ok(fitTogether(graphOf(47e6), graphOf(47e6)));
  assert.ok(!fitTogether(graphOf(100e6), graphOf(47e6)));
});

test('values that are kept at once follow the weights, between two ends', () => {
  assert.equal(valueBudget(graphOf(0)), 20e6);
  assert.equal(valueBudget(graphOf(400e6)), 50e6);
  assert.equal(valueBudget(graphOf(3e9)), 128e6);
});
