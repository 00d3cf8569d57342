import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { saveModel } from '../../src/core/onnx/index.ts';
import { writeNpy } from '../../src/core/inputs/npy.ts';
import { readReport } from '../../src/core/validate/report-json.ts';
import { floats, modelOf, noise, valueOf } from '../ort/run-support.ts';
import { cli, ended, scratchFolder, spawnCli } from './cli-harness.ts';

const folder = scratchFolder();
const at = (name: string): string => join(folder, name);

/** One convolution between Q/DQ; the scale of its input decides how far off it is. */
const net = (scale: number): string => `g (float[1, 4, 6, 6] x) => (float[1, 8, 6, 6] y)
  <float s = {${String(scale)}}, int8 z = {0}, float[8, 4, 3, 3] w = {0.1 ...}>
{
  [q] q = QuantizeLinear (x, s, z)
  [dq] d = DequantizeLinear (q, s, z)
  [conv] c = Conv <pads = [1, 1, 1, 1]> (d, w)
  [relu] y = Relu (c)
}`;

async function write(name: string, text: string): Promise<string> {
  const blob = valueOf(await saveModel(modelOf(text)));
  writeFileSync(at(name), new Uint8Array(await blob.arrayBuffer()));
  return at(name);
}
const fine = await write('fine.onnx', net(0.03));
const coarse = await write('coarse.onnx', net(0.5));
const float = await write(
  'float.onnx',
  'g (float[1, 4, 6, 6] x) => (float[1, 4, 6, 6] y) { [relu] y = Relu (x) }',
);

test('a model against itself is exact, on random data that is said aloud', async () => {
  const { code, out, errors } = await cli(['validate', fine, fine, '--tolerance', 'exact']);
  assert.equal(code, 0, out);
  assert.match(out, /\nEXACT: all outputs are equal to the bit\n/);
  assert.ok(errors.some((line) => /no --inputs are given.*random:1/.test(line)));
});

test('beyond the tolerance the exit code is 1, within it is 0', async () => {
  const words = ['validate', fine, coarse, '--inputs', 'random:3', '--samples', '2', '--quiet'];
  const strict = await cli([...words, '--tolerance', 'exact']);
  assert.equal(strict.code, 1);
  assert.match(strict.out, /\nFAILED.*\n {2}error: The output y /);
  assert.match(strict.out, /they part first at d\n/);
  assert.deepEqual(strict.errors, []);
  const loose = await cli([...words, '--tolerance', 'sqnr=3,max=50,cosine=0.5']);
  assert.equal(loose.code, 0, loose.out);
  assert.equal((await cli([...words, '--tolerance', 'none'])).code, 0);
  // Some 18 dB are less than the 30 that are asked for by default.
  assert.equal((await cli(words)).code, 1);
});

test('one model is compared with itself without Q/DQ: layers, quantizers, better scales', async () => {
  const { code, out } = await cli(['validate', coarse, '--tolerance', 'none', '--quiet']);
  assert.equal(code, 0);
  assert.match(out, /Against float: 1 layer, 1 quantizer of activations/);
  assert.match(out, /scales that could be better .*gain dB/);
  assert.match(out, /\n {2}x {2,}\+\d/);
});

test('the engine is followed on request: what is Q/DQ, what is fusion', async () => {
  const words = ['validate', fine, '--engine', '--quiet', '--target', 'trt10.6-sm90'];
  const { engine } = valueOf(readReport((await cli([...words, '--json'])).out, 'out'));
  const output = engine?.tensors.find(({ tensor }) => tensor === 'y');
  assert.ok(output && output.quantization.unequal > 0 && output.rewrite === undefined);
  assert.deepEqual(engine?.target, { trt: '10.6', sm: 90, mode: 'best' });
  const { out } = await cli(words);
  assert.match(out, /In the engine predicted for trt10\.6-sm90 best: \d+ tensors, fusion changes /);
  assert.match(out, /\n {2}y {2,}SQNR dB {2}max \|Δ\| {2}in steps\n {2}Q\/DQ \(float → model\) /);
  assert.match(out, /\n {2}fusion \(model → engine\) .*\n {2}Q\/DQ and fusion \(float → engine\) /);
  assert.ok(!out.includes('rewrite'));
});

test('the engine of the second model is followed beside the first, and stands in each report', async () => {
  const words = ['validate', fine, coarse, '--engine', '--quiet', '--tolerance', 'none'];
  const { code, out } = await cli([...words, '--report', at('e.json')]);
  assert.equal(code, 0, out);
  assert.match(out, /\n {2}rewrite \(before → model\) /);
  assert.match(out, /\n {2}rewrite and fusion \(before → engine\) /);
  const { engine, equivalence } = valueOf(readReport(readFileSync(at('e.json'), 'utf8'), 'e.json'));
  const output = engine?.tensors.find(({ tensor }) => tensor === 'y');
  const compared = equivalence?.tensors.find(({ tensor }) => tensor === 'y');
  assert.deepEqual(output?.rewrite?.sqnrDb, compared?.error.sqnrDb);
  for (const name of ['e.html', 'e.csv'])
    assert.equal((await cli([...words, '--report', at(name)])).code, 0);
  assert.match(readFileSync(at('e.html'), 'utf8'), /What the engine stores, worst fusion first/);
  assert.match(readFileSync(at('e.csv'), 'utf8'), /^engine-outputs,y,rewrite and fusion,/m);
  // One model alone, as a page.
  await cli(['validate', fine, '--engine', '--quiet', '--report', at('one.html')]);
  assert.match(readFileSync(at('one.html'), 'utf8'), /Outputs of the engine: what changes them/);
});

test('reports are written by their endings, and as JSON to the screen', async () => {
  const words = ['validate', fine, coarse, '--quiet', '--tolerance', 'none'];
  for (const name of ['r.html', 'r.json', 'r.csv'])
    assert.equal((await cli([...words, '--report', at(name)])).code, 0);
  assert.match(readFileSync(at('r.html'), 'utf8'), /^<!doctype html>/i);
  assert.match(readFileSync(at('r.csv'), 'utf8'), /y,/);
  const kept = valueOf(readReport(readFileSync(at('r.json'), 'utf8'), 'r.json'));
  const { out } = await cli([...words, '--json']);
  const printed = valueOf(readReport(out, 'out'));
  assert.deepEqual(printed.equivalence?.tensors, kept.equivalence?.tensors);
  const odd = await cli([...words, '--report', at('r.txt')]);
  assert.equal(odd.code, 2);
  assert.match(odd.errors.join(), /\.html, \.json, \.csv/);
  assert.ok(!existsSync(at('r.txt')));
});

test('data comes from .npy, .npz and bare numbers alike', async () => {
  const numbers = noise(144, 5);
  const bytes = valueOf(writeNpy('x', floats(numbers, [1, 4, 6, 6])));
  writeFileSync(at('x.npy'), bytes);
  writeFileSync(at('x.raw'), new Uint8Array(Float32Array.from(numbers).buffer));
  const words = ['validate', fine, coarse, '--quiet', '--json', '--tolerance', 'none'];
  const reports = [];
  for (const name of ['x.npy', 'x.raw']) {
    const { out } = await cli([...words, '--inputs', at(name)]);
    reports.push(valueOf(readReport(out, name)).equivalence);
  }
  assert.deepEqual(reports[0], reports[1]);
});

test('bad use and bad input end with 2', async () => {
  for (const [words, pattern] of [
    [[], /one or two models/],
    [[fine, fine, fine], /one or two models/],
    [[fine, '--tolerance', 'much'], /--tolerance/],
    [[fine, '--tolerance', 'sqnr=x'], /--tolerance/],
    [[fine, at('none.onnx')], /no such file/],
    [[float], /no Q\/DQ/],
    [[fine, fine, '--inputs', at('nothing')], /no such file/],
  ] as const) {
    const { code, errors } = await cli(['validate', ...words]);
    assert.equal(code, 2, words.join(' '));
    assert.match(errors.join('\n'), pattern);
  }
});

test('an interrupt ends a run at once', { skip: process.platform === 'win32' }, async () => {
  const child = spawnCli(['validate', fine, coarse, '--samples', '100000', '--inputs', 'random:1']);
  const end = ended(child);
  await new Promise<void>((resolve) => {
    child.stderr.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Comparing')) resolve();
    });
  });
  const start = performance.now();
  child.kill('SIGINT');
  const { signal, out } = await end;
  assert.equal(signal, 'SIGINT');
  assert.equal(out, '');
  assert.ok(performance.now() - start < 1000);
});
