import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, test } from 'node:test';
import { cli, scratchFolder } from '../cli-harness.ts';
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

const FAILURES: readonly (readonly [string, string, RegExp])[] = [
  [
    'refuse',
    'refused',
    /refuses the model: Assertion failed: inputs\.at\(0\)\.shape is not supported\./,
  ],
  ['no-engine', 'refused', /Could not find any implementation for node conv/],
  ['gpu-memory', 'failed', /memory of the GPU does not suffice.*Requested size.*lower --workspace/],
  ['gpu-memory-run', 'failed', /memory of the GPU does not suffice/],
  ['abort', 'failed', /ended with signal SIGABRT: terminate called/],
  ['killed', 'failed', /killed by the system.*memory of the machine/],
  ['disk-full', 'failed', /No space is left.*--no-engine/],
  ['raise', 'failed', /ended with status 70: RuntimeError: a defect/],
  ['dynamic', 'failed', /dynamic input x \?x3x8x8.*--shapes/],
];
for (const [how, outcome, words] of FAILURES)
  test(`${how}: told plainly, with manifest and log`, { skip }, async () => {
    setEnvironment({ STAND_IN: how });
    const { code, errors } = await build(model, '--quiet');
    assert.equal(code, 1);
    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? '', words);
    const manifest = manifestAt(out, 'net.best');
    assert.equal(manifest.outcome, outcome);
    assert.deepEqual(Object.keys(manifest.artefacts), ['log']);
    const left = readdirSync(out).filter((name) => name !== 'timing.cache');
    assert.deepEqual(left.sort(), ['net.best.build.log', 'net.best.manifest.json']);
  });

const MISSING: readonly (readonly [string, RegExp])[] = [
  ['no-library', /libnvinfer.*LD_LIBRARY_PATH/],
  ['no-driver', /driver of NVIDIA is not installed/],
  ['no-gpu', /No NVIDIA GPU is to be seen/],
  ['old-driver', /driver is too old/],
];
for (const [how, words] of MISSING)
  test(`${how}: nothing is begun`, { skip }, async () => {
    setEnvironment({ STAND_IN: how });
    const { code, errors } = await build(model);
    assert.equal(code, 2);
    assert.match(errors.join('\n'), words);
    assert.ok(!existsSync(out));
  });

test('a Python without TensorRT, and none at all', { skip }, async () => {
  const bare = await cli(['build', model, '--out', out, '--python', 'python3']);
  assert.equal(bare.code, 2);
  assert.match(bare.errors.join('\n'), /No TensorRT was found: .*No module named 'tensorrt'/);
  const none = await cli(['build', model, '--out', out, '--python', join(folder, 'absent')]);
  assert.match(none.errors.join('\n'), /absent cannot be used: there is no such program/);
});
