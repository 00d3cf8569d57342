import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confidence, evidenceOf } from '../../../src/core/explain/confidence.ts';
import { CONFIDENCE_TABLE } from '../../../src/core/explain/confidence-table.ts';
import { startSimulation } from '../../../src/core/explain/resimulate.ts';
import { ruleCatalog } from '../../../src/core/sim/rule-catalog.ts';
import { modelOf, RESIDUAL, TARGET } from './text-models.ts';

const { engine } = startSimulation(modelOf(RESIDUAL), TARGET);

test('a convolution with ReLU inside is nearly sure', () => {
  const layer = engine.layers.find(({ nodes }) => nodes.includes('relu0'));
  assert.ok(layer);
  assert.ok(evidenceOf(layer).includes('conv-relu-fusion'));
  assert.ok(confidence(layer) > 0.95 && confidence(layer) < 1);
});

test('a layer is believed no more than its weakest evidence', () => {
  const [layer] = engine.layers;
  assert.ok(layer);
  const note = { ruleId: 'never-seen', outcome: 'fired', text: '', nodes: [] } as const;
  assert.equal(confidence({ ...layer, notes: [...layer.notes, note] }), 0.5);
  const refused = { ...note, outcome: 'refused' } as const;
  assert.equal(confidence({ ...layer, notes: [...layer.notes, refused] }), confidence(layer));
});

test('the table counts rules that exist, and no more right layers than layers', () => {
  const rules = new Set(ruleCatalog.map(({ id }) => id));
  const entries = Object.entries(CONFIDENCE_TABLE);
  assert.ok(entries.length > 20);
  for (const [key, [right, total]] of entries) {
    assert.ok(/^(?:type|role) /.test(key) || rules.has(key), `${key} is no rule: calibrate again`);
    assert.ok(right <= total && total > 0, key);
  }
});
