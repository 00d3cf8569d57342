import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
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
const remote = join(folder, 'remote');
mkdirSync(remote);
const ssh = fileURLToPath(new URL('../../support/stand-in-ssh', import.meta.url));
const PATH = `${ssh}${delimiter}${process.env['PATH'] ?? ''}`;
setEnvironment({ PATH, STAND_IN_REMOTE: remote });
const model = smallModel(join(folder, "it's; $(touch x).onnx"));
const words = (out: string, host: string): string[] => [
  ...['build', model, '--out', out, '--host', host],
  ...['--backend', 'python', '--python', STAND_IN_PYTHON, '--quiet'],
];

test('a build over ssh brings all artefacts, and nothing stays there', { skip }, async () => {
  const out = join(folder, 'out');
  const { code, errors } = await cli(words(out, 'me@box'));
  assert.deepEqual([code, errors], [0, []]);
  const manifest = manifestAt(out, "it's;-$(touch-x).best");
  assert.equal(manifest.host, 'me@box');
  assert.equal(Object.keys(manifest.artefacts).length, 7);
  assert.ok(existsSync(join(out, 'timing.cache')));
  assert.deepEqual(readdirSync(remote), []);
});

test('an interrupt ends the program there and clears up', { skip }, async () => {
  const pidFile = join(folder, 'pid');
  const child = spawnCli(words(join(folder, 'cancelled'), 'me@box'), {
    ...{ PATH, STAND_IN_REMOTE: remote, STAND_IN: 'hang' },
    ...{ STAND_IN_PID_FILE: pidFile, STAND_IN_COUNT: `${pidFile}.count` },
  });
  const end = ended(child);
  await until(() => existsSync(`${pidFile}.count`), 'the build has begun');
  child.kill('SIGINT');
  assert.equal((await end).signal, 'SIGINT');
  const pid = Number(readFileSync(pidFile, 'utf8'));
  await until(() => !isRunning(pid), 'the program is gone');
  await until(() => readdirSync(remote).length === 0, 'the folder there is gone');
});

test('hosts that are options or no hosts, and one that does not answer', { skip }, async () => {
  for (const host of ['-oProxyCommand=x', 'a b', 'box;x', 'me@-x', '$(x)']) {
    const { code, errors } = await cli(words(join(folder, 'none'), host));
    assert.equal(code, 2);
    assert.match(errors.join('\n'), /is no host/, host);
  }
  const gone = await cli(words(join(folder, 'none'), 'me@gone'));
  assert.equal(gone.code, 2);
  assert.match(gone.errors.join('\n'), /Connection refused/);
});
