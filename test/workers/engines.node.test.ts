import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { EngineFileFormat } from '../../src/api/engine-api.ts';
import type { EngineReport } from '../../src/core/engine-report/report/engine-report.ts';
import { loadKernels } from '../../wasm/load-kernels.ts';
import { LabService } from '../../workers/lab-service.ts';

const packed = (name: string): Buffer =>
  gunzipSync(readFileSync(new URL(`../engines/${name}.gz`, import.meta.url)));
const fileOf = (name: string): File => new File([new Uint8Array(packed(name))], name);
const textFile = (name: string, value: unknown): File => new File([JSON.stringify(value)], name);
const NET = 'resnet18.convs';

/** A profile of the engine, made of the names of its layers: the first is the slowest. */
function profileOf(name: string): File {
  const { Layers: layers } = JSON.parse(String(packed(name))) as { Layers: { Name: string }[] };
  const records = layers.map(({ Name }, i) => {
    const averageMs = (layers.length - i) / 1000;
    return { name: Name, timeMs: averageMs * 10, averageMs, medianMs: averageMs, percentage: 1 };
  });
  return textFile(name.replace('.layer.', '.profile.'), [{ count: 10 }, ...records]);
}

const service = () => new LabService(loadKernels);

test('an engine is read, drawn and analysed, with the times of its profile', async () => {
  const layers = `${NET}.best.layer.json`;
  const read = await service().readEngines([fileOf(layers), profileOf(layers)]);
  assert.ok(read.ok);
  const [view, ...others] = read.value;
  assert.ok(view);
  assert.equal(others.length, 0);
  const { engine, scene, analysis } = view;
  assert.ok(engine.layers.length > 20);
  const ids = new Set(scene.boxes.map(({ id }) => id));
  for (const { index } of engine.layers) assert.ok(ids.has(String(index)));
  assert.equal(analysis.layers[0]?.timeUs, engine.layers.length);
  structuredClone(view);
});

test('several engines come out of one drop, and are compared', async () => {
  const lab = service();
  const read = await lab.readEngines([
    fileOf(`${NET}.best.layer.json`),
    fileOf('resnet18.opt.best.layer.json'),
  ]);
  assert.ok(read.ok);
  assert.equal(read.value.length, 2);
  const compared = await lab.compareEngines(read.value.map(({ engine }) => engine));
  assert.ok(compared.ok);
  assert.equal(compared.value.engines.length, 2);
  assert.ok(compared.value.groups.some(({ alignedBy }) => alignedBy === 'nodes'));
});

test('what is no engine is refused in words', async () => {
  const read = await service().readEngines([textFile('shopping.json', { milk: 2 })]);
  assert.ok(!read.ok);
  assert.match(read.error.message, /shopping\.json/);
  assert.notEqual(read.error.code, 'base/internal-bug');
});

test('the prediction of the open model is held against the engine', async () => {
  const lab = service();
  const opened = await lab.open([fileOf(`${NET}.onnx`)]);
  assert.ok(opened.ok);
  const read = await lab.readEngines([fileOf(`${NET}.best.layer.json`)]);
  assert.ok(read.ok);
  const target = { trt: '10.6', sm: 90, mode: 'best' } as const;
  const checked = await lab.checkPrediction(opened.value.id, target, read.value[0]!.engine);
  assert.ok(checked.ok);
  assert.ok(checked.value.figures.layers > 0.9);
  structuredClone(checked.value);
  const zip = await lab.bugReport(opened.value.id, target, read.value[0]!.engine, true);
  assert.ok(zip.ok);
  const bytes = new Uint8Array(await zip.value.arrayBuffer());
  assert.deepEqual([...bytes.slice(0, 2)], [0x50, 0x4b]);
});

test('the passes of a log stay with the engine, to tell which rule erred', async () => {
  const layers = fileOf('built/gernet_s.opt.best.layer.json');
  const passesOf = async (...files: File[]): Promise<number | undefined> => {
    const read = await service().readEngines(files);
    assert.ok(read.ok);
    return structuredClone(read.value[0]?.engine)?.passes?.length;
  };
  assert.ok(((await passesOf(layers, fileOf('built/gernet_s.opt.best.build.log'))) ?? 0) > 100);
  assert.equal(await passesOf(layers), undefined);
});

test('files about engines are written in every format', async () => {
  const lab = service();
  const read = await lab.readEngines([
    fileOf(`${NET}.best.layer.json`),
    fileOf('resnet18.opt.best.layer.json'),
  ]);
  assert.ok(read.ok);
  const built = read.value.map(({ engine }) => engine);
  const written = async (format: EngineFileFormat, some = built): Promise<Blob> => {
    const file = await lab.reportEngines(some, format);
    assert.ok(file.ok);
    return file.value;
  };
  const page = await written('html');
  assert.equal(page.type, 'text/html');
  assert.match(await page.text(), /^<!doctype html>[^]*resnet18\.opt\.best/i);
  assert.match(await (await written('svg')).text(), /^<svg /);
  const json = JSON.parse(await (await written('json')).text()) as EngineReport;
  assert.equal(json.engines.length, 2);
  assert.ok(json.comparison);
  const rows = async (some: typeof built): Promise<number> =>
    (await (await written('csv', some)).text()).trimEnd().split('\n').length;
  assert.equal(await rows(built.slice(0, 1)), built[0]!.layers.length + 1);
  assert.ok((await rows(built)) > json.comparison.groups.length);
  const workbook = new Uint8Array(await (await written('xlsx')).arrayBuffer());
  assert.deepEqual([...workbook.slice(0, 2)], [0x50, 0x4b]);
});
