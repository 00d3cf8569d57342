import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { modelWithExternalWeight } from '../support/external-weight.ts';
import { LabPage } from './lab-page.ts';

const { model, weights, name } = modelWithExternalWeight('weights.bin');

let lab: LabPage;
before(async () => {
  lab = await LabPage.open();
});
after(() => lab.close());

const selectWeight = (): Promise<void> =>
  lab.page.evaluate((value) => {
    location.hash = `target=trt10.6-sm90&mode=best&value=${encodeURIComponent(value)}`;
  }, name);

test('without its weights the model is shown and predicted, with a warning that names the file', async () => {
  await lab.openFiles([lab.tempFile('alone.onnx', model)], /^alone\.onnx/);
  const card = await lab.text('inspector-view model-card');
  assert.match(card, /weights\.bin/);
  assert.match(card, /onnx\/missing-external-data/);
  assert.ok((await lab.figures()).layers > 0);
  await selectWeight();
  await lab.reads('inspector-view weight-card problem-card', /weights\.bin/);
  await lab.picture('external-data-missing');
});

test('given both files at once, the weight has its numbers', async () => {
  const files = [lab.tempFile('weights.bin', weights), lab.tempFile('both.onnx', model)];
  await lab.openFiles(files, /^both\.onnx/);
  assert.doesNotMatch(await lab.text('inspector-view'), /missing-external-data/);
  await selectWeight();
  await lab.reads('inspector-view weight-card', /SQNR/);
  assert.deepEqual(lab.opened.errors, []);
});
