import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { scratchFolder } from './cli-harness.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const source = new URL('../../src/cli/write-whole-file.ts', import.meta.url).href;

/** Writes without end, and says so once the first piece is out. */
const SCRIPT = (path: string): string => `
  const { writeWholeFile } = await import(${JSON.stringify(source)});
  async function* endless() {
    for (let i = 0; ; i++) {
      yield new Uint8Array(1000);
      if (i === 100) process.stdout.write('writing');
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  await writeWholeFile(${JSON.stringify(path)}, endless());`;

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  test(`${signal} while a file is written leaves nothing behind`, async () => {
    const folder = scratchFolder();
    const words = ['--import', 'tsx', '--input-type=module', '-e', SCRIPT(join(folder, 'm.onnx'))];
    const child = spawn(process.execPath, words, { cwd: root });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    assert.equal(readdirSync(folder).length, 1, 'it is being written');
    const ended = new Promise((resolve) => {
      child.once('exit', (_code, by) => {
        resolve(by);
      });
    });
    child.kill(signal);
    assert.equal(await ended, signal);
    assert.deepEqual(readdirSync(folder), []);
  });
