import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEngine } from '../../../src/core/engine/read-engine.ts';
import { predictionFile } from '../../../src/core/sim/prediction-file.ts';
import { predictGiven, skipEngines } from '../sim/given-engines.ts';

test('our own files give back what was predicted', { skip: skipEngines }, async () => {
  let layers = 0;
  for await (const { row, engine } of predictGiven()) {
    const file = JSON.stringify(predictionFile(engine));
    const read = readEngine(row.model, file);
    assert.ok(read.ok, row.model);
    assert.equal(read.value.fileKind, 'prediction');
    assert.deepEqual(read.value.bindings, engine.bindings, row.model);
    const facts = read.value.layers.map((layer, index) => ({
      index,
      name: layer.fields['Name'] ?? layer.name,
      layerType: layer.layerType,
      role: layer.role,
      origin: layer.origin,
      precision: layer.precision,
      nodes: layer.nodes,
      uncertain: layer.uncertain ?? false,
      inputs: layer.inputs.map(({ name, dims, dataType, format }) => ({
        name,
        dims,
        dataType,
        format,
      })),
      outputs: layer.outputs.map(({ name, dims, dataType, format }) => ({
        name,
        dims,
        dataType,
        format,
      })),
    }));
    const wanted = engine.layers.map((layer, index) => ({
      index,
      name: layer.name,
      layerType: layer.layerType,
      role: layer.role,
      origin: layer.origin,
      precision: layer.precision,
      nodes: layer.nodes,
      uncertain: layer.uncertain,
      inputs: layer.inputs.map(({ name, dims, dataType, format }) => ({
        name,
        dims,
        dataType,
        format,
      })),
      outputs: layer.outputs.map(({ name, dims, dataType, format }) => ({
        name,
        dims,
        dataType,
        format,
      })),
    }));
    assert.deepEqual(facts, wanted, `${row.model}.${row.mode}`);
    layers += facts.length;
  }
  assert.ok(layers > 2000);
});
