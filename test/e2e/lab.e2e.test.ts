import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ElementHandle, KeyInput } from 'puppeteer-core';
import { LabPage } from './lab-page.ts';
import type { Figures } from './lab-page.ts';

let lab: LabPage;
let opened: Figures;
const downloads = mkdtempSync(join(tmpdir(), 'lab-downloads-'));

before(async () => {
  lab = await LabPage.open();
  opened = await lab.figures();
  const session = await lab.page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', {
    behavior: 'allow',
    downloadPath: downloads,
  });
});
after(async () => {
  await lab.close();
  rmSync(downloads, { recursive: true });
});

const held = async (key: KeyInput, ...modifiers: KeyInput[]): Promise<void> => {
  for (const modifier of modifiers) await lab.page.keyboard.down(modifier);
  await lab.page.keyboard.press(key);
  for (const modifier of modifiers) await lab.page.keyboard.up(modifier);
};
const select = (node: string): Promise<void> =>
  lab.page.evaluate((name) => {
    location.hash = `target=trt10.6-sm90&mode=best&node=${name}`;
  }, node);
/** Waits until so many steps are made, and the prediction is that of the model that they led to. */
const stepsMade = async (count: number): Promise<Figures> => {
  await (count === 0
    ? lab.reads('top-bar .file', /opset \d+$/)
    : lab.reads('top-bar .file', new RegExp(`· ${String(count)} steps?$`)));
  await lab.gone('job-card .name');
  return lab.figures();
};
/** The file that the browser has saved under a name, once it is whole. */
async function saved(name: string): Promise<string> {
  const path = join(downloads, name);
  for (let tries = 0; tries < 300; tries++) {
    if (existsSync(path) && statSync(path).size > 0) return path;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${name} was not saved`);
}

test('6 opens the laboratory: each pass says what it would do, and where it declines', async () => {
  await lab.page.keyboard.press('6');
  const pass = 'pass-list [data-pass=quantize-residual-shortcut]';
  assert.match(await lab.reads(pass, /Apply/), /Quantize the shortcut .* 8 .*approximate/);
  await lab.click(`${pass} button.title`);
  const text = await lab.text(pass);
  assert.match(text, /\/layer1\/layer1\.0\/Add/);
  assert.match(text, /Explicit quantization/);
  await lab.click(`${pass} li.site button.link`);
  await lab.reads('inspector-view node-card', /Add|Conv/);
});

test('one place of a pass is applied, then the usual ones but for a place that is switched off', async () => {
  const pass = 'pass-list [data-pass=quantize-residual-shortcut]';
  await lab.click(`${pass} li.site button.small`);
  const one = await stepsMade(1);
  assert.ok(one.qdq < opened.qdq || one.layers < opened.layers, JSON.stringify(one));
  await lab.reads(`${pass} span.count`, /^7/);
  await lab.click(`${pass} li.site input`);
  await lab.click('pass-list #apply-usual');
  const most = await stepsMade(2);
  assert.ok(most.qdq < one.qdq);
  await lab.reads(`${pass} span.count`, /^1/);
});

test('undo, redo and going back to a step lead to the same engines again', async () => {
  const two = await lab.figures();
  await held('z', 'Control');
  const one = await stepsMade(1);
  assert.notDeepEqual(one, two);
  await held('z', 'Control');
  assert.deepEqual(await stepsMade(0), opened);
  await held('z', 'Control', 'Shift');
  assert.deepEqual(await stepsMade(1), one);
  await lab.page.keyboard.press('Z');
  assert.deepEqual(await stepsMade(2), two);
  await lab.click('step-list li:first-child button');
  assert.deepEqual(await stepsMade(0), opened);
  assert.match(await lab.text('step-list'), /taken back/);
});

test('an optimization is cancelled at once, and everything is as before it', async () => {
  await lab.click('optimize-section #start');
  const button = await lab.find('job-card button');
  const start = Date.now();
  await button.evaluate((element) => {
    (element as HTMLElement).click();
  });
  await lab.gone('job-card .name');
  assert.ok(Date.now() - start < 1000);
  assert.deepEqual(await stepsMade(0), opened);
  // The worker is another one now: it opens the model again and makes the steps again that a redo asks for.
  await lab.page.keyboard.press('Z');
  await stepsMade(1);
  await lab.page.keyboard.press('z');
  assert.deepEqual(await stepsMade(0), opened);
});

test('an optimization tells each change with its reason, and is accepted as one step', async () => {
  const menu = await lab.find('optimize-section select');
  await (menu as ElementHandle<HTMLSelectElement>).select('200');
  await lab.click('optimize-section #start');
  await lab.find('optimize-section #accept');
  const report = await lab.text('optimize-section');
  assert.match(report, /Layers 33 \d\d −\d/);
  assert.match(report, /\d+ changes ?\. \d+ engines predicted/);
  assert.match(await lab.text('optimize-section .report li:first-child'), /approximate .+\. .+\./);
  await lab.click('optimize-section #accept');
  const better = await stepsMade(1);
  assert.ok(better.layers < opened.layers && better.qdq <= 2, JSON.stringify(better));
  assert.match(await lab.reads('summary-strip dl', /layers \d+ − ?\d/), /left \d − ?\d/);
  assert.match(await lab.reads('engine-change', /differences/), /Layers 33 \d\d −/);
});

test('the engines before and after stand side by side, and what differs is marked', async () => {
  await lab.page.keyboard.press('b');
  await lab.reads('graph-pane.before header', /Engine before .*Δ/);
  assert.match(await lab.text('graph-pane[slot=second] header'), /Engine after .*Δ/);
  const counts = async (pane: string) =>
    (await lab.find(`${pane} graph-view`)).evaluate((element) => {
      const view = element as unknown as { scene: { boxes: object[] }; differing: Set<string> };
      return { boxes: view.scene.boxes.length, differs: view.differing.size };
    });
  const before = await counts('graph-pane.before');
  const after = await counts('graph-pane[slot=second]');
  assert.ok(before.boxes > after.boxes && before.differs > 0 && after.differs > 0);
  await lab.click('engine-change summary');
  await lab.click('engine-change ol button');
  await lab.find('inspector-view node-card');
  await lab.picture('side-by-side');
  await lab.page.keyboard.press('b');
  await lab.reads('graph-pane[slot=first] header', /^Model after 1 step/);
});

test('the rewritten model is exported, and opened again it is predicted the same', async () => {
  const better = await lab.figures();
  await lab.click('lab-view #export');
  await lab.reads('qdq-lab .notice', /Saved resnet18\.convs\.qdq\.onnx/);
  const path = await saved('resnet18.convs.qdq.onnx');
  await lab.click('lab-view #export-placement');
  const yaml = readFileSync(await saved('resnet18.convs.placement.yaml'));
  await lab.openFiles([path], /^resnet18\.convs\.qdq\.onnx/);
  assert.deepEqual(await lab.figures(), better);
  assert.match(await lab.text('top-bar .file'), /opset \d+$/);

  await lab.page.evaluate(() => {
    location.hash = '';
  });
  const menu = await lab.find('top-bar .samples');
  await (menu as ElementHandle<HTMLSelectElement>).select('resnet18.convs');
  await lab.reads('top-bar .file', /^resnet18\.convs\.onnx/);
  assert.deepEqual(await lab.figures(), opened);
  await lab.drop('resnet18.convs.placement.yaml', yaml);
  assert.deepEqual(await stepsMade(1), better);
  await lab.page.keyboard.press('z');
  assert.deepEqual(await stepsMade(0), opened);
});

test('a pair is added and removed by keys, and the prediction follows', async () => {
  const quantizers = async (): Promise<number> => {
    await lab.page.keyboard.press('Escape');
    const [, count] = /of them (\d+) Q/.exec(await lab.reads('model-card', /of them/)) ?? [];
    return Number(count);
  };
  const before = await quantizers();
  await select('/layer1/layer1.0/Add');
  await lab.reads('node-card edit-section', /Add Q\/DQ on input 2 only/);
  await lab.page.keyboard.press('a');
  await stepsMade(1);
  assert.equal(await quantizers(), before + 1);
  assert.match(await lab.reads('lab-view .pending', /waits/), /1 scale waits for calibration/);
  await select('/layer1/layer1.0/Add');
  await lab.reads('node-card edit-section', /Remove Q\/DQ/);
  await lab.page.keyboard.press('d');
  await stepsMade(2);
  assert.equal(await quantizers(), before);
  await lab.click('step-list li:first-child button');
  assert.deepEqual(await stepsMade(0), opened);
});

test('a finding is cured by the pass that its card offers, a node by its smallest change', async () => {
  await lab.page.keyboard.press('Escape');
  await lab.page.keyboard.press('n');
  assert.match(
    await lab.reads('inspector-view finding-card #fix', /Apply/),
    /Add Q\/DQ on the input .* Quantize \/maxpool\/MaxPool_output_0/,
  );
  await lab.click('finding-card .remedy button');
  const one = await stepsMade(1);
  assert.ok(one.qdq + one.layers < opened.qdq + opened.layers, JSON.stringify(one));
  await select('/layer2/layer2.0/Add');
  await lab.reads('node-card why-section #reason', /layer2/);
  await lab.click('node-card change-section button');
  await lab.reads('node-card change-section', /Apply this change/);
  await lab.click('node-card change-section button.apply');
  const two = await stepsMade(2);
  assert.ok(two.qdq + two.layers < one.qdq + one.layers, JSON.stringify([one, two]));
});

test('scales that wait are calibrated, and the step can be taken back', async () => {
  await lab.click('lab-view .pending #calibrate');
  await lab.reads('calibrate-dialog dialog', /Drop images here/);
  const samples = await lab.find('calibrate-dialog input[type=number]');
  await samples.evaluate((input) => {
    (input as HTMLInputElement).value = '1';
    input.dispatchEvent(new Event('change'));
  });
  await lab.click('calibrate-dialog #start');
  await stepsMade(3);
  await lab.gone('calibrate-dialog dialog[open]');
  await lab.gone('lab-view .pending');
  await lab.page.keyboard.press('z');
  await stepsMade(2);
  await lab.find('lab-view .pending');
});

test('a float model is quantized from images, in two steps that can be taken back', async () => {
  const float = fileURLToPath(new URL('../models/exported/float.onnx.gz', import.meta.url));
  await lab.openFiles([float], /^float\.onnx/);
  await lab.click('lab-view #quantize #calibrate');
  const png = await lab.page.evaluate(() => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    for (let i = 0; i < 40 && context; i++) {
      context.fillStyle = `hsl(${String(i * 37)} 80% 50%)`;
      context.fillRect((i * 53) % 300, (i * 31) % 150, 60, 40);
    }
    return canvas.toDataURL('image/png').split(',')[1] ?? '';
  });
  await lab.drop('image.png', Buffer.from(png, 'base64'));
  await lab.reads('calibrate-dialog label.drop', /1 file/);
  await lab.picture('calibrate');
  await lab.click('calibrate-dialog #start');
  await stepsMade(2);
  assert.match(await lab.text('step-list'), /Place Q\/DQ .* Calibrate \d+ scales/);
  await lab.gone('lab-view .pending');
  await lab.page.keyboard.press('z');
  await stepsMade(1);
  await lab.find('lab-view .pending');
  assert.deepEqual(lab.opened.errors, []);
});
