import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printOnnxText } from '../../../src/core/onnx/index.ts';
import { applySteps } from '../../../src/core/optimize/apply-steps.ts';
import { optimize } from '../../../src/core/optimize/optimize.ts';
import type { OptimizeOptions } from '../../../src/core/optimize/optimize-options.ts';
import { predictPriced } from '../../../src/core/optimize/priced-simulation.ts';
import { quantizerNames } from '../../../src/core/ir/quantizer-nodes.ts';
import { CONCAT, FAN_OUT, RESIDUAL, TARGET, modelOf, valueOf } from '../explain/text-models.ts';

const OPTIONS: OptimizeOptions = { target: TARGET, budget: 400, search: true, seed: 1 };

for (const [name, text] of Object.entries({ RESIDUAL, FAN_OUT }))
  test(`${name}: the engine gets better, and the steps lead to the same model`, async () => {
    const model = modelOf(text);
    const printed = printOnnxText(model);
    const { summary, after } = valueOf(await optimize(model, OPTIONS));
    assert.equal(printOnnxText(model), printed, 'the model given is left alone');
    assert.ok(summary.after.price.timeUs < summary.before.price.timeUs);
    assert.ok(summary.after.survivingQdq < summary.before.survivingQdq);
    assert.ok(summary.changes.length > 0);
    const again = valueOf(await applySteps(model, summary.steps, { target: TARGET }));
    assert.equal(printOnnxText(again.model), printOnnxText(after.model));
    const anew = predictPriced(modelOf(printOnnxText(after.model)), TARGET);
    assert.deepEqual(
      anew.price,
      summary.after.price,
      'the saved model has the engine that was promised',
    );
  });

test('what is optimized once is left alone the second time', async () => {
  const once = valueOf(await optimize(modelOf(RESIDUAL), OPTIONS));
  const twice = valueOf(await optimize(once.after.model, OPTIONS));
  assert.deepEqual(twice.summary.changes, []);
  assert.deepEqual(twice.summary.steps, []);
  assert.equal(printOnnxText(twice.after.model), printOnnxText(once.after.model));
});

test('the same seed gives the same result, whatever the clock does', async () => {
  const [a, b] = await Promise.all([
    optimize(modelOf(CONCAT), OPTIONS),
    optimize(modelOf(CONCAT), OPTIONS),
  ]);
  assert.deepEqual(valueOf(a).summary, valueOf(b).summary);
});

test('without a search and without passes nothing changes', async () => {
  const model = modelOf(RESIDUAL);
  const { summary } = valueOf(await optimize(model, { ...OPTIONS, passes: [], search: false }));
  assert.deepEqual(summary.changes, []);
  assert.deepEqual(summary.before, summary.after);
});

test('the budget bounds the engines that are predicted, and is told when it ends the search', async () => {
  const budget = 12;
  const { summary } = valueOf(
    await optimize(modelOf(RESIDUAL), { ...OPTIONS, passes: [], budget }),
  );
  assert.ok(summary.simulations <= budget + 2, String(summary.simulations));
  assert.equal(summary.budgetSpent, true);
});

test('nothing excluded is quantized', async () => {
  const model = modelOf(RESIDUAL);
  const before = quantizerNames(model.graph).size;
  const settings = { exclude: ['*'] };
  const { after } = valueOf(await optimize(model, { ...OPTIONS, settings }));
  assert.ok(quantizerNames(after.model.graph).size <= before);
});

test('an abort ends the work with a diagnostic', async () => {
  const controller = new AbortController();
  const options = {
    ...OPTIONS,
    signal: controller.signal,
    onProgress: () => {
      controller.abort();
    },
  };
  const result = await optimize(modelOf(RESIDUAL), options);
  assert.equal(result.ok ? '' : result.error.code, 'base/cancelled');
});

test('an unknown pass is refused by its name', async () => {
  const result = await optimize(modelOf(RESIDUAL), { ...OPTIONS, passes: ['make-coffee'] });
  assert.match(result.ok ? '' : result.error.message, /there is no pass make-coffee/);
});

test('a scale that only another value had is left to calibration', async () => {
  const { summary, after } = valueOf(await optimize(modelOf(RESIDUAL), { ...OPTIONS, passes: [] }));
  for (const step of summary.steps) {
    assert.equal(step.kind, 'edits');
    for (const edit of step.edits)
      if (edit.kind === 'add-pair' && edit.scale.kind === 'same-as') {
        const quantize = after.model.graph.node(edit.scale.quantizer);
        assert.equal(quantize?.inputs[0]?.name, edit.value);
      }
  }
});
