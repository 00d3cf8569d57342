import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelId, ModelSummary } from '../../../src/api/analyze-api.ts';
import type { HistoryEntry } from '../../../src/ui/state/history.ts';
import {
  canRedo,
  canUndo,
  currentSummary,
  exportName,
  knows,
  lastEntry,
  modelsOf,
  movedTo,
  pendingOf,
  placementName,
  recorded,
  startHistory,
  stepsOf,
} from '../../../src/ui/state/history.ts';

const summary = (id: string): ModelSummary => ({ id }) as unknown as ModelSummary;
const entry = (id: string, toCalibrate: readonly string[] = []): HistoryEntry => ({
  title: `made ${id}`,
  steps: [{ kind: 'passes', ids: [id] }],
  summary: summary(id),
  changes: [],
  declined: [],
  toCalibrate,
  notes: [],
});
const two = recorded(recorded(startHistory(summary('0')), entry('a')), entry('b', ['x']));

test('a new history stands at the model as it was opened', () => {
  const start = startHistory(summary('0'));
  assert.equal(currentSummary(start).id, '0');
  assert.equal(canUndo(start), false);
  assert.equal(canRedo(start), false);
  assert.equal(lastEntry(start), undefined);
  assert.deepEqual(stepsOf(start), []);
});

test('undo and redo move over the entries and never beyond', () => {
  assert.equal(currentSummary(two).id, 'b');
  const one = movedTo(two, 1);
  assert.equal(currentSummary(one).id, 'a');
  assert.equal(canRedo(one), true);
  assert.deepEqual(stepsOf(one), [{ kind: 'passes', ids: ['a'] }]);
  assert.equal(movedTo(one, -5).done, 0);
  assert.deepEqual(movedTo(one, 9), two);
});

test('what was taken back is given up by the next entry', () => {
  const other = recorded(movedTo(two, 1), entry('c'));
  assert.deepEqual(modelsOf(other), ['0', 'a', 'c']);
  assert.equal(knows(other, 'b' as ModelId), false);
  assert.equal(canRedo(other), false);
});

test('scales wait as the model on show says', () => {
  assert.deepEqual(pendingOf(two), ['x']);
  assert.deepEqual(pendingOf(movedTo(two, 1)), []);
  assert.deepEqual(pendingOf(null), []);
});

test('files are named after the one that was opened', () => {
  assert.equal(exportName('net.onnx'), 'net.qdq.onnx');
  assert.equal(exportName('net.qdq.onnx'), 'net.qdq.onnx');
  assert.equal(exportName('model'), 'model.qdq.onnx');
  assert.equal(placementName('net.onnx'), 'net.placement.yaml');
});
