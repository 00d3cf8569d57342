import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { LabPage } from './lab-page.ts';

const packed = (name: string): Buffer =>
  readFileSync(new URL(`../engines/${name}.gz`, import.meta.url));
const LAYERS = 'resnet18.convs.best.layer.json';
const OTHER = 'resnet18.opt.best.layer.json';

/** A profile made of the names of an engine's layers: the first is the slowest. */
function profileOf(layerFile: string): Buffer {
  const text = String(gunzipSync(packed(layerFile)));
  const { Layers: layers } = JSON.parse(text) as { Layers: { Name: string }[] };
  const records = layers.map(({ Name }, i) => {
    const averageMs = (layers.length - i) / 1000;
    return { name: Name, timeMs: averageMs * 10, averageMs, medianMs: averageMs, percentage: 1 };
  });
  return Buffer.from(JSON.stringify([{ count: 10 }, ...records]));
}

let lab: LabPage;
before(async () => {
  lab = await LabPage.open();
});
after(() => lab.close());

const temp = (name: string, bytes: Uint8Array): string => lab.tempFile(name, bytes);

test('an engine of something else takes the place of the sample that greets', async () => {
  await lab.drop('bert_mini.opt.best.layer.json.gz', packed('bert_mini.opt.best.layer.json'));
  await lab.reads('graph-pane.built header', /Built engine/);
  await lab.reads('engine-panel', /bert_mini\.opt\.best .*TensorRT|bert_mini\.opt\.best .*layers/);
  assert.match(await lab.text('top-bar .file'), /^bert_mini\.opt\.best/);
  assert.match(await lab.text('engine-summary'), /--exportProfile/);
  assert.match(await lab.text('outline-view .counts'), /layers/);
});

test('a model and the engine that was built from it stand side by side, and part where rings are', async () => {
  await lab.upload([
    temp('resnet18.convs.onnx.gz', packed('resnet18.convs.onnx')),
    temp(`${LAYERS}.gz`, packed(LAYERS)),
    temp('resnet18.convs.best.profile.json', profileOf(LAYERS)),
  ]);
  await lab.reads('top-bar .file', /^resnet18\.convs\.onnx/);
  await lab.settled();
  await lab.find('graph-pane.built');
  const pressed = await lab.find('engine-tools [data-side=both][aria-pressed=true]');
  assert.ok(pressed);
  await lab.click('engine-panel [data-section=prediction]');
  assert.match(
    await lab.reads('engine-prediction', /layers as predicted/),
    /layers as predicted \d+ %/,
  );
});

test('times colour the boxes, and a layer of the table is shown with its kernel', async () => {
  await lab.page.keyboard.press('h');
  await lab.find('engine-tools .group button:nth-child(2)[aria-pressed=true]');
  await lab.click('engine-panel [data-section=layers]');
  await lab.click('engine-tables [data-column=time]');
  await lab.click('engine-tables [role=option]');
  const card = await lab.reads('inspector-view built-card', /of all layers/);
  assert.match(card, /Tactic/);
  assert.match(card, /ONNX nodes/);
});

test('a second engine is compared with the first, group by group', async () => {
  await lab.drop(`${OTHER}.gz`, packed(OTHER));
  await lab.reads('engine-panel .engines', /resnet18\.opt\.best/);
  await lab.click('engine-panel [data-section=compare]');
  assert.match(await lab.reads('engine-compare', /groups/), /resnet18\.convs\.best/);
  await lab.click('engine-compare tbody button[aria-pressed=false]');
  await lab.find('graph-pane.beside');
});

test('what is no engine is refused in words, and the engines stay', async () => {
  await lab.drop('shopping.json', Buffer.from('{"milk": 2}'));
  assert.match(await lab.reads('main problem-card', /shopping\.json/), /engine\//);
  await lab.click('main problem-card button');
  assert.match(await lab.text('engine-panel .engines'), /resnet18\.opt\.best/);
});

test('nothing was sent anywhere, and nothing threw', () => {
  assert.deepEqual(lab.opened.errors, []);
  assert.deepEqual(lab.opened.elsewhere, []);
});
