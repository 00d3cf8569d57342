import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import { lintModel } from '../../../src/core/lint/lint-model.ts';
import { simulate } from '../../../src/core/sim/simulate.ts';
import { generateChain } from '../../support/generate-model.ts';
import { openBytes } from '../onnx/open-bytes.ts';

const TARGET = { trt: '10.6', sm: 90, mode: 'best' } as const;
const sample = gunzipSync(
  readFileSync(new URL('../../../public/samples/resnet18.convs.onnx.gz', import.meta.url)),
);

/** Numbers from 0 to 1, the same in each run. */
function* randomNumbers(seed: number): Generator<number, never> {
  for (let state = seed; ; state = (state * 48271) % 2147483647) yield state / 2147483647;
}

test('graphs with wrong or missing inputs are linted without a crash, in whole sentences', async () => {
  const random = randomNumbers(7);
  const below = (limit: number): number => Math.floor(random.next().value * limit);
  let told = 0;
  for (let round = 0; round < 40; round++) {
    const { model } = await openBytes(sample);
    const inferred = inferShapes(model);
    const engine = simulate(model, TARGET, inferred);
    const nodes = [...model.graph.nodes()];
    const values = [...model.graph.values()];
    for (let cut = 0; cut < 6; cut++) {
      const node = nodes[below(nodes.length)]!;
      const value = below(5) < 2 ? null : values[below(values.length)]!;
      model.graph.setInput(node, below(node.inputs.length), value);
    }
    for (const { message, fix } of lintModel(model, engine, inferred)) {
      told++;
      for (const sentence of [message, fix?.description ?? '.'])
        assert.doesNotMatch(sentence, /undefined|NaN|\bnull\b/);
    }
  }
  assert.ok(told > 100);
});

test('a chain of thousands of nodes is linted in the time that it takes to simulate it', async () => {
  const { model } = await openBytes(generateChain(6000));
  const inferred = inferShapes(model);
  const engine = simulate(model, TARGET, inferred);
  const start = performance.now();
  lintModel(model, engine, inferred);
  const elapsed = performance.now() - start;
  assert.ok(elapsed < 3000, `${elapsed.toFixed(0)} ms`);
});
