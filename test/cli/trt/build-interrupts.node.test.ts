import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, test } from 'node:test';
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

test('a time-out ends the builder and says at which step', { skip }, async () => {
  setEnvironment({ STAND_IN: 'hang' });
  const { errors } = await build(model, '--timeout', '5', '--quiet');
  assert.match(errors.join('\n'), /Stopped after 5 s, while building/);
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
