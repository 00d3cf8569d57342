import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { LabPage } from './lab-page.ts';

let lab: LabPage;
const downloads = mkdtempSync(join(tmpdir(), 'validate-downloads-'));

before(async () => {
  lab = await LabPage.open();
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

/** Several runs of ResNet-18 on a machine that is busy. */
const RUN_MS = 60_000;

/** What the first row of the table says. */
const firstRow = (): Promise<string> => lab.text('error-table .cells');

async function saved(name: string): Promise<string> {
  const path = join(downloads, name);
  for (let tries = 0; tries < 200; tries++) {
    if (existsSync(path) && statSync(path).size > 0) return readFileSync(path, 'utf8');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${name} was not saved`);
}

async function field(label: string, value: string): Promise<void> {
  const input = await lab.find(`validate-dialog input[aria-label="${label}"]`);
  await input.click({ count: 3 });
  await input.type(value);
  await lab.page.keyboard.press('Tab');
}

test('a run is cancelled at once, and the page goes on', async () => {
  await lab.page.keyboard.press('v');
  await lab.click('validation-panel #validate');
  await field('Samples', '1000');
  await lab.click('validate-dialog #start');
  await lab.reads('validate-dialog', /Running sample \d+ of 1000/);
  const start = performance.now();
  await lab.click('validate-dialog #cancel-validation');
  await lab.gone('validate-dialog #cancel-validation');
  assert.ok(performance.now() - start < 1000);
});

test('random data gives a verdict in words, layers and quantizers', async () => {
  await field('Samples', '1');
  await lab.click('validate-dialog #start');
  await lab.reads('validation-panel', /Against float: output/, RUN_MS);
  const verdict = await lab.text('validation-panel .verdict');
  assert.match(verdict, /^≈ Measured: nothing was promised or asked for/);
  assert.match(verdict, /1 batch of random data \(normal, 1 samples, seed 1\)/);
  await lab.gone('validate-dialog dialog[open]');
  assert.match(await lab.text('validation-panel [data-list=layers]'), /^Layers \d+/);
});

test('the table sorts, and a row is shown in the graphs and as pictures', async () => {
  const byOrder = await firstRow();
  await lab.click('error-table [data-column=sqnr]');
  await lab.reads('error-table [data-column=sqnr]', /▴/);
  const worst = await firstRow();
  assert.notEqual(worst, byOrder);
  await lab.click('error-table .row');
  await lab.find('tensor-detail pair-histogram svg');
  await lab.find('tensor-detail scatter-chart .points');
  const name = /\/\S+/.exec(worst)?.[0] ?? '';
  await lab.reads('inspector-view node-card', new RegExp(name.replace(/[.]/g, '\\.')));
});

test('what is fusion is told from what is Q/DQ, tensor by tensor, and in the reports', async () => {
  const said = await lab.text('validation-panel .verdict engine-statement');
  assert.match(said, /^In the predicted engine trt10\.6-sm90 best Output 191 /);
  const figure = async (id: string): Promise<number> => {
    const text = await lab.text(`validation-panel .verdict engine-statement [data-figure=${id}]`);
    return Number(/([\d.]+) [\d.]+ –$/.exec(text)?.[1]);
  };
  // Random data on scales that were calibrated on images: Q/DQ are far worse than fusion, and both come to nearly that.
  const [quantization, fusion, total] = [
    await figure('quantization'),
    await figure('fusion'),
    await figure('total'),
  ];
  assert.ok(fusion > quantization + 10, `${String(fusion)} and ${String(quantization)} dB`);
  assert.ok(Math.abs(total - quantization) < 1, `${String(total)} dB`);
  assert.match(said, /1 thing that is not followed or not proved .*decided by timing/);
  await lab.click('validation-panel .verdict engine-statement [data-point=Most]');
  const worst = await lab.text('validation-panel .detail engine-statement');
  assert.match(worst, /^This tensor .* Fusion \d/);
  await lab.click('error-table [data-column=fusion]');
  await lab.reads('error-table [data-column=fusion]', /▴/);
  await lab.click('validation-panel #paint');
  await lab.reads('validation-panel .legend', /the number on a box is its SQNR/);
  await lab.click('validation-panel #paint');
  await lab.gone('validation-panel .legend');
  await lab.click('validation-panel [data-list=layers]');
});

test('the graphs are coloured by error, and back', async () => {
  const boxes = async (): Promise<string> =>
    lab.page.evaluate(() => {
      const app = document.querySelector('qdq-lab')!.shadowRoot!;
      const pane = app.querySelector('graph-pair')!.shadowRoot!.querySelector('graph-pane')!;
      const view = pane.shadowRoot!.querySelector('graph-view')!;
      return view.shadowRoot!.querySelector<HTMLCanvasElement>('canvas.main')!.toDataURL();
    });
  const plain = await boxes();
  await lab.click('validation-panel #paint');
  await lab.reads('validation-panel .legend', /40 to 60 dB/);
  assert.match(await lab.text('graph-pane .legend'), /^= 60\+ 40\+ 30\+ 20\+ <20$/);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.notEqual(await boxes(), plain);
  await lab.click('validation-panel #paint');
  await lab.gone('validation-panel .legend');
});

test('reports are saved', async () => {
  await lab.click('validation-panel [data-export=json]');
  const report = JSON.parse(await saved('resnet18.convs.validation.json')) as {
    readonly float: { readonly layers: readonly unknown[] };
    readonly engine: { readonly tensors: readonly unknown[]; readonly worst: readonly string[] };
  };
  assert.ok(report.float.layers.length > 10);
  assert.ok(report.engine.tensors.length > 10 && report.engine.worst.length > 10);
  await lab.click('validation-panel [data-export=html]');
  const page = await saved('resnet18.convs.validation.html');
  assert.match(page, /^<!doctype html>/i);
  assert.match(page, /In the arithmetic of the engine predicted for trt10\.6-sm90 best, fusion /);
});

test('a better scale is taken as a step; the report then says that it is about the model before', async () => {
  await lab.click('validation-panel [data-list=quantizers]');
  await lab.click('error-table [data-column=gain]');
  await lab.click('error-table .row');
  await lab.click('tensor-detail #use-scale');
  await lab.reads('top-bar .file', /· 1 step$/);
  await lab.reads('validation-panel .verdict', /The model was changed since/);
  // The engine can be left out once it is predicted again.
  await lab.settled();
  await lab.click('validation-panel #validate');
  await field('Samples', '1');
  await lab.click('validate-dialog [data-compare=engine]');
  await lab.click('validate-dialog #start');
  const verdict = await lab.reads('validation-panel .verdict', /Before and now: output/, RUN_MS);
  assert.match(verdict, /nothing promises what the numbers are/);
  await lab.reads('validation-panel [data-list=tensors]', /^Tensors \d+/);
  await lab.click('validation-panel [data-list=engine]');
  await lab.reads(
    'validation-panel .lists',
    /The engine was not followed in this run\. Validate again with “the predicted engine” chosen/,
  );
});
