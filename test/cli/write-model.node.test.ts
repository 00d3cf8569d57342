import assert from 'node:assert/strict';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { bufferSource } from '../../src/core/base/byte-source.ts';
import { openModel } from '../../src/core/onnx/index.ts';
import { Refusal } from '../../src/cli/command.ts';
import { openModelFile } from '../../src/cli/open-model-file.ts';
import { writeModel } from '../../src/cli/write-model.ts';
import { writeWholeFile } from '../../src/cli/write-whole-file.ts';
import { field, infoOf, integer, modelOf, nodeOf, tensorOf } from '../core/onnx/wire-builder.ts';
import { scratchFolder } from './cli-harness.ts';

const folder = scratchFolder();
let folders = 0;
const freshFolder = (): string => {
  const path = join(folder, String(folders++));
  mkdirSync(path);
  return path;
};

const entry = (key: string, value: string): Uint8Array => field(13, field(1, key), field(2, value));
const MODEL = modelOf(
  nodeOf('Add', ['x', 'w'], ['y'], field(3, 'add'), field(4000, 'unknown')),
  tensorOf('w', 1, [2], entry('location', 'data/w.bin'), entry('offset', '0'), integer(14, 1)),
  infoOf(11, 'x', [2]),
  infoOf(12, 'y', [2]),
);
const DATA = new Uint8Array(Float32Array.of(1, 2).buffer);

/** A model with a data file, in a folder of its own. */
function modelFolder(): { readonly model: string; readonly data: string } {
  const place = freshFolder();
  const [model, data] = [join(place, 'm.onnx'), join(place, 'data', 'w.bin')];
  mkdirSync(join(place, 'data'));
  writeFileSync(model, MODEL);
  writeFileSync(data, DATA);
  return { model, data };
}

async function write(input: string, out: string, force = false): Promise<void> {
  const file = await openModelFile(input);
  try {
    await writeModel(file.model, out, { input, force });
  } finally {
    await file.close();
  }
}

const refusedWith =
  (code: string, text: RegExp) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof Refusal);
    assert.equal(error.diagnostic.code, code);
    assert.match(error.diagnostic.message, text);
    return true;
  };

test('an unchanged model is written byte for byte, its data file goes along', async () => {
  const { model } = modelFolder();
  const place = freshFolder();
  const out = join(place, 'new', 'out.onnx');
  await write(model, out);
  assert.deepEqual(new Uint8Array(readFileSync(out)), MODEL);
  assert.deepEqual(new Uint8Array(readFileSync(join(place, 'new', 'data', 'w.bin'))), DATA);
  assert.deepEqual(readdirSync(join(place, 'new')).sort(), ['data', 'out.onnx']);
  // Once more over itself: the data file is the same and stays.
  await write(model, out);
});

test('in the same folder the data file is shared', async () => {
  const { model } = modelFolder();
  const out = join(model, '..', 'out.onnx');
  await write(model, out);
  assert.deepEqual(readdirSync(join(model, '..')).sort(), ['data', 'm.onnx', 'out.onnx']);
});

test('a name that ends in .gz is packed', async () => {
  const { model } = modelFolder();
  const out = join(freshFolder(), 'out.onnx.gz');
  await write(model, out);
  assert.deepEqual(new Uint8Array(gunzipSync(readFileSync(out))), MODEL);
});

test('the input is not overwritten, under whatever name', async () => {
  const { model } = modelFolder();
  const link = join(freshFolder(), 'link.onnx');
  linkSync(model, link);
  for (const out of [model, join(model, '..', 'data', '..', 'm.onnx'), link])
    await assert.rejects(write(model, out), refusedWith('cli/output-is-input', /written over/));
  assert.deepEqual(new Uint8Array(readFileSync(model)), MODEL);
  await write(model, model, true);
  assert.deepEqual(new Uint8Array(readFileSync(model)), MODEL);
});

test('data files are never overwritten by the model, and others only by force', async () => {
  const { model, data } = modelFolder();
  for (const force of [false, true])
    await assert.rejects(write(model, data, force), refusedWith('cli/output-is-input', /over/));
  const place = freshFolder();
  mkdirSync(join(place, 'data'));
  const other = join(place, 'data', 'w.bin');
  writeFileSync(other, 'someone else');
  const out = join(place, 'out.onnx');
  await assert.rejects(write(model, out), refusedWith('cli/data-file-differs', /another file/));
  assert.equal(readFileSync(other, 'utf8'), 'someone else');
  assert.ok(!existsSync(out));
  await write(model, out, true);
  assert.deepEqual(new Uint8Array(readFileSync(other)), DATA);
});

test('what cannot be written leaves nothing behind, and what was there as it was', async () => {
  const place = freshFolder();
  const out = join(place, 'out.onnx');
  writeFileSync(out, 'before');
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(new Uint8Array(100));
    throw Object.assign(new Error('full'), { code: 'ENOSPC' });
  }
  await assert.rejects(
    writeWholeFile(out, broken()),
    refusedWith('cli/cannot-write', /no space is left on the device/),
  );
  assert.deepEqual(readdirSync(place), ['out.onnx']);
  assert.equal(readFileSync(out, 'utf8'), 'before');
  const { model } = modelFolder();
  await assert.rejects(write(model, place), refusedWith('cli/cannot-write', /it is a folder/));
  assert.deepEqual(readdirSync(place), ['out.onnx']);
});

test('new Q/DQ that the operator set does not have are refused before anything is written', async () => {
  const opened = await openModel([bufferSource('m.onnx', MODEL)]);
  assert.ok(opened.ok);
  const model = { ...opened.value.model, opsets: new Map([['', 9]]) };
  const { graph } = model;
  const x = graph.value('x');
  const scale = graph.value('w');
  assert.ok(x && scale);
  const outputs = [graph.ensureValue('q')];
  graph.addNode({ name: 'q', opType: 'QuantizeLinear', inputs: [x, scale], outputs });
  const out = join(freshFolder(), 'out.onnx');
  await assert.rejects(
    writeModel(model, out, { input: '-', force: false }),
    refusedWith('placement/opset-too-low', /operator set 1\d brought; the model states 9/),
  );
  assert.ok(!existsSync(out));
});
