import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  findingList,
  findingOf,
  findingsAbout,
  isRefusal,
} from '../../../src/ui/state/findings.ts';
import { findingRules, refusal, residuals, sampleFindings } from '../sample-findings.ts';

test('findings of one rule are one group, in the order of the linter, with the sources of the rule', () => {
  const [first, second, ...others] = sampleFindings.groups;
  assert.deepEqual(others, []);
  assert.ok(first && second && isRefusal(first) && !isRefusal(second));
  assert.equal(second.title, 'An INT8 convolution adds a shortcut in float');
  assert.deepEqual(second.nodes, ['/block/Add', '/block/conv2/Conv', '/b2/Add']);
  assert.equal(second.docs[0]?.url, 'https://docs.nvidia.com/p');
  assert.deepEqual(
    sampleFindings.all.map(({ costBytes }) => costBytes),
    [0, 800, 400],
  );
});

test('what a rule finds worth a note is apart from what it warns of', () => {
  const [warning, note] = residuals as [(typeof residuals)[0], (typeof residuals)[0]];
  const { groups } = findingList([warning, { ...note, severity: 'info' }], findingRules);
  assert.deepEqual(
    groups.map(({ id }) => id),
    ['float-residual/warning', 'float-residual/info'],
  );
});

test('ids name one finding each, and the same one under the next prediction', () => {
  const twice = findingList([refusal, refusal, ...residuals], findingRules);
  assert.equal(new Set(twice.all.map(({ id }) => id)).size, 4);
  const alone = findingList(residuals.slice(1), findingRules);
  assert.equal(findingOf(twice, alone.all[0]?.id ?? '')?.nodes[0], '/b2/Add');
  assert.equal(findingOf(twice, 'float-residual/warning')?.nodes.length, 3);
  assert.equal(findingOf(alone, twice.all[0]?.id ?? ''), undefined);
});

test('a node knows the findings that name it, whatever their kind', () => {
  const about = (name: string) =>
    findingsAbout(sampleFindings, [name]).map(({ nodes }) => nodes[0]);
  assert.deepEqual(about('/block/conv2/Conv'), ['/block/Add', '/b2/Add']);
  assert.deepEqual(about('QuantizeLinear_0'), ['QuantizeLinear_0']);
  assert.deepEqual(about('/pool/MaxPool'), []);
});

test('a rule that the catalogue does not have is called by its id', () => {
  const [group] = findingList([refusal], []).groups;
  assert.equal(group?.title, 'uint8-quantizer');
  assert.deepEqual(group.docs, []);
});
