import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { generateChain } from '../../support/generate-model.ts';
import { cli, ended, scratchFolder, spawnCli } from '../cli-harness.ts';
import {
  isRunning,
  manifestAt,
  setEnvironment,
  smallModel,
  STAND_IN_PYTHON,
  until,
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
    /^model +mode +layers +INT8 +median .*\nnet\.onnx +best +2 +1 +0\.500 ms .* built\n$/,
  );
  assert.deepEqual(readdirSync(out).sort(), [
    'net.best.build.log',
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
  assert.equal(layers.Layers[1]?.Metadata, '[ONNX Layer: q]\u001e[ONNX Layer: conv]');
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
    assert.equal(refused.code, 1);
    assert.match(
      refused.errors.join('\n'),
      /11\.2\.1 does not build with --mode best.*Use --mode strong/,
    );
  },
);

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

test('a time-out ends the builder and says at which step', { skip }, async () => {
  setEnvironment({ STAND_IN: 'hang' });
  const { errors } = await build(model, '--timeout', '1', '--quiet');
  assert.match(errors.join('\n'), /Stopped after 1 s, while building/);
  assert.equal(manifestAt(out, 'net.best').outcome, 'timed-out');
});

for (const how of ['hang', 'grandchild'])
  test(
    `an interrupt ends the whole tree and leaves nothing unfinished: ${how}`,
    { skip },
    async () => {
      const pidFile = join(folder, `pid-${how}`);
      const earlier = await build(model);
      assert.equal(earlier.code, 0);
      const before = readdirSync(out).map((name) => [name, textOf(name)]);
      const child = spawnCli(
        ['build', model, '--out', out, '--python', STAND_IN_PYTHON, '--quiet'],
        {
          STAND_IN: how,
          STAND_IN_PID_FILE: pidFile,
          STAND_IN_COUNT: `${pidFile}.count`,
        },
      );
      const end = ended(child);
      await until(() => existsSync(`${pidFile}.count`), 'the build has begun');
      if (how === 'grandchild')
        await until(() => existsSync(`${pidFile}.child`), 'the grandchild is there');
      const pids = [pidFile, `${pidFile}.child`]
        .filter(existsSync)
        .map((file) => Number(readFileSync(file, 'utf8')));
      for (const pid of pids) assert.ok(isRunning(pid));
      child.kill('SIGINT');
      const { signal, error } = await end;
      assert.equal(signal, 'SIGINT');
      assert.match(error, /Cancelled\. .*--resume/);
      for (const pid of pids) await until(() => !isRunning(pid), `process ${String(pid)} is gone`);
      assert.deepEqual(
        readdirSync(out).map((name) => [name, textOf(name)]),
        before,
      );
    },
  );

test('the builder ends by itself when who asked is gone', { skip }, async () => {
  const pidFile = join(folder, 'pid-orphan');
  const child = spawnCli(['build', model, '--out', out, '--python', STAND_IN_PYTHON], {
    STAND_IN: 'hang',
    STAND_IN_PID_FILE: pidFile,
    STAND_IN_COUNT: `${pidFile}.count`,
  });
  const end = ended(child);
  await until(() => existsSync(`${pidFile}.count`), 'the build has begun');
  child.kill('SIGKILL');
  await end;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  await until(() => !isRunning(pid), 'the builder is gone');
});
