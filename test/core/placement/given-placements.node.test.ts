import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { diffEngines } from '../../../src/core/explain/diff-engines.ts';
import { scoreEngine } from '../../../src/core/explain/engine-cost.ts';
import { startSimulation } from '../../../src/core/explain/resimulate.ts';
import { checkGraph } from '../../../src/core/ir/check-graph.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { quantizerNames } from '../../../src/core/ir/quantizer-nodes.ts';
import { applyPlacement } from '../../../src/core/placement/apply-placement.ts';
import { comparePlacements } from '../../../src/core/placement/compare-placements.ts';
import { readPlacement } from '../../../src/core/placement/read-placement.ts';
import { stripQuantizers } from '../../../src/core/placement/strip-quantizers.ts';
import { TARGET, valueOf } from '../explain/text-models.ts';
import { enginesFolder, readModel, skipEngines } from '../sim/given-engines.ts';

const file = (kind: string, name: string): URL =>
  pathToFileURL(join(enginesFolder, 'models', kind, name));

const given = (kind: string): readonly string[] =>
  readdirSync(join(enginesFolder, 'models', kind)).filter((name) => name.endsWith('.onnx.gz'));

/** Reads the placement, takes all Q/DQ out and puts them in again. */
async function again(model: Model): Promise<Model> {
  const { placement, notes } = valueOf(await readPlacement(model));
  assert.deepEqual(notes, []);
  const bare = valueOf(stripQuantizers(model));
  assert.equal(quantizerNames(bare.graph).size, 0);
  const { model: result, unmatched } = valueOf(applyPlacement(bare, placement, { replace: false }));
  assert.deepEqual(unmatched, []);
  assert.deepEqual(checkGraph(result.graph), []);
  return result;
}

test('a placement goes to the float export of its network', { skip: skipEngines }, async () => {
  const float = await readModel(file('real', 'resnet18.fp.onnx.gz'));
  for (const name of ['convs', 'short', 'both', 'mo']) {
    const model = await readModel(file('real', `resnet18.${name}.onnx.gz`));
    const { placement } = valueOf(await readPlacement(model));
    const done = valueOf(applyPlacement(float, placement, { replace: true }));
    assert.deepEqual(done.unmatched, [], name);
    assert.equal(done.applied.length, placement.pairs.length);
    const [a, b] = [startSimulation(model, TARGET), startSimulation(done.model, TARGET)];
    assert.deepEqual(comparePlacements(model.graph, done.model.graph), [], name);
    assert.deepEqual(diffEngines(a.engine, b.engine), [], name);
    // And in the place of another placement.
    const other = await readModel(file('real', 'resnet18.short.onnx.gz'));
    const replaced = valueOf(applyPlacement(other, placement, { replace: true }));
    assert.deepEqual(comparePlacements(model.graph, replaced.model.graph), [], name);
  }
});

for (const kind of ['real', 'micro'])
  test(`placements of ${kind} models come back the same`, { skip: skipEngines }, async () => {
    for (const name of given(kind)) {
      const model = await readModel(file(kind, name));
      const result = await again(model);
      assert.deepEqual(comparePlacements(model.graph, result.graph), [], name);
      const [a, b] = [startSimulation(model, TARGET), startSimulation(result, TARGET)];
      assert.deepEqual(diffEngines(a.engine, b.engine), [], name);
      assert.deepEqual(scoreEngine(b.engine), scoreEngine(a.engine), name);
      // In another order at most: a new node stands before its reader, an exported one where the exporter put it.
      // A copy is called after the integers behind a Q, which a placement does not name.
      const names = ({ engine }: typeof a): string[] =>
        engine.layers.map((layer) => layer.name.replace(/.* copy$/, 'copy'));
      assert.deepEqual(names(b).sort(), names(a).sort(), name);
    }
  });
