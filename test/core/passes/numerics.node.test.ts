import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Feeds, RunTensor } from '../../../src/core/inputs/run-tensor.ts';
import { randomFeeds } from '../../../src/core/inputs/random-feeds.ts';
import { runFloats } from '../../../src/core/calibrate/run-floats.ts';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import type { Model, Node } from '../../../src/core/ir/graph.ts';
import { constantOf, isPerTensor, isQuantizer } from '../../../src/core/ir/quantizer-nodes.ts';
import { tensorNumbers } from '../../../src/core/ir/tensor-values.ts';
import { PIPELINE } from '../../../src/core/passes/pipeline.ts';
import type { RewritePass } from '../../../src/core/passes/rewrite-pass.ts';
import { runPasses } from '../../../src/core/passes/run-passes.ts';
import { ortRunner } from '../../../src/ort/open-runner.ts';
import { textModel } from '../sim/text-model.ts';
import { valueOf } from '../explain/text-models.ts';
import { goldensOf } from './golden-file.ts';
import type { PassGolden } from './golden-file.ts';

const open = ortRunner({ threads: 1 });
const SAMPLES = 3;

/**
 * Passes promise what they do to the numbers. Each golden that a pass changes is run before and after on random inputs.
 * What onnxruntime cannot run (operators of TensorRT's own) is counted and told.
 */
for (const pass of PIPELINE.filter(({ numerics }) => numerics !== 'approximate'))
  test(`${pass.id} is ${pass.numerics}, as onnxruntime computes it`, async (context) => {
    let proved = 0;
    for (const golden of goldensOf(pass.id)) {
      const outcome = await prove(pass, golden);
      if (outcome === 'proved') proved++;
      else if (outcome !== 'unchanged') context.diagnostic(`${golden.name}: ${outcome}`);
    }
    assert.ok(proved > 0, 'not one golden of it could be run');
  });

async function prove(pass: RewritePass, golden: PassGolden): Promise<string> {
  const before = textModel(golden.model);
  inferShapes(before);
  const { target, settings } = golden;
  const { model: after, changes } = valueOf(await runPasses(before, [pass], { target, settings }));
  if (changes.length === 0) return 'unchanged';
  const pairs = pass.numerics === 'bit-exact' ? outputsOf(before) : rewired(before, after);
  assert.ok(pairs.length > 0, `${golden.name}: nothing to compare`);
  const feeds = valueOf(
    randomFeeds(before.graph, { seed: 7, samples: SAMPLES, distribution: 'normal' }),
  );
  for (const feed of feeds) {
    const was = await run(
      before,
      pairs.map(([name]) => name),
      feed,
    );
    if (typeof was === 'string') return was;
    const is = await run(
      after,
      pairs.map(([, name]) => name),
      feed,
    );
    if (typeof is === 'string') throw new Error(`${golden.name}: ${is}`);
    const step = pass.numerics === 'bit-exact' ? 0 : largestStep(after);
    for (const [a, b] of pairs) compare(`${golden.name}: ${a}`, was.get(a), is.get(b), step);
  }
  return 'proved';
}

/** Names of values that must agree: in the model before, and in the one after. */
type Pair = readonly [string, string];

const outputsOf = ({ graph }: Model): Pair[] => graph.outputs.map(({ name }) => [name, name]);

/** What nodes that read another value than before read now: there a rewrite shows before anything amplifies it. */
function rewired(before: Model, after: Model): Pair[] {
  const pairs: Pair[] = [];
  for (const node of before.graph.nodes()) {
    const same = isQuantizer(node) ? undefined : after.graph.node(node.name);
    for (const [index, value] of node.inputs.entries()) {
      const now = same?.inputs[index];
      if (!value?.producer() || !now?.producer() || now.name === value.name) continue;
      if (value.dataType === now.dataType) pairs.push([value.name, now.name]);
    }
  }
  return pairs.length > 0 ? pairs : outputsOf(before);
}

/** The values, or what onnxruntime says against the model. */
async function run(
  model: Model,
  wanted: readonly string[],
  feeds: Feeds,
): Promise<ReadonlyMap<string, RunTensor> | string> {
  const runner = await open(model, wanted);
  if (!runner.ok) return runner.error.message;
  const result = await runner.value.run(feeds);
  await runner.value.release();
  return result.ok ? result.value : result.error.message;
}

function compare(
  what: string,
  a: RunTensor | undefined,
  b: RunTensor | undefined,
  step: number,
): void {
  assert.ok(a && b, what);
  assert.deepEqual(a.dims, b.dims, what);
  if (step === 0) {
    assert.deepEqual(b.data, a.data, what);
    return;
  }
  assert.equal(a.dataType, b.dataType, what);
  const floats = [runFloats(a), runFloats(b)];
  // Integers are counted in steps already.
  const width = floats[0] ? step : 1;
  const [x, y] = [a, b].map(({ data }, i) => floats[i] ?? Float32Array.from(data, Number));
  assert.ok(x && y);
  const apart = x.reduce((most, value, i) => Math.max(most, Math.abs(value - y[i]!)), 0);
  assert.ok(
    apart <= width * 1.001,
    `${what}: ${String(apart)} apart, one step is ${String(width)}`,
  );
}

/** The widest step of the activations' quantizers. */
function largestStep({ graph }: Model): number {
  const scales = [...(graph.nodes() as Iterable<Node>)]
    .filter((node) => isQuantizer(node) && isPerTensor(node))
    .map((node) => constantOf(node.inputs[1]))
    .flatMap((tensor) => [...((tensor && tensorNumbers(tensor)) ?? [])]);
  return Math.max(...scales);
}
