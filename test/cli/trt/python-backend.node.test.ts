import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
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
const textOf = (name: string): string => readFileSync(join(out, name), 'utf8');
const jsonOf = (name: string): unknown => JSON.parse(textOf(name));

test('a build leaves all artefacts, and the manifest says what it was', { skip }, async () => {
  const { code, out: table } = await build(model);
  assert.equal(code, 0);
  assert.match(
    table,
    /^model +mode +layers +INT8 +median .*\nnet\.onnx +best +2 +1 +0\.500 ms .* 100 % +built\n$/,
  );
  assert.deepEqual(readdirSync(out).sort(), [
    'net.best.build.log',
    'net.best.comparison.json',
    'net.best.engine',
    'net.best.layer.json',
    'net.best.manifest.json',
    'net.best.prediction.json',
    'net.best.profile.json',
    'net.best.times.json',
    'timing.cache',
  ]);
  const manifest = manifestAt(out, 'net.best');
  assert.equal(manifest.outcome, 'built');
  assert.equal(manifest.trtVersion, '10.6.0');
  assert.deepEqual(manifest.gpu, {
    name: 'NVIDIA Stand-In',
    sm: 90,
    driver: '550.54.15',
    memoryBytes: 80 * 2 ** 30,
    smClockMhz: 1980,
    memoryClockMhz: 2619,
  });
  assert.equal(manifest.latency?.runs, 200);
  assert.equal(manifest.latency.computeMedianUs, 500);
  assert.equal(manifest.engineBytes, 4096);
});

test('no file names a folder of this machine', { skip }, async () => {
  await build(model);
  for (const name of readdirSync(out).filter((file) => file !== 'net.best.engine'))
    assert.ok(!textOf(name).includes(folder), name);
  const { command } = manifestAt(out, 'net.best');
  assert.deepEqual(command.slice(0, 4), ['python', '-B', '-u', 'build_engine.py']);
  const request = JSON.parse(command[4] ?? '') as Record<string, unknown>;
  assert.equal(request['model'], 'net.onnx');
  assert.equal(request['timingCache'], 'timing.cache');
});

test("layers, profile and times are in the shapes of trtexec's exports", { skip }, async () => {
  await build(model, '--runs', '50');
  const layers = jsonOf('net.best.layer.json') as { Layers: { Metadata?: string }[] };
  assert.equal(
    layers.Layers[1]?.Metadata,
    '[ONNX Layer: /stage0/block0/conv/Conv]\u001e[ONNX Layer: /stage0/block0/relu/Relu]',
  );
  assert.deepEqual(jsonOf('net.best.profile.json'), [
    { count: 60 },
    { name: 'quantize', timeMs: 6, averageMs: 0.1, medianMs: 0.1, percentage: 25 },
    { name: 'conv', timeMs: 18, averageMs: 0.3, medianMs: 0.3, percentage: 75 },
  ]);
  const times = jsonOf('net.best.times.json') as Record<string, number>[];
  assert.equal(times.length, 50);
  assert.deepEqual(Object.keys(times[0] ?? {}), [
    ...['startEnqMs', 'endEnqMs', 'startH2dMs', 'endH2dMs', 'startComputeMs', 'endComputeMs'],
    ...['startD2hMs', 'endD2hMs', 'h2dMs', 'computeMs', 'd2hMs', 'latencyMs'],
  ]);
  assert.equal(times[3]?.['computeMs'], 0.5);
});

test(
  'the log has the head and the summary of trtexec, and no line about a kernel',
  { skip },
  async () => {
    await build(model);
    const log = textOf('net.best.build.log');
    assert.match(log, /^\[I\] TensorRT version: 10\.6\.0\n/);
    assert.match(log, /\[V\] Parsing node: conv \[Conv\]\n/);
    assert.match(log, /\[I\] GPU Compute Time: min = 0\.5 ms, .*median = 0\.5 ms/);
    assert.ok(!log.includes('Tactic:'));
  },
);

test('modes: the flags of each, and which version has it', { skip }, async () => {
  const flags = async (mode: string, version: string): Promise<string> => {
    setEnvironment({ STAND_IN_TRT: version });
    const { code } = await build(model, '--mode', mode);
    assert.equal(code, 0);
    return /flags (.*)/.exec(textOf(`net.${mode}.build.log`))?.[1] ?? '';
  };
  assert.equal(await flags('best', '8.6.1'), '1 FP16 INT8');
  assert.equal(await flags('best', '10.6.0'), '0 FP16 INT8');
  assert.equal(await flags('fp16', '10.6.0'), '0 FP16');
  assert.equal(await flags('int8', '10.6.0'), '0 INT8');
  assert.equal(await flags('strong', '10.6.0'), '2 ');
  assert.equal(await flags('strong', '11.2.1'), '2 ');
});

test(
  'TensorRT 11 builds strongly typed where no mode is given, and says why not best',
  { skip },
  async () => {
    setEnvironment({ STAND_IN_TRT: '11.2.1' });
    assert.equal((await build(model)).code, 0);
    assert.equal(manifestAt(out, 'net.strong').mode, 'strong');
    const refused = await build(model, '--mode', 'best');
    assert.equal(refused.code, 2);
    assert.match(
      refused.errors.join('\n'),
      /11\.2\.1 does not build with --mode best.*Use --mode strong/,
    );
  },
);

test('shapes of dynamic inputs go to the profile; wrong ones are named', { skip }, async () => {
  setEnvironment({ STAND_IN: 'dynamic' });
  const { code } = await build(model, '--shapes', 'x=1x3x8x8:2x3x8x8:4x3x8x8');
  assert.equal(code, 0);
  assert.match(
    textOf('net.best.engine'),
    /\{"x": \[\[1, 3, 8, 8\], \[2, 3, 8, 8\], \[4, 3, 8, 8\]\]\}/,
  );
  const stranger = await build(model, '--shapes', 'y=1x3x8x8');
  assert.match(stranger.errors.join('\n'), /there is no input y; inputs are x, ids/);
  const unfit = await build(model, '--shapes', 'x=1x4x8x8');
  assert.match(unfit.errors.join('\n'), /input x is \?x3x8x8, which is not 1x4x8x8/);
});
