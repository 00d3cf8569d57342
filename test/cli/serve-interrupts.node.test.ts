import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ended } from './cli-harness.ts';
import { endOf, folder, served, skip, submit } from './companion/served.ts';
import { isRunning, until } from './trt/stand-ins.ts';

/** What is ours among temporary files. */
const ours = (temp: string): readonly string[] =>
  readdirSync(temp).filter((name) => name.startsWith('qdq-lab'));

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  test(`${signal} ends the build under way and leaves nothing`, { skip }, async () => {
    const pidFile = join(folder, `pid-${signal}`);
    const site = await served(['--quiet'], {
      STAND_IN: 'hang',
      STAND_IN_PID_FILE: pidFile,
      STAND_IN_COUNT: `${pidFile}.count`,
    });
    await submit(site);
    await until(() => existsSync(`${pidFile}.count`), 'the build has begun');
    const pid = Number(readFileSync(pidFile, 'utf8'));
    assert.ok(isRunning(pid));
    assert.equal(ours(site.temp).length, 1);
    const end = ended(site.child);
    site.child.kill(signal);
    const { signal: by } = await end;
    assert.equal(by, signal);
    assert.ok(!isRunning(pid), 'the builder is gone');
    assert.deepEqual(ours(site.temp), []);
  });

test('a job is cancelled with its process; the next one is built', { skip }, async () => {
  const pidFile = join(folder, 'pid-cancel');
  const site = await served([], {
    STAND_IN: 'hang',
    STAND_IN_PID_FILE: pidFile,
    STAND_IN_COUNT: `${pidFile}.count`,
  });
  const id = await submit(site);
  await until(() => existsSync(`${pidFile}.count`), 'the build has begun');
  const pid = Number(readFileSync(pidFile, 'utf8'));
  await site.ask(`jobs/${id}`, { method: 'DELETE' });
  assert.equal((await endOf(site, id)).outcome, 'cancelled');
  assert.ok(!isRunning(pid));
  const second = await submit(site);
  await until(() => readFileSync(`${pidFile}.count`, 'utf8').split('\n').length > 2, 'the next');
  await site.ask(`jobs/${second}`, { method: 'DELETE' });
  await endOf(site, second);
  site.child.kill('SIGTERM');
});
