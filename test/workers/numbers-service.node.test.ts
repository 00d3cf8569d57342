import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeedsSpec, NumbersModel, Progress } from '../../src/api/numbers-api.ts';
import { ok } from '../../src/core/base/result.ts';
import { writeNpy } from '../../src/core/inputs/npy.ts';
import { saveModel } from '../../src/core/onnx/index.ts';
import { plainKernels } from '../../src/core/quant/plain-kernels.ts';
import { ortRunner } from '../../src/ort/open-runner.ts';
import { NumbersService } from '../../workers/numbers-service.ts';
import { floats, modelOf, valueOf } from '../ort/run-support.ts';

const MODEL = `g (float[N, 3, 2, 2] x) => (float[N, 3, 2, 2] y) <float k = {0.5}> {
  t = Mul (x, k) h = Cast <to = 10> (t) z = Log (t) y = Neg (t) }`;

async function started(graph = MODEL): Promise<{ service: NumbersService; model: NumbersModel }> {
  const service = new NumbersService({
    // Node finds the runtime among its packages.
    runner: ({ threads }) => ortRunner({ threads }),
    readImage: (file) =>
      Promise.resolve(
        ok({ width: 2, height: 2, data: new Uint8Array(16).fill(Number(file.name.slice(0, -4))) }),
      ),
    kernels: () => Promise.resolve(plainKernels),
  });
  await service.start({ ortFolder: '', threads: 1 });
  const blob = valueOf(await saveModel(modelOf(graph)));
  const model = valueOf(await service.open([new File([blob], 'm.onnx')]));
  return { service, model };
}

test('a model is opened and told by its inputs and outputs', async () => {
  const { model } = await started();
  assert.equal(model.fileName, 'm.onnx');
  assert.deepEqual(model.inputs, [{ name: 'x', dataType: 'float32', shape: ['N', 3, 2, 2] }]);
  assert.deepEqual(model.outputs, [{ name: 'y', dataType: 'float32', shape: ['N', 3, 2, 2] }]);
});

test('values are summed up over all images, with progress', async () => {
  const { service, model } = await started();
  const files = ['10.png', '20.png', '0.png'].map((name) => new File([''], name));
  const steps: Progress[] = [];
  const feeds: FeedsSpec = { kind: 'files', files, preset: 'none', dims: { N: 1 } };
  const summed = await service.run(model.id, feeds, ['t', 'h', 'z'], (step) => steps.push(step));
  const [t, h, z] = valueOf(summed);
  const common = { dims: [1, 3, 2, 2], count: 36, nonFinite: 0 };
  assert.deepEqual(t, { name: 't', dataType: 'float32', ...common, min: 0, max: 10, mean: 5 });
  assert.deepEqual(h, { name: 'h', dataType: 'float16', ...common, min: 0, max: 10, mean: 5 });
  // The logarithm of the black image is minus infinity.
  assert.equal(z?.nonFinite, 12);
  assert.equal(z.max, Math.fround(Math.log(10)));
  assert.deepEqual(
    steps.map(({ fraction }) => fraction),
    [0, 1 / 3, 2 / 3, 1],
  );
  await service.close(model.id);
  const closed = await service.run(model.id, feeds, ['t']);
  assert.ok(!closed.ok && closed.error.code === 'view/model-not-open');
});

test('arrays and random numbers are feeds too', async () => {
  const { service, model } = await started();
  const bytes = valueOf(writeNpy('a', floats([...Array(24).keys()], [2, 3, 2, 2])));
  const files = [new File([new Uint8Array(bytes)], 'a.npy')];
  const [t] = valueOf(await service.run(model.id, { kind: 'files', files, preset: 'none' }, ['t']));
  assert.deepEqual([t?.count, t?.min, t?.max, t?.mean], [24, 0, 11.5, 5.75]);
  const random: FeedsSpec = {
    ...{ kind: 'random', seed: 1, samples: 4, distribution: 'uniform' },
    dims: { N: 5 },
  };
  const [x] = valueOf(await service.run(model.id, random, ['x']));
  assert.equal(x?.count, 240);
  assert.ok(x.min >= 0 && x.max < 1 && Math.abs(x.mean - 0.5) < 0.1);
});

test('what does not fit is told', async () => {
  const { service, model } = await started();
  const codeOf = async (spec: FeedsSpec, wanted: readonly string[]) => {
    const answer = await service.run(model.id, spec, wanted);
    return answer.ok ? 'ok' : answer.error.code;
  };
  const random: FeedsSpec = { kind: 'random', seed: 1, samples: 1, distribution: 'normal' };
  assert.equal(await codeOf(random, ['t']), 'inputs/dimension-open');
  assert.equal(await codeOf({ ...random, dims: { N: 1 } }, ['nothing']), 'runtime/value-unknown');
  const images: FeedsSpec = { kind: 'files', files: [], preset: 'none' };
  assert.equal(await codeOf(images, ['t']), 'inputs/none');
  const files = [new File([''], 'a.npy'), new File([''], '1.png')];
  assert.equal(await codeOf({ ...images, files }, ['t']), 'inputs/files-mixed');
  assert.equal(await codeOf({ ...images, files: files.slice(0, 1) }, ['t']), 'inputs/npy-damaged');
});
