import assert from 'node:assert/strict';
import { randomFeeds } from '../../../src/core/inputs/random-feeds.ts';
import type { NumberRange } from '../../../src/core/inputs/random-feeds.ts';
import { bytesOf } from '../../../src/core/inputs/run-arrays.ts';
import type { Feeds, RunTensor } from '../../../src/core/inputs/run-tensor.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { elementCount } from '../../../src/core/ir/tensor.ts';
import { decodeNumbers } from '../../../src/core/ir/tensor-values.ts';
import { ortRunner } from '../../../src/ort/open-runner.ts';

const open = ortRunner({ threads: 1 });

/** Runs per comparison, each on other random numbers. */
const RUNS = 3;

/**
 * The largest difference between the outputs of two models with the same inputs, as a share of the largest output, over
 * runs of onnxruntime-web on seeded normal numbers, or uniform ones of a range. 0 only where all outputs are equal.
 */
export async function compareRuns(a: Model, b: Model, range?: NumberRange): Promise<number> {
  const floats = a.graph.inputs.filter(({ dataType }) => dataType === 'float32');
  const ranges = range && Object.fromEntries(floats.map(({ name }) => [name, range]));
  const settings = {
    seed: 7,
    samples: RUNS,
    distribution: 'normal',
    ...(ranges && { ranges }),
  } as const;
  const feeds = randomFeeds(a.graph, settings);
  assert.ok(feeds.ok, feeds.ok ? '' : feeds.error.message);
  let moved = 0;
  for (const feed of feeds.value) {
    const [left, right] = [await outputsOf(a, feed), await outputsOf(b, feed)];
    const largest = left.reduce((most, numbers) => Math.max(most, largestOf(numbers)), 0);
    assert.ok(largest > 0, 'outputs that are all zero compare nothing');
    for (const [i, numbers] of left.entries())
      moved = Math.max(moved, largestDifference(numbers, right[i]) / largest);
  }
  return moved;
}

const largestOf = (numbers: Float64Array): number =>
  numbers.reduce((most, number) => Math.max(most, Math.abs(number)), 0);

function largestDifference(a: Float64Array, b: Float64Array | undefined): number {
  assert.ok(b?.length === a.length, 'both have the same outputs');
  return a.reduce((most, number, i) => {
    const other = b[i] ?? NaN;
    assert.ok(Number.isFinite(number) && Number.isFinite(other), 'all outputs are finite');
    return Math.max(most, Math.abs(number - other));
  }, 0);
}

async function outputsOf(model: Model, feeds: Feeds): Promise<readonly Float64Array[]> {
  const names = model.graph.outputs.map(({ name }) => name);
  const runner = await open(model, names);
  assert.ok(runner.ok, runner.ok ? '' : runner.error.message);
  const run = await runner.value.run(feeds);
  assert.ok(run.ok, run.ok ? '' : run.error.message);
  await runner.value.release();
  return names.map((name) => numbersOf(run.value.get(name)));
}

function numbersOf(tensor: RunTensor | undefined): Float64Array {
  assert.ok(tensor);
  const { data, dataType, dims } = tensor;
  const numbers = decodeNumbers(dataType, elementCount(dims), bytesOf(data));
  assert.ok(numbers);
  return numbers;
}
