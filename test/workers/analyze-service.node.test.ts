import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { ModelId, ModelSummary } from '../../src/api/analyze-api.ts';
import type { Result } from '../../src/core/base/result.ts';
import type { Target } from '../../src/core/sim/target.ts';
import { loadKernels } from '../../wasm/load-kernels.ts';
import { AnalyzeService } from '../../workers/analyze-service.ts';

const TARGET: Target = { trt: '10.6', sm: 90, mode: 'best' };

function sample(name: string): File {
  const url = new URL(`../../public/samples/${name}.onnx.gz`, import.meta.url);
  return new File([new Uint8Array(gunzipSync(readFileSync(url)))], `${name}.onnx`);
}

function valueOf<T>(result: Result<T>): T {
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

async function openSample(service: AnalyzeService): Promise<ModelSummary> {
  return valueOf(await service.open([sample('resnet18.convs')]));
}

test('a model is opened, summed up, drawn and predicted', async () => {
  const service = new AnalyzeService(loadKernels);
  const steps: string[] = [];
  const file = sample('resnet18.convs');
  const summary = valueOf(await service.open([file], ({ step }) => steps.push(step)));
  assert.equal(summary.fileName, 'resnet18.convs.onnx');
  assert.equal(summary.sizeBytes, file.size);
  assert.equal(summary.nodeCount, 133);
  assert.equal(summary.quantizeCount, 42);
  assert.equal(summary.dequantizeCount, 42);
  assert.deepEqual(summary.inputs, [
    { name: 'input', dataType: 'float32', shape: [1, 3, 224, 224] },
  ]);
  assert.deepEqual(
    summary.outputs.map(({ shape }) => shape),
    [[1, 1000]],
  );
  assert.equal(summary.subgraphCount, 0);
  assert.ok(steps.includes('Inferring shapes'));

  const scene = valueOf(await service.modelScene(summary.id));
  assert.ok(scene.boxes.some(({ title }) => title === 'Conv 7×7 s2'));
  assert.ok(scene.boxes.some(({ subtitle }) => subtitle.endsWith('1×64×112×112')));

  const view = valueOf(await service.predict(summary.id, TARGET));
  assert.equal(view.engine.target, TARGET);
  assert.ok(view.engine.summary.int8Layers > 0);
  const layers = view.scene.boxes.filter(({ kind }) => kind !== 'io');
  assert.equal(layers.length, view.engine.layers.length);
  assert.deepEqual(structuredClone(view), view, 'crosses the worker line');
});

test('modules fold', async () => {
  const service = new AnalyzeService(loadKernels);
  const { id } = await openSample(service);
  const modules = valueOf(await service.modules(id));
  const first = modules.find(({ path }) => path === '/layer1')!;
  assert.ok(first.boxCount > 8);
  const scene = valueOf(await service.modelScene(id, ['/layer1']));
  const fold = scene.boxes.find((box) => box.id === 'fold:/layer1');
  assert.ok(fold && fold.nodes.length > first.boxCount);
});

test('a node and a weight are described', async () => {
  const service = new AnalyzeService(loadKernels);
  const { id } = await openSample(service);
  const node = valueOf(await service.node(id, '/conv1/Conv'));
  assert.equal(node.opType, 'Conv');
  assert.ok(node.attributes.some(({ name, text }) => name === 'strides' && text === '[2, 2]'));
  assert.equal(node.inputs[0]?.constant, false);
  const weight = valueOf(await service.weight(id, 'onnx::Conv_193'));
  assert.equal(weight.count, 64 * 3 * 7 * 7);
  assert.ok(weight.minimum < weight.maximum);
  assert.equal(
    weight.histogram.reduce((a, b) => a + b, 0),
    weight.count,
  );
  assert.ok(weight.quantization && weight.quantization.sqnrDb > 10);
  assert.deepEqual(structuredClone(weight), weight);
});

test('bad questions are answered with a diagnostic', async () => {
  const service = new AnalyzeService(loadKernels);
  const { id } = await openSample(service);
  const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.code);
  assert.equal(codeOf(await service.node(id, 'nobody')), 'view/unknown-node');
  assert.equal(codeOf(await service.weight(id, 'input')), 'view/unknown-constant');
  assert.equal(codeOf(await service.modelScene('99' as ModelId)), 'view/model-not-open');
  const text = new File(['hello, this is no model\n'], 'a.onnx');
  assert.equal(codeOf(await service.open([text])), 'onnx/not-onnx');
  await service.close(id);
  assert.equal(codeOf(await service.predict(id, TARGET)), 'view/model-not-open');
});

test('a mistake of ours comes back as a diagnostic', async (context) => {
  const said = context.mock.method(console, 'error', () => undefined);
  const service = new AnalyzeService(() => Promise.reject(new Error('no kernels today')));
  const { id } = await openSample(service);
  const result = await service.weight(id, 'onnx::Conv_193');
  assert.ok(!result.ok);
  assert.equal(result.error.code, 'internal/bug');
  assert.match(result.error.message, /no kernels today/);
  assert.equal(said.mock.callCount(), 1);
});

test('the catalogue of rules has a source for each rule', async () => {
  const rules = await new AnalyzeService(loadKernels).rules();
  assert.ok(rules.length > 10);
  for (const rule of rules) assert.ok(rule.docs.length > 0, rule.id);
  assert.deepEqual(structuredClone(rules), rules);
});

test('a node is explained with the smallest change, as data that can be cloned', async () => {
  const service = new AnalyzeService(loadKernels);
  const { id } = await openSample(service);
  const view = valueOf(await service.explain(id, TARGET, '/layer1/layer1.0/Add'));
  assert.deepEqual(structuredClone(view), view);
  assert.equal(view.explanation.opType, 'Add');
  assert.ok(view.explanation.events.length > 0);
  assert.ok(view.change !== null && view.change.edits.length > 0);
  const refused = await service.explain(id, TARGET, 'nowhere');
  assert.equal(refused.ok ? '' : refused.error.code, 'view/unknown-node');
});

test('findings name rules that the catalogue of findings explains', async () => {
  const service = new AnalyzeService(loadKernels);
  const { id } = await openSample(service);
  const rules = await service.findingRules();
  const findings = valueOf(await service.lint(id, TARGET));
  assert.equal(findings[0]?.ruleId, 'float-residual');
  for (const { ruleId } of findings)
    assert.ok(
      rules.some((rule) => rule.id === ruleId),
      ruleId,
    );
  for (const { docs, title } of rules) assert.ok(docs.length > 0 && title !== '');
  assert.deepEqual(structuredClone([rules, findings]), [rules, findings]);
});

test('advice is about the target that is asked for, not about the last one predicted', async () => {
  const service = new AnalyzeService(loadKernels);
  const { id } = await openSample(service);
  valueOf(await service.predict(id, TARGET));
  const typeOf = async (target: Target) =>
    valueOf(await service.why(id, target, '/avgpool/GlobalAveragePool')).takes;
  const [best, strong] = [await typeOf(TARGET), await typeOf({ ...TARGET, mode: 'strong' })];
  assert.deepEqual([best, strong], ['Half', 'Float']);
  assert.equal(await typeOf(TARGET), best);
});

test('the shortfall tells what the best engine lacks, most costly first', async () => {
  const service = new AnalyzeService(loadKernels);
  const { id } = await openSample(service);
  const view = valueOf(await service.predict(id, TARGET));
  const { differences, summary } = valueOf(await service.shortfall(id, TARGET));
  assert.ok(summary.layers < view.engine.summary.layers);
  const bytes = differences.map((difference) => difference.bytes);
  assert.ok(
    bytes.length > 5 && bytes.every((cost, i) => cost > 0 && cost <= (bytes[i - 1] ?? cost)),
  );
});

test('each layer has a confidence', async () => {
  const service = new AnalyzeService(loadKernels);
  const { id } = await openSample(service);
  const { engine } = valueOf(await service.predict(id, TARGET));
  const sure = valueOf(await service.confidence(id, TARGET));
  assert.equal(sure.length, engine.layers.length);
  const conv = engine.layers.findIndex(({ layerType }) => layerType === 'CaskConvolution');
  assert.ok(sure[conv]! > 0.9 && sure.every((share) => share > 0 && share <= 1), sure.join());
});

test('a search reports that it goes on', async () => {
  const service = new AnalyzeService(loadKernels);
  const { id } = await openSample(service);
  const steps: string[] = [];
  await service.explain(id, TARGET, '/layer1/layer1.0/Add', ({ step }) => steps.push(step));
  assert.match(steps[0] ?? '', /^Trying changes of the Q\/DQ for \d/);
});
