import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import onnxProto from 'onnx-proto';
import { generateChain } from '../support/generate-model.ts';
import { LabPage } from './lab-page.ts';

const { ModelProto, TensorProto } = onnxProto.onnx;

/** A model whose first weight lies in `weights.bin`, and that file. */
function modelWithExternalWeight(): { model: Uint8Array; weights: Uint8Array; name: string } {
  const model = ModelProto.decode(generateChain(40));
  const weight = model.graph?.initializer?.find(({ rawData }) => (rawData?.length ?? 0) > 500);
  assert.ok(weight?.rawData);
  const weights = weight.rawData;
  const { name } = weight;
  weight.rawData = new Uint8Array(0);
  weight.dataLocation = TensorProto.DataLocation.EXTERNAL;
  weight.externalData = [
    { key: 'location', value: 'weights.bin' },
    { key: 'offset', value: '0' },
    { key: 'length', value: String(weights.length) },
  ];
  return { model: ModelProto.encode(model).finish(), weights, name: name ?? '' };
}

const { model, weights, name } = modelWithExternalWeight();

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
