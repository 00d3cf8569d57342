import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FindingView } from '../../../src/ui/state/findings.ts';
import { remediesOf } from '../../../src/ui/state/remedies.ts';
import { samplePasses } from '../sample-passes.ts';

const finding = (kind: string | null, ...nodes: string[]): FindingView =>
  ({ nodes, ...(kind !== null && { fix: { kind, description: '' } }) }) as unknown as FindingView;
const textsFor = (of: FindingView) =>
  remediesOf(of, samplePasses).map(({ proposal }) => proposal.text);

test('passes of the right kind are offered, those whose place the finding names first', () => {
  assert.deepEqual(textsFor(finding('add-qdq', '/b2/Conv', '/b1/Add')), [
    'Quantize the shortcut of /b1/Add',
    'Quantize the shortcut of /b2/Add',
  ]);
  assert.deepEqual(textsFor(finding('replace-operator', '/Identity')), ['Remove /Identity']);
});

test('nothing is offered elsewhere, for another kind of fix, or without a fix', () => {
  assert.deepEqual(textsFor(finding('add-qdq', '/b9/Add')), []);
  assert.deepEqual(textsFor(finding('change-quantizer', '/b1/Add')), []);
  assert.deepEqual(textsFor(finding('change-target', '/b1/Add')), []);
  assert.deepEqual(textsFor(finding(null, '/b1/Add')), []);
});
