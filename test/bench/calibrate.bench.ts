import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { calibrate } from '../../src/core/calibrate/calibrate.ts';
import { CALIBRATION_METHODS } from '../../src/core/calibrate/choose-scale.ts';
import { floatModel } from '../../src/core/calibrate/float-model.ts';
import { feedSequence } from '../../src/core/inputs/feed-sources.ts';
import { randomFeeds } from '../../src/core/inputs/random-feeds.ts';
import { bufferSource, openModel } from '../../src/core/onnx/index.ts';
import type { Feeds } from '../../src/core/inputs/run-tensor.ts';
import type { Model } from '../../src/core/ir/model.ts';
import { ok } from '../../src/core/base/result.ts';
import { ortRunner } from '../../src/ort/open-runner.ts';
import { loadKernels } from '../../wasm/load-kernels.ts';
import { valueOf } from '../ort/run-support.ts';
import { measure, printTimings } from './measure.ts';

// Calibration, everything included, against onnxruntime-web's own run of the float model over the same batches with a model
// that is opened as well. The goal is at most 1.3 times as long.
const BATCHES = 16;
const GOAL = 1.3;
const models = new URL('../../../shared/engines/models/real/', import.meta.url);
const openRunner = ortRunner({ threads: 1 });
const kernels = await loadKernels();

async function bench(name: string): Promise<void> {
  const bytes = gunzipSync(readFileSync(new URL(`${name}.onnx.gz`, models)));
  const { model } = valueOf(await openModel([bufferSource(name, bytes)]));
  const feeds = [
    ...valueOf(
      randomFeeds(model.graph, { seed: 1, samples: BATCHES, distribution: 'normal', dims: {} }),
    ),
  ];
  const stream = feedSequence(async function* () {
    for (const batch of feeds) yield await Promise.resolve(ok(batch));
  });
  const plain = 'onnxruntime-web alone';
  const works = CALIBRATION_METHODS.map(
    (method) =>
      [
        method,
        async () =>
          valueOf(await calibrate(model, stream, { method, openRunner, kernels, replace: true })),
      ] as const,
  );
  const timings = await measure(
    { [plain]: () => runAlone(model, feeds), ...Object.fromEntries(works) },
    { warmUp: 1, runs: 3 },
  );
  const own = timings.find((timing) => timing.name === plain)?.best ?? NaN;
  printTimings(`Calibrating ${name} over ${String(BATCHES)} batches`, timings, ({ best }) => {
    const ratio = best / own;
    return `${ratio.toFixed(2)} of its running time, goal ${GOAL}: ${ratio <= GOAL ? 'met' : 'MISSED'}`;
  });
}

async function runAlone(model: Model, feeds: readonly Feeds[]) {
  const { graph } = model;
  const names = graph.outputs.map(({ name }) => name);
  const runner = valueOf(await openRunner(floatModel(model, { float: true }).model, names));
  for (const batch of feeds) valueOf(await runner.run(batch));
  await runner.release();
}

if (existsSync(models)) for (const name of ['resnet18.convs', 'yolov5n.convs']) await bench(name);
else console.log('calibration: skipped, ../shared is absent');
