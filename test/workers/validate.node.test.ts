import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Progress } from '../../src/api/numbers-api.ts';
import type { MadeSteps, ValidationRequest } from '../../src/api/validate-api.ts';
import { ok } from '../../src/core/base/result.ts';
import { saveModel } from '../../src/core/onnx/index.ts';
import { plainKernels } from '../../src/core/quant/plain-kernels.ts';
import { readReport } from '../../src/core/validate/report-json.ts';
import { parseTarget } from '../../src/core/sim/parse-target.ts';
import { ortRunner } from '../../src/ort/open-runner.ts';
import { NumbersService } from '../../workers/numbers-service.ts';
import { modelOf, valueOf } from '../ort/run-support.ts';

const MODEL = `g (float[N, 4] x) => (float[N, 4] y)
  <float s = {0.05}, int8 z = {0}, float[4, 4] w = {0.1 ...}>
{
  [q] q = QuantizeLinear (x, s, z)
  [dq] d = DequantizeLinear (q, s, z)
  [mm] m = MatMul (d, w)
  [id] i = Identity (m)
  [relu] y = Relu (i)
}`;
const target = valueOf(parseTarget('trt10.6-sm90', undefined));
const tidied: MadeSteps = { steps: [{ kind: 'passes', ids: ['remove-identity'] }], target };
const finer: MadeSteps = {
  steps: [{ kind: 'scales', type: 'int8', scales: { x: 0.01 }, replace: true }],
  target,
};

const service = new NumbersService({
  runner: ({ threads }) => ortRunner({ threads }),
  readImage: () => Promise.resolve(ok({ width: 1, height: 1, data: new Uint8Array(4) })),
  kernels: () => Promise.resolve(plainKernels),
});

async function request(patch: Partial<ValidationRequest>): Promise<ValidationRequest> {
  const blob = valueOf(await saveModel(modelOf(MODEL)));
  return {
    files: [new File([blob], 'm.onnx')],
    ...{ before: [], after: [], equivalence: true, float: false },
    feeds: { kind: 'random', seed: 1, samples: 3, distribution: 'normal', dims: { N: 2 } },
    names: { before: 'A', after: 'B', inputs: 'random' },
    runtime: { ortFolder: '', threads: 1 },
    ...patch,
  };
}

test('passes that promise bit-exact numbers are held to it, with progress up to the end', async () => {
  const steps: Progress[] = [];
  const asked = await request({ after: [tidied] });
  const report = valueOf(await service.validate(asked, (step) => steps.push(step)));
  assert.equal(report.verdict.status, 'exact');
  assert.deepEqual(report.equivalence?.passes, [
    { passId: 'remove-identity', numerics: 'bit-exact', changes: 1 },
  ]);
  assert.equal(report.equivalence.tensors.at(-1)?.contract, 'bit-exact');
  assert.equal(report.equivalence.batches, 3);
  assert.equal(steps.at(-1)?.fraction, 1);
  assert.match(steps.at(-1)?.step ?? '', /^Running sample 3 of 3/);
});

test('where other steps were made nothing is promised, and a tolerance decides', async () => {
  const asked = await request({ after: [tidied, finer] });
  const measured = valueOf(await service.validate(asked));
  assert.equal(measured.verdict.status, 'measured');
  assert.ok(measured.equivalence?.tensors.every(({ contract }) => contract === 'none'));
  const wish = { ...asked, tolerance: { sqnrDb: 200 } };
  assert.equal(valueOf(await service.validate(wish)).verdict.status, 'failed');
});

test('against float each quantizer is told with what it reads, sampled for pictures', async () => {
  const asked = await request({ equivalence: false, float: true });
  const report = valueOf(await service.validate(asked));
  const [quantizer] = report.float?.quantizers ?? [];
  assert.equal(quantizer?.value, 'x');
  assert.equal(quantizer.count, 24);
  assert.ok(report.float?.details.some(({ tensor }) => tensor === 'x'));
});

test('a sparing run gives the same report', async () => {
  const asked = await request({ after: [finer], float: true });
  const [usual, sparing] = [
    valueOf(await service.validate(asked)),
    valueOf(await service.validate({ ...asked, sparing: true })),
  ];
  assert.deepEqual(sparing.equivalence?.tensors, usual.equivalence?.tensors);
  assert.deepEqual(sparing.float?.layers, usual.float?.layers);
});

test('the engine of what was made is followed, beside the model as it was opened', async () => {
  const steps: Progress[] = [];
  const asked = await request({ after: [finer], engine: target });
  const report = valueOf(await service.validate(asked, (step) => steps.push(step)));
  const output = report.engine?.tensors.find(({ tensor }) => tensor === 'y');
  assert.ok(output?.rewrite && output.rewriteTotal);
  assert.deepEqual(report.engine?.target, target);
  // The rewrite is what the comparison of the two models found too.
  const compared = report.equivalence?.tensors.find(({ tensor }) => tensor === 'y');
  assert.deepEqual(output.rewrite.sqnrDb, compared?.error.sqnrDb);
  assert.ok(output.rewrite.unequal > 0);
  assert.match(steps.at(-1)?.step ?? '', /^Following the engine: sample 3 of 3 \(part 2 of 2\)/);
  assert.equal(steps.at(-1)?.fraction, 1);
});

test('the engine alone is followed, sparingly too, and written into each report', async () => {
  const asked = await request({ equivalence: false, engine: target });
  const usual = valueOf(await service.validate(asked));
  assert.deepEqual([usual.equivalence, usual.float], [undefined, undefined]);
  assert.equal(usual.verdict.status, 'measured');
  const sparing = valueOf(await service.validate({ ...asked, sparing: true }));
  assert.deepEqual(sparing.engine?.tensors, usual.engine?.tensors);
  assert.ok(usual.engine?.tensors.every(({ rewrite }) => rewrite === undefined));
  const json = valueOf(await service.write(usual, 'json'));
  assert.deepEqual(valueOf(readReport(json, 'r.json')).engine, usual.engine);
  assert.match(
    valueOf(await service.write(usual, 'csv')),
    /^engine-outputs,y,fusion,model → engine,/m,
  );
  assert.match(
    valueOf(await service.write(usual, 'html')),
    /In the arithmetic of the engine predicted for trt10\.6-sm90 best, /,
  );
});

test('bad data is a diagnostic, not an exception', async () => {
  const open = await service.validate(
    await request({ feeds: { kind: 'random', seed: 1, samples: 1, distribution: 'normal' } }),
  );
  assert.ok(!open.ok && open.error.code === 'inputs/dimension-open');
  const damaged = await service.validate(await request({ files: [new File(['no'], 'm.onnx')] }));
  assert.ok(!damaged.ok);
});

test('a report is written as a page, as JSON and as a table', async () => {
  const report = valueOf(await service.validate(await request({ after: [finer] })));
  const json = valueOf(await service.write(report, 'json'));
  assert.equal(
    valueOf(readReport(json, 'r.json')).equivalence?.tensors.length,
    report.equivalence?.tensors.length,
  );
  assert.match(valueOf(await service.write(report, 'html')), /^<!doctype html>/i);
  assert.ok(valueOf(await service.write(report, 'csv')).split('\n').length > 3);
});
