import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findingsOf } from '../../../src/ui/state/findings.ts';
import { engineOf, sampleEngine } from '../sample-engine.ts';

const titles = (engine = sampleEngine) => findingsOf(engine).map(({ title }) => title);

test('the float shortcut comes first, and each finding names its layers', () => {
  const [first, ...others] = findingsOf(sampleEngine);
  assert.equal(first?.title, '1 INT8 layer adds a float shortcut');
  assert.deepEqual(first.layers, [2]);
  assert.ok(first.nodes.includes('/block/Add'));
  assert.deepEqual(others.map(({ id }) => id.split(/(?<=refused):/)[0]).sort(), [
    'reformats',
    'refused',
    'surviving-qdq',
  ]);
});

test('a refused layer says what the rule said', () => {
  assert.ok(
    titles().includes('/pool/MaxPool stays in FP16: another node also reads the pooled tensor'),
  );
});

test('the quantizer of a network input is no finding: it has nothing to fuse with', () => {
  const inputOnly = engineOf(sampleEngine.layers.slice(0, 2));
  assert.deepEqual(titles(inputOnly), []);
});

test('many layers weigh more than one', () => {
  const pool = sampleEngine.layers[4]!;
  const pools = [0, 1, 2, 3, 4].map((index) => ({ ...pool, index, name: `pool${String(index)}` }));
  const [first] = findingsOf(engineOf([...pools, { ...sampleEngine.layers[2]!, index: 5 }]));
  assert.equal(first?.title, '5 layers stay in float: another node also reads the pooled tensor');
  assert.equal(first.ruleId, 'q-above-maxpool');
});

test('an engine without INT8 says so', () => {
  const { summary, layers } = sampleEngine;
  const engine = {
    ...engineOf([{ ...layers[4]!, notes: [] }]),
    summary: { ...summary, int8Layers: 0 },
  };
  const [first] = findingsOf(engine);
  assert.equal(first?.title, 'Nothing runs in INT8');
  assert.match(first.text, /Q\/DQ before convolutions/);
});
