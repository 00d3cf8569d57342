import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import { simulate } from '../../../src/core/sim/simulate.ts';
import { buildEngineScene } from '../../../src/core/view/engine-scene.ts';
import { listModules } from '../../../src/core/view/list-modules.ts';
import { buildModelScene } from '../../../src/core/view/model-scene.ts';
import type { Scene } from '../../../src/core/view/scene.ts';
import { givenModels, skipGiven } from '../onnx/given-models.ts';
import { openBytes } from '../onnx/open-bytes.ts';

const placed = (scene: Scene): string[] =>
  [
    ...scene.boxes.flatMap(({ nodes }) => nodes),
    ...scene.edges.flatMap(({ badges }) => badges.flatMap(({ nodes }) => nodes)),
  ].sort();

function checkWhole(scene: Scene, name: string): void {
  const ids = new Set(scene.boxes.map(({ id }) => id));
  assert.equal(ids.size, scene.boxes.length, `${name}: ids are unique`);
  for (const edge of scene.edges) {
    assert.ok(ids.has(edge.from) && ids.has(edge.to), `${name}: ends of ${edge.label}`);
    assert.ok(edge.points.length >= 4, `${name}: route of ${edge.label}`);
  }
  scene.boxes.forEach((box, i) => {
    assert.ok(i === 0 || box.y >= scene.boxes[i - 1]!.y, `${name}: sorted by y`);
  });
}

test(
  'every node of every given model is in exactly one box or badge, folded or not',
  { skip: skipGiven },
  async () => {
    let models = 0;
    for (const { name, bytes, opTypes } of givenModels()) {
      const { model } = await openBytes(bytes);
      const all = Object.keys(opTypes).sort();
      const scene = buildModelScene(model);
      checkWhole(scene, name);
      assert.deepEqual(placed(scene), all, name);
      const quantizers = scene.boxes.filter(({ kind }) => kind === 'qdq').map(({ id }) => id);
      assert.deepEqual(quantizers, [], `${name}: quantizers are badges`);
      const modules = listModules(scene.boxes).map(({ path }) => path);
      const folded = buildModelScene(model, { folded: new Set(modules) });
      checkWhole(folded, `${name} folded`);
      assert.deepEqual(placed(folded), all, `${name} folded`);
      models++;
    }
    assert.ok(models > 100, `${models} models`);
  },
);

test(
  'predicted engines of the real given models are drawn whole',
  { skip: skipGiven },
  async () => {
    for (const { name, bytes } of givenModels()) {
      if (!name.includes('.')) continue;
      const { model } = await openBytes(bytes);
      const engine = simulate(model, { trt: '10.6', sm: 90, mode: 'best' }, inferShapes(model));
      const scene = buildEngineScene(engine);
      checkWhole(scene, name);
      const layers = scene.boxes.filter(({ kind }) => kind !== 'io');
      assert.equal(layers.length, engine.layers.length, name);
    }
  },
);
