import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { generateChain } from '../support/generate-model.ts';
import { LabPage, samplePath } from './lab-page.ts';

const model = gunzipSync(readFileSync(samplePath('concat_unequal')));

let lab: LabPage;
before(async () => {
  lab = await LabPage.open();
});
after(() => lab.close());

test('a text file is refused in words, and the model on show stays', async () => {
  const figures = await lab.figures();
  await lab.drop('notes.txt', Buffer.from('shopping list: milk, a faster network\n'));
  const card = await lab.text('main problem-card');
  assert.match(card, /notes\.txt/);
  assert.match(card, /onnx\/not-onnx/);
  assert.match(card, /resnet18\.convs\.onnx stays open/);
  await lab.picture('error-card');
  assert.deepEqual(await lab.figures(), figures);
});

test('a truncated model says where it breaks off and what to do', async () => {
  await lab.drop('cut.onnx', model.subarray(0, Math.floor(model.length / 2)));
  const card = await lab.reads('main problem-card', /cut\.onnx/);
  assert.match(card, /onnx\/truncated/);
  assert.match(card, /At byte\s+\d+/);
  assert.match(card, /again/);
});

test('the card closes, and the next good model opens', async () => {
  await lab.click('main problem-card button');
  await lab.drop('concat.onnx', model);
  await lab.reads('top-bar .file', /^concat\.onnx/);
  await lab.settled();
  assert.equal(await lab.page.$('>>> main >>> problem-card'), null);
});

test('an opening can be cancelled; the model on show still answers', async () => {
  await lab.upload([lab.tempFile('long.onnx', generateChain(30_000))]);
  await lab.click('open-progress button');
  await lab.gone('open-progress');
  assert.match(await lab.text('top-bar .file'), /^concat\.onnx/);
  await lab.click('outline-view [role=option]');
  await lab.reads('inspector-view', /Attributes|Inputs/);
  assert.equal(await lab.page.$('>>> main >>> problem-card'), null);
});

test('a damaged packed file is refused as damaged', async () => {
  await lab.drop('damaged.onnx.gz', readFileSync(samplePath('concat_unequal')).subarray(0, 900));
  assert.match(await lab.reads('main problem-card', /gzip/), /onnx\/corrupt/);
});

test('none of this broke the policy or threw', () => {
  assert.deepEqual(lab.opened.errors, []);
  assert.deepEqual(lab.opened.elsewhere, []);
});
