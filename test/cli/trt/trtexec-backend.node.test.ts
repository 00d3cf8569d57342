import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeEach, test } from 'node:test';
import { cli, ended, scratchFolder, spawnCli } from '../cli-harness.ts';
import {
  isRunning,
  manifestAt,
  setEnvironment,
  smallModel,
  STAND_IN_BIN,
  STAND_IN_TRTEXEC,
  until,
} from './stand-ins.ts';

const folder = scratchFolder();
const model = smallModel(join(folder, 'net.onnx'));
const path = `${STAND_IN_BIN}${delimiter}${process.env['PATH'] ?? ''}`;
let out = '';
let count = 0;
setEnvironment({ PATH: path });

beforeEach(() => {
  setEnvironment({ STAND_IN: undefined, STAND_IN_TRT: undefined });
  out = join(folder, `out-${String(count++)}`);
});
const build = (...words: string[]) =>
  cli(['build', '--out', out, '--trtexec', STAND_IN_TRTEXEC, '--quiet', ...words]);

for (const [version, mode, layers] of [
  ['8.0.1', 'best', false],
  ['8.2.5', 'best', true],
  ['8.6.1', 'int8', true],
  ['10.6.0', 'best', true],
  ['11.1.0', 'strong', true],
] as const)
  test(`a build by trtexec ${version}, which takes every option that it is given`, async () => {
    setEnvironment({ STAND_IN_TRT: version });
    const { code, errors } = await build(
      model,
      '--mode',
      mode,
      '--workspace',
      '256',
      '--shapes',
      'x=1x3x8x8',
    );
    assert.deepEqual([code, layers ? errors : []], [0, []]);
    if (!layers) assert.match(errors.join('\n'), /does not list the layers of the engine/);
    const manifest = manifestAt(out, `net.${mode}`);
    assert.equal(manifest.trtVersion, version);
    assert.equal(manifest.buildSeconds, 10.7204);
    assert.equal(manifest.latency?.computeMedianUs, 500);
    assert.deepEqual(manifest.gpu, {
      name: 'NVIDIA Stand-In',
      sm: 90,
      driver: '550.54.15',
      memoryBytes: 80 * 2 ** 30,
      smClockMhz: 1980,
      memoryClockMhz: 2619,
    });
    assert.equal(manifest.artefacts.layers !== undefined, layers);
    assert.ok(manifest.artefacts.prediction);
    assert.equal(manifest.artefacts.comparison !== undefined, layers);
    assert.ok(!JSON.stringify(manifest).includes(folder), 'no folder of this machine');
    const log = readFileSync(join(out, `net.${mode}.build.log`), 'utf8');
    assert.match(log, /Running: ConvReluFusion on conv/);
    assert.ok(!log.includes('Tactic: 0x'));
    assert.match(readFileSync(join(out, 'timing.cache'), 'utf8'), /^k\d+,$/);
    assert.ok(!log.includes('written in place'), 'trtexec writes a copy of the cache');
  });

const FAILURES: readonly (readonly [string, string, RegExp])[] = [
  [
    'refuse',
    'refused',
    /refuses the model: QuantizeLinear quantize: .*Scale coefficients must all be positive/,
  ],
  ['gpu-memory', 'failed', /memory of the GPU does not suffice.*Requested size/],
  ['disk-full', 'failed', /No space is left/],
  ['killed', 'failed', /killed by the system.*memory of the machine/],
];
for (const [how, outcome, words] of FAILURES)
  test(`${how}: told plainly, with manifest and log`, async () => {
    setEnvironment({ STAND_IN: how });
    const { code, errors } = await build(model);
    assert.equal(code, 1);
    assert.match(errors.join('\n'), words);
    assert.equal(manifestAt(out, 'net.best').outcome, outcome);
    assert.deepEqual(readdirSync(out).sort(), ['net.best.build.log', 'net.best.manifest.json']);
  });

test('a trtexec that does not start, or is none', async () => {
  setEnvironment({ STAND_IN: 'no-library' });
  const missing = await build(model);
  assert.equal(missing.code, 2);
  assert.match(missing.errors.join('\n'), /libnvinfer\.so\.10.*LD_LIBRARY_PATH/);
  const none = await cli(['build', model, '--out', out, '--trtexec', join(folder, 'absent')]);
  assert.match(none.errors.join('\n'), /absent cannot be used: there is no such program/);
  const other = await cli(['build', model, '--out', out, '--trtexec', '/bin/true']);
  assert.match(other.errors.join('\n'), /does not tell its version/);
});

test('trtexec 11 refuses weak typing before anything is built', async () => {
  setEnvironment({ STAND_IN_TRT: '11.1.0' });
  const { code, errors } = await build(model, '--mode', 'best');
  assert.equal(code, 2);
  assert.match(errors.join('\n'), /took weak typing away.*--mode strong/);
  assert.ok(!existsSync(out));
});

test('TRTEXEC names the program; --backend python does not take it', async () => {
  setEnvironment({ TRTEXEC: STAND_IN_TRTEXEC });
  const { code } = await cli(['build', model, '--out', out, '--quiet']);
  assert.equal(code, 0);
  assert.equal(manifestAt(out, 'net.best').backend, 'trtexec');
  setEnvironment({ TRTEXEC: undefined });
});

test('names that a shell or trtexec would trip over', async () => {
  const names = ['a b.onnx', "it's.onnx", 'c;$(touch x)`y`.onnx', '-dash.onnx', 'größe,ü=1.onnx'];
  const models = names.map((name) => smallModel(join(folder, 'hostile', name)));
  const { code, out: printed } = await build(...models.map((name) => name), '--json');
  assert.equal(code, 0);
  const manifests = JSON.parse(printed) as { model: { name: string }; command: string[] }[];
  assert.deepEqual(
    manifests.map(({ command }) => command[1]),
    names.map((name) => `--onnx=${name}`),
  );
});

test('a time-out', async () => {
  setEnvironment({ STAND_IN: 'hang' });
  const { errors } = await build(model, '--timeout', '4');
  assert.match(errors.join('\n'), /Stopped after 4 s, while building/);
});

test('an interrupt ends a trtexec that is deaf, and what it started', async () => {
  const pidFile = join(folder, 'pid-deaf');
  const child = spawnCli(['build', model, '--out', out, '--trtexec', STAND_IN_TRTEXEC], {
    STAND_IN: 'deaf',
    STAND_IN_PID_FILE: pidFile,
    PATH: path,
  });
  const end = ended(child);
  await until(() => existsSync(`${pidFile}.child`), 'the build has begun');
  const pids = [pidFile, `${pidFile}.child`].map((file) => Number(readFileSync(file, 'utf8')));
  child.kill('SIGTERM');
  assert.equal((await end).signal, 'SIGTERM');
  for (const pid of pids) await until(() => !isRunning(pid), `process ${String(pid)} is gone`);
  assert.deepEqual(readdirSync(out), []);
});

test('--dry-run prints what can be copied into a shell, and runs nothing', async () => {
  const { code, out: printed } = await cli([
    ...['build', join(folder, 'no such; model.onnx'), '--out', out, '--dry-run'],
    ...['--trtexec', '/absent/trt exec', '--target', 'trt8.6-sm80'],
  ]);
  assert.equal(code, 0);
  assert.match(printed, /^'\/absent\/trt exec' '--onnx=.*no such; model\.onnx' .*--best .*\n$/);
  assert.ok(!existsSync(out));
});
