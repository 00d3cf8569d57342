import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineColumns, sortedErrors } from '../../../src/ui/state/error-columns.ts';
import {
  figuresOf,
  followedTarget,
  fusionLine,
  maxSteps,
  turningPoints,
  worstFirst,
  worstOutput,
} from '../../../src/ui/state/engine-words.ts';
import { heatOf } from '../../../src/ui/state/error-heat.ts';
import { engineReport, rewrittenEngineReport, sampleWithEngine } from '../sample-validation.ts';

const [a, b, y] = engineReport.tensors;
const exact = { ...engineReport, tensors: [a!], worst: [] };
const titles = (report: typeof engineReport, tensor = report.tensors.at(-1)!) =>
  figuresOf(tensor, report).map(({ title }) => title);

test('without a model before, Q/DQ and fusion are told apart; with one the rewrite too', () => {
  assert.deepEqual(titles(engineReport), ['Q/DQ', 'Fusion', 'Q/DQ and fusion']);
  const all = ['Your rewrite', 'Q/DQ', 'Fusion', 'Rewrite and fusion', 'Q/DQ and fusion'];
  assert.deepEqual(titles(rewrittenEngineReport), all);
  // The model before lacks the tensor a.
  assert.deepEqual(titles(rewrittenEngineReport, a), ['Q/DQ', 'Fusion', 'Q/DQ and fusion']);
});

test('a rewrite of a model without Q/DQ is told without them', () => {
  const tensors = rewrittenEngineReport.tensors.map((tensor) => ({
    ...tensor,
    quantization: a!.fusion,
  }));
  const float = { ...rewrittenEngineReport, tensors };
  assert.deepEqual(titles(float), ['Your rewrite', 'Fusion', 'Rewrite and fusion']);
});

test('errors are told in steps where there is a quantizer', () => {
  assert.equal(maxSteps(b!.fusion), 0.5);
  assert.equal(maxSteps(y!.fusion), undefined);
});

test('the worst comes first, what is exact last in its order, sorted once', () => {
  assert.deepEqual(
    worstFirst(engineReport).map(({ tensor }) => tensor),
    ['y', 'b', 'a'],
  );
  assert.equal(worstFirst(engineReport), worstFirst(engineReport));
  assert.deepEqual(worstOutput(engineReport), { output: y, count: 1 });
});

test('how far fusion reaches is a sentence, with the first and the worst tensor', () => {
  assert.equal(fusionLine(engineReport), 'Fusion changes 2 of 3 tensors.');
  assert.deepEqual(turningPoints(engineReport), [
    { words: 'First', tensor: b },
    { words: 'Most', tensor: y },
  ]);
  assert.match(fusionLine(exact), /^Fusion changes nothing: .* the same bits, in 1 tensor\.$/);
  assert.deepEqual(turningPoints(exact), []);
  assert.match(fusionLine({ ...exact, tensors: [] }), /stores no tensor/);
  assert.equal(followedTarget(engineReport), 'trt10.6-sm90 best');
});

test('the table has columns of a rewrite only where there is one', () => {
  const ids = (report: typeof engineReport) => engineColumns(report).map(({ id }) => id);
  assert.ok(!ids(engineReport).includes('rewrite'));
  assert.ok(ids(engineReport).includes('total'));
  assert.ok(ids(rewrittenEngineReport).includes('rewriteTotal'));
  const steps = engineColumns(engineReport).find(({ id }) => id === 'fusionSteps')!;
  const rows = sortedErrors(engineReport.tensors, steps, true).map(({ tensor }) => tensor);
  assert.deepEqual(rows, ['b', 'a', 'y']);
  assert.equal(steps.text(y!), '–');
});

test('all nodes of a layer have the colour of what it stores', () => {
  const marks = heatOf(sampleWithEngine, 'engine');
  assert.equal(marks.get('/net/y/Relu')?.sign, '36');
  assert.equal(marks.get('/net/a/Conv')?.sign, '=');
  assert.equal(marks.size, 6);
});
