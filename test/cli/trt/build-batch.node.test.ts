import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { generateChain } from '../../support/generate-model.ts';
import { cli, ended, scratchFolder, spawnCli } from '../cli-harness.ts';
import {
  manifestAt,
  setEnvironment,
  smallModel,
  STAND_IN_PYTHON,
  withoutPython,
} from './stand-ins.ts';

const skip = withoutPython;
const folder = scratchFolder();
const model = smallModel(join(folder, 'net.onnx'));
let out = '';
let count = 0;

beforeEach(() => {
  setEnvironment({ STAND_IN: undefined, STAND_IN_TRT: undefined, STAND_IN_COUNT: undefined });
  out = join(folder, `out-${String(count++)}`);
});

const build = (...words: string[]) =>
  cli(['build', '--out', out, '--python', STAND_IN_PYTHON, ...words]);
const textOf = (name: string): string => readFileSync(join(out, name), 'utf8');

test('a batch shares kernel times, and one failure stops no other', { skip }, async () => {
  const bad = join(folder, 'bad.onnx');
  writeFileSync(bad, 'no model');
  const other = smallModel(join(folder, 'other.onnx'), 12);
  const { code, out: table, errors } = await build(model, bad, other, '--quiet');
  assert.equal(code, 1);
  assert.deepEqual(
    table
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.replace(/ {2,}.* {2}/, ': ')),
    ['net.onnx: built', `${bad}: failed (not-onnx)`, 'other.onnx: built'],
  );
  assert.equal(errors.length, 1);
  assert.match(textOf('timing.cache'), /^times(k\d+,){1,2}/);
});

test('a damaged timing cache is begun anew, with a note', { skip }, async () => {
  const cache = join(folder, 'own.cache');
  writeFileSync(cache, 'damaged');
  const { code, errors } = await build(model, '--timing-cache', cache);
  assert.equal(code, 0);
  assert.match(
    errors.join('\n'),
    /note: the timing cache is of another TensorRT or GPU, or damaged/,
  );
  assert.match(readFileSync(cache, 'latin1'), /^times/);
});

test('resume leaves what is built, unless model, mode or TensorRT changed', { skip }, async () => {
  const counted = join(folder, `count-${String(count)}`);
  const own = smallModel(join(folder, 'own', 'own.onnx'));
  setEnvironment({ STAND_IN_COUNT: counted });
  const builds = (): number => readFileSync(counted, 'utf8').trim().split('\n').length;
  await build(own, '--resume');
  assert.equal(builds(), 1);
  const again = await build(own, '--resume');
  assert.equal(builds(), 1);
  assert.match(again.out, /built before\n$/);
  await build(own);
  assert.equal(builds(), 2, 'without --resume');
  setEnvironment({ STAND_IN_TRT: '10.7.0' });
  await build(own, '--resume');
  assert.equal(builds(), 3, 'another TensorRT');
  smallModel(own, 12);
  await build(own, '--resume');
  assert.equal(builds(), 4, 'another model');
});

test('a packed model and one on standard input', { skip }, async () => {
  const packed = join(folder, 'packed.onnx.gz');
  writeFileSync(packed, gzipSync(generateChain(2)));
  assert.equal((await build(packed)).code, 0);
  assert.equal(manifestAt(out, 'packed.best').model.name, 'packed.onnx.gz');
  assert.ok(!textOf('packed.best.manifest.json').includes('.part'));
  const child = spawnCli(['build', '-', '--out', out, '--python', STAND_IN_PYTHON]);
  child.stdin.end(generateChain(2));
  assert.equal((await ended(child)).code, 0);
  assert.equal(manifestAt(out, 'stdin.best').model.name, 'stdin');
  assert.ok(existsSync(join(out, 'stdin.best.prediction.json')));
});

const HOSTILE = [
  'a b.onnx',
  "it's.onnx",
  'c;$(touch x)`y`.onnx',
  '-dash.onnx',
  'größe,ü=1.onnx',
  'q"u\\o.onnx',
];
test('names that a shell or an option parser would trip over', { skip }, async () => {
  const models = HOSTILE.map((name) => smallModel(join(folder, 'hostile', name)));
  const { code, out: printed } = await build(...models, '--json', '--quiet');
  assert.equal(code, 0);
  const manifests = JSON.parse(printed) as {
    model: { name: string };
    outcome: string;
    command: string[];
  }[];
  assert.deepEqual(
    manifests.map(({ model }) => model.name),
    HOSTILE,
  );
  for (const { command, model } of manifests)
    assert.equal((JSON.parse(command.at(-1) ?? '') as { model: string }).model, model.name);
});

test('two models whose files would have the same names are refused', { skip }, async () => {
  const { code, errors } = await build(model, smallModel(join(folder, 'twin', 'net.onnx')));
  assert.equal(code, 2);
  assert.match(errors.join('\n'), /would both write net\.best\.\*/);
});
