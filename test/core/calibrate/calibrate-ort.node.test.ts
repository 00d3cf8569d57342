import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { calibrate } from '../../../src/core/calibrate/calibrate.ts';
import { CALIBRATION_METHODS } from '../../../src/core/calibrate/choose-scale.ts';
import { floatModel } from '../../../src/core/calibrate/float-model.ts';
import { OutputErrorSum } from '../../../src/core/calibrate/output-error.ts';
import { sensitivity } from '../../../src/core/calibrate/sensitivity.ts';
import { feedSequence } from '../../../src/core/inputs/feed-sources.ts';
import { randomFeeds } from '../../../src/core/inputs/random-feeds.ts';
import type { Feeds } from '../../../src/core/inputs/run-tensor.ts';
import { bufferSource, openModel } from '../../../src/core/onnx/index.ts';
import { ok } from '../../../src/core/base/result.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { applyEdits } from '../../../src/core/placement/apply-edits.ts';
import { loadKernels } from '../../../wasm/load-kernels.ts';
import { ortRunner } from '../../../src/ort/open-runner.ts';
import { NETWORK, NETWORK_FEEDS, modelOf, valueOf } from '../../ort/run-support.ts';
import { quantizerOf, scaleOf } from './calibrate-models.ts';

const openRunner = ortRunner({ threads: 1 });
const models = new URL('../../../../shared/engines/models/real/', import.meta.url);
const skip = existsSync(models) ? false : '../shared is absent';

const repeated = (feeds: readonly Feeds[]) =>
  feedSequence(async function* () {
    for (const batch of feeds) yield await Promise.resolve(ok(batch));
  });

async function outputs(model: Model, wanted: readonly string[], feeds: Feeds) {
  const runner = valueOf(await openRunner(model, wanted));
  const given = valueOf(await runner.run(feeds));
  await runner.release();
  return new Map(
    [...given].map(([name, { data }]) => [name, Float32Array.from(data as Float32Array)]),
  );
}

test('scales of a network are the largest magnitudes of its float run', async () => {
  const placed = valueOf(
    applyEdits(modelOf(NETWORK), [
      { kind: 'add-pair', value: 'h', scale: { kind: 'to-calibrate' } },
      { kind: 'add-pair', value: 'f', scale: { kind: 'to-calibrate' } },
    ]),
  );
  const found = valueOf(
    await calibrate(placed, repeated([NETWORK_FEEDS]), {
      method: 'max',
      float: true,
      openRunner,
      kernels: await loadKernels(),
    }),
  );
  const float = await outputs(floatModel(placed, { float: true }).model, ['h', 'f'], NETWORK_FEEDS);
  for (const value of ['h', 'f']) {
    const largest = [...(float.get(value) ?? [])].reduce(
      (most, x) => Math.max(most, Math.abs(x)),
      0,
    );
    assert.equal(scaleOf(found.model, value), Math.fround(largest / 127));
  }
  const report = valueOf(
    await sensitivity(found.model, repeated([NETWORK_FEEDS]), { openRunner, batches: 1 }),
  );
  assert.deepEqual(report.layers.map(({ layer }) => layer).sort(), ['conv', 'mm']);
  for (const { sqnrDb } of report.layers) assert.ok(sqnrDb > 15 && sqnrDb < 90, String(sqnrDb));
});

test(
  'ResNet-18, all scales anew by each method, stays close to its float outputs',
  { skip },
  async () => {
    const bytes = gunzipSync(readFileSync(new URL('resnet18.convs.onnx.gz', models)));
    const { model } = valueOf(await openModel([bufferSource('resnet18', bytes)]));
    const settings = { seed: 5, samples: 2, distribution: 'normal' } as const;
    const feeds = [...valueOf(randomFeeds(model.graph, settings))];
    const kernels = await loadKernels();
    const [first] = feeds;
    assert.ok(first);
    const names = model.graph.outputs.map(({ name }) => name);
    const float = await outputs(floatModel(model, { float: true }).model, names, first);
    const amax = new Map<string, number[]>();
    for (const method of CALIBRATION_METHODS) {
      const options = { method, replace: true, openRunner, kernels };
      const found = valueOf(await calibrate(model, repeated(feeds), options));
      assert.deepEqual(found.warnings, [], method);
      const error = new OutputErrorSum();
      const quantized = await outputs(found.model, names, first);
      for (const name of names) error.add(name, float.get(name)!, quantized.get(name)!);
      const { sqnrDb = 0 } = error.worst() ?? {};
      assert.ok(sqnrDb > 15, `${method}: ${sqnrDb} dB`);
      for (const { value, amax: reach } of found.statistics)
        amax.set(value, [...(amax.get(value) ?? []), reach]);
      assert.ok(quantizerOf(found.model, 'input'));
    }
    for (const [value, [max = 0, ...others]] of amax)
      for (const other of others)
        assert.ok(other > 0.2 * max && other <= max, `${value} ${other} ${max}`);
  },
);
