import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LabPage, samplePath } from './lab-page.ts';

let lab: LabPage;
before(async () => {
  lab = await LabPage.open();
});
after(() => lab.close());

test('the page greets with a model, its engine in numbers, and what to look at first', async () => {
  assert.match(await lab.text('top-bar .file'), /^resnet18\.convs\.onnx\s+46\.8 MB/);
  const { layers, int8, qdq } = await lab.figures();
  assert.ok(layers >= 30 && layers <= 37, `${String(layers)} layers`);
  assert.ok(int8 >= 80 && int8 < 100, `${String(int8)} % INT8`);
  assert.equal(qdq, 9);
  assert.match(
    await lab.text('summary-strip #first-finding'),
    /^An INT8 convolution adds a shortcut in float, at 8 places/,
  );
  await lab.picture('greeting-light');
});

test('the first finding selects its layers, with links to each', async () => {
  await lab.click('summary-strip #first-finding');
  const card = 'inspector-view finding-card';
  assert.match(await lab.text(card), /8 places ?, most costly first .* 8 layers of the engine/);
  await lab.click(`${card} #places button`);
  await lab.reads(card, /Add Q\/DQ on the input \/maxpool\/MaxPool_output_0 of/);
  for (const slot of ['first', 'second']) {
    const view = await lab.find(`graph-pane[slot=${slot}] graph-view`);
    const marked = await view.evaluate((graph) => [
      ...(graph as unknown as { highlight: Set<string> }).highlight,
    ]);
    assert.ok(marked.includes('/layer1/layer1.0/Add'), `${slot}: ${marked.join()}`);
  }
  await lab.click(`${card} li button`);
  await lab.reads('inspector-view node-card', /Findings ▲ Costs time/);
});

test('what TensorRT refuses is the first thing said, and goes with its cause', async () => {
  await lab.choose('Mode', 'fp16');
  await lab.reads('summary-strip .first', /^TensorRT refuses this model: ✕ Refused/);
  await lab.reads('graph-pane[slot=second]', /This is the engine that it would build otherwise/);
  await lab.picture('refused');
  await lab.choose('Mode', 'best');
  await lab.reads('summary-strip .first', /^Look first at ▲ Costs time/);
});

test('a packed model opens through the picker and shows the same engine as its sample', async () => {
  const greeting = await lab.figures();
  await lab.openFiles([samplePath('resnet18.short')], /resnet18\.short/);
  const short = await lab.figures();
  await lab.openFiles([samplePath('resnet18.convs')], /resnet18\.convs/);
  assert.deepEqual(await lab.figures(), greeting);
  assert.ok(short.qdq < greeting.qdq, 'Q/DQ on the shortcuts fuse');
});

test('a layer tells what it runs, what goes in and out, and which rules made it so', async () => {
  await lab.click('summary-strip .drawer');
  await lab.click('drawer-view #tab-layers');
  const search = 'layer-table #layers-row-5';
  await lab.click(search);
  const card = await lab.text('inspector-view layer-card');
  for (const part of ['Precision', 'Inputs', 'Outputs', 'ONNX nodes', 'How it came about'])
    assert.ok(card.includes(part), `the card says "${part}"`);
  assert.match(card, /Int8 1×64×56×56/);
  await lab.click('layer-card #fired summary');
  const doc = await lab.find('layer-card #fired details[open] a');
  const address = await doc.evaluate((link) => (link as HTMLAnchorElement).href);
  assert.match(address, /^https:\/\//);
  await lab.picture('layer-selected');
});

test('an ONNX node of the layer selects itself, and its weight shows its numbers', async () => {
  await lab.page.evaluate(() => {
    location.hash = 'target=trt10.6-sm90&mode=best&node=/conv1/Conv';
  });
  await lab.reads('inspector-view node-card', /Attributes/);
  const card = await lab.text('inspector-view node-card');
  assert.match(card, /Conv/);
  assert.match(card, /kernel_shape/);
  await lab.page.evaluate(() => {
    location.hash = 'target=trt10.6-sm90&mode=best&value=onnx::Conv_193';
  });
  await lab.reads('inspector-view weight-card', /SQNR/);
  assert.match(await lab.text('weight-card #sqnr'), /^\d+\.\d dB$/);
  assert.ok(Number(await lab.text('weight-card #minimum')) < 0);
  await lab.find('weight-card histogram-chart rect');
});

test('the prediction follows target and mode, and the address holds them', async () => {
  const best = await lab.figures();
  const legend = 'graph-pane[slot=second]';
  assert.match(await lab.text(legend), /trt10\.6-sm90 best I8 F16/);
  await lab.choose('Mode', 'int8');
  assert.match(await lab.reads(legend, /sm90 int8/), /I8 F32/);
  assert.match(await lab.page.evaluate(() => location.hash), /target=trt10\.6-sm90&mode=int8/);
  await lab.choose('TensorRT', '11.2');
  const modes = await (
    await lab.find('top-bar select[aria-label="Mode"]')
  ).evaluate((menu) => [...(menu as HTMLSelectElement).options].map(({ value }) => value));
  assert.deepEqual(modes, ['strong']);
  await lab.choose('TensorRT', '10.6');
  await lab.choose('Mode', 'best');
  assert.deepEqual(await lab.figures(), best);
});

test('the trace filters by pass, outcome and text', async () => {
  await lab.click('drawer-view #tab-trace');
  const count = async () => Number.parseInt(await lab.text('trace-table .tools .number'), 10);
  const all = await count();
  await (await lab.find('trace-table select[aria-label="Outcome"]')).select('refused');
  await lab.reads('trace-table .tools .number', new RegExp(`^(?!${String(all)} )`));
  const refused = await count();
  assert.ok(refused > 0 && refused < all, `${String(refused)} of ${String(all)} refused`);
  await lab.picture('trace');
});

test('nothing was asked of anybody else, and no policy was broken', () => {
  const own = new URL(lab.opened.server.url).origin;
  const foreign = lab.opened.requests.filter((address) => !/^(blob|data):/.test(address));
  assert.deepEqual(
    foreign.filter((address) => new URL(address).origin !== own),
    [],
  );
  assert.deepEqual(lab.opened.elsewhere, []);
  assert.deepEqual(lab.opened.errors, []);
});
