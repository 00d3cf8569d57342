import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activationScales, pendingScales } from '../../../src/core/calibrate/pending-scales.ts';
import { modelOf } from '../explain/text-models.ts';
import { CHAIN, TWO_LAYERS, pending, quantizerOf, sharing } from './calibrate-models.ts';

test('pairs that wait for calibration, each with the value to watch', () => {
  const model = pending(['r', 'm']);
  const groups = pendingScales(model.graph);
  assert.deepEqual(
    groups.map(({ quantizers, values, type }) => [quantizers, values, type]),
    [
      [[quantizerOf(model, 'r')], ['r'], 'int8'],
      [[quantizerOf(model, 'm')], ['m'], 'int8'],
    ],
  );
});

test('a shared scale is one group', () => {
  const model = sharing();
  const groups = pendingScales(model.graph);
  assert.deepEqual(
    groups.map(({ quantizers, values }) => [quantizers, values]),
    [
      [
        [quantizerOf(model, 'r'), quantizerOf(model, 'm')],
        ['r', 'm'],
      ],
    ],
  );
});

test('copies of a graph still wait; known scales do not', () => {
  assert.equal(pendingScales(pending(['r']).graph.clone()).length, 1);
  assert.deepEqual(pendingScales(modelOf(TWO_LAYERS).graph), []);
  assert.deepEqual(pendingScales(modelOf(CHAIN).graph), []);
});

test('scales of activations: no weights, no zero points, one a tensor', () => {
  const values = (text: string) =>
    activationScales(modelOf(text).graph).map((group) => group.values);
  assert.deepEqual(values(TWO_LAYERS), [['x'], ['f']]);
  assert.deepEqual(values(TWO_LAYERS.replace('int8 z = {0}', 'int8 z = {3}')), []);
  assert.deepEqual(values(TWO_LAYERS.replaceAll('coarse', 's')), [['x', 'f']]);
  const each = TWO_LAYERS.replace('float coarse = {2}', 'float[2] coarse = {2, 3}');
  assert.deepEqual(values(each), [['x']]);
});
