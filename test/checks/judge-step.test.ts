import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeStep } from './judge-step.mjs';

const suite = { suite: true };

test('a gate is one test', () => {
  assert.deepEqual(judgeStep({}, { code: 0, output: '' }), { passed: 1, failed: 0, skipped: 0 });
  assert.deepEqual(judgeStep({}, { code: 2, output: '' }), { passed: 0, failed: 1, skipped: 0 });
});

test('a suite counts what its last summary says', () => {
  const output = '1 passed, 0 failed\nnoise\n12 passed, 3 failed, 4 skipped\n';
  assert.deepEqual(judgeStep(suite, { code: 1, output }), { passed: 12, failed: 3, skipped: 4 });
});

test('a suite that breaks without a failed test has failed', () => {
  const output = '12 passed, 0 failed\n';
  assert.deepEqual(judgeStep(suite, { code: 1, output }), { passed: 12, failed: 1, skipped: 0 });
});

test('a suite without a summary, or without a test, has failed', () => {
  for (const output of ['', 'Segmentation fault', '0 passed, 0 failed\n'])
    assert.equal(judgeStep(suite, { code: 0, output }).failed, 1);
});
