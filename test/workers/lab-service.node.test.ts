import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { ModelSummary } from '../../src/api/analyze-api.ts';
import type { Step } from '../../src/api/rewrite-api.ts';
import type { Result } from '../../src/core/base/result.ts';
import type { Target } from '../../src/core/sim/target.ts';
import { loadKernels } from '../../wasm/load-kernels.ts';
import { LabService } from '../../workers/lab-service.ts';

const TARGET: Target = { trt: '10.6', sm: 90, mode: 'best' };
const SHORTCUTS: Step = { kind: 'passes', ids: ['quantize-residual-shortcut'] };

function valueOf<T>(result: Result<T>): T {
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

async function open(service: LabService, name = 'resnet18.convs'): Promise<ModelSummary> {
  const url = new URL(`../../public/samples/${name}.onnx.gz`, import.meta.url);
  const file = new File([new Uint8Array(gunzipSync(readFileSync(url)))], `${name}.onnx`);
  return valueOf(await service.open([file]));
}

test('passes say what they would do, and nothing is done', async () => {
  const service = new LabService(loadKernels);
  const { id } = await open(service);
  const passes = valueOf(await service.passes(id, TARGET));
  const shortcuts = passes.find((pass) => pass.id === 'quantize-residual-shortcut');
  assert.equal(shortcuts?.proposals.length, 8);
  assert.deepEqual(structuredClone(passes), passes, 'crosses the worker line');
  const { engine } = valueOf(await service.predict(id, TARGET));
  assert.equal(engine.summary.layers, 33);
});

test('a rewritten model is held beside the other, and all can be asked of it', async () => {
  const service = new LabService(loadKernels);
  const { id } = await open(service);
  const made = valueOf(await service.rewrite(id, [SHORTCUTS], TARGET));
  assert.equal(made.changes.length, 8);
  assert.equal(made.toCalibrate.length, 3);
  assert.deepEqual(structuredClone(made), made, 'crosses the worker line');
  const after = valueOf(await service.predict(made.summary.id, TARGET));
  const before = valueOf(await service.predict(id, TARGET));
  assert.ok(after.engine.summary.layers < before.engine.summary.layers);
  const compared = valueOf(await service.compare(id, made.summary.id, TARGET));
  assert.equal(compared.before.layers, before.engine.summary.layers);
  assert.equal(compared.after.layers, after.engine.summary.layers);
  assert.ok(compared.differences.length > 0);
  assert.ok(valueOf(await service.lint(made.summary.id, TARGET)).length > 0);
});

test('the saved model is predicted like the rewritten one', async () => {
  const service = new LabService(loadKernels);
  const { id } = await open(service);
  const made = valueOf(await service.rewrite(id, [SHORTCUTS], TARGET));
  const blob = valueOf(await service.save(made.summary.id));
  const again = valueOf(await service.open([new File([blob], 'again.onnx')]));
  const compared = valueOf(await service.compare(made.summary.id, again.id, TARGET));
  assert.deepEqual(compared.differences, []);
  assert.equal(again.quantizeCount, made.summary.quantizeCount);
  const original = valueOf(await service.save(id));
  assert.equal(original.size, made.summary.sizeBytes, 'untouched without a change');
});

test('a placement is printed, and applied to the original it leads to the same engine', async () => {
  const service = new LabService(loadKernels);
  const { id } = await open(service);
  const made = valueOf(await service.rewrite(id, [SHORTCUTS], TARGET));
  const text = valueOf(await service.placement(made.summary.id));
  const step = { kind: 'placement', fileName: 'p.yaml', text } as const;
  const placed = valueOf(await service.rewrite(id, [step], TARGET));
  assert.deepEqual(placed.notes, []);
  const compared = valueOf(await service.compare(made.summary.id, placed.summary.id, TARGET));
  assert.deepEqual(compared.differences, []);
  const broken = await service.rewrite(id, [{ ...step, text: 'no: placement' }], TARGET);
  assert.equal(broken.ok, false);
});

test('a searched change that takes the scale of another value leaves it to calibration', async () => {
  const service = new LabService(loadKernels);
  const { id } = await open(service);
  const [quantizer] = valueOf(await service.edits(id, '/layer1/layer1.0/conv1/Conv')).filter(
    ({ role }) => role === 'remove',
  );
  assert.ok(quantizer);
  const edit = {
    kind: 'add-pair',
    value: '/conv1/Conv_output_0',
    scale: { kind: 'same-as', quantizer: quantizer.about },
  } as const;
  const step = { kind: 'edits', source: 'search', text: 'try', edits: [edit] } as const;
  const searched = valueOf(await service.rewrite(id, [step], TARGET));
  assert.ok(searched.toCalibrate.includes('/conv1/Conv_output_0'));
  const own = valueOf(await service.rewrite(id, [{ ...step, source: 'user' }], TARGET));
  assert.deepEqual(own.toCalibrate, []);
});

test('a step that cannot be made is a diagnostic, and the models stay', async () => {
  const service = new LabService(loadKernels);
  const { id } = await open(service);
  const edits = [{ kind: 'remove-pair', quantize: 'nowhere' }] as const;
  const refused = await service.rewrite(
    id,
    [{ kind: 'edits', source: 'user', text: '', edits }],
    TARGET,
  );
  assert.equal(!refused.ok && refused.error.code, 'placement/edit-impossible');
  assert.equal((await service.predict(id, TARGET)).ok, true);
});

test('an optimization gives steps that lead to the engine that it promises', async () => {
  const service = new LabService(loadKernels);
  const { id } = await open(service, 'concat_unequal');
  const steps: string[] = [];
  const found = valueOf(
    await service.optimize(id, { target: TARGET, budget: 100 }, ({ step }) => steps.push(step)),
  );
  assert.ok(steps.length > 0);
  assert.deepEqual(structuredClone(found), found, 'crosses the worker line');
  const made = valueOf(await service.rewrite(id, found.steps, TARGET));
  const compared = valueOf(await service.compare(id, made.summary.id, TARGET));
  assert.deepEqual(compared.after, found.after);
});
