import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { BuildManifest } from '../../../src/core/engine/build-manifest.ts';
import { generateChain } from '../../support/generate-model.ts';

const support = fileURLToPath(new URL('../../support/', import.meta.url));

/** A stand-in for a Python that has TensorRT: see the file itself. */
export const STAND_IN_PYTHON = join(support, 'stand-in-tensorrt', 'python');

/** A folder for PATH with a stand-in for nvidia-smi, and the stand-in for trtexec in it: see the files themselves. */
export const STAND_IN_BIN = join(support, 'stand-in-bin');
export const STAND_IN_TRTEXEC = join(STAND_IN_BIN, 'trtexec.mjs');

/** Why tests with a Python are skipped here, or false. Says so loudly. */
export const withoutPython = ((): string | false => {
  const { status } = spawnSync('python3', [
    '-c',
    'import sys; sys.exit(sys.version_info < (3, 8))',
  ]);
  if (status === 0) return false;
  console.error('SKIPPED: there is no python3 (3.8 or later) to run build_engine.py with');
  return 'no python3';
})();

/** Sets environment variables, until the end of the file at the latest; undefined takes one away. */
export function setEnvironment(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}
after(() => {
  for (const name of Object.keys(process.env))
    if (name.startsWith('STAND_IN')) Reflect.deleteProperty(process.env, name);
});

/** Writes a small model to `path`, with its folder. */
export function smallModel(path: string, layers = 2): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, generateChain(layers));
  return path;
}

export const manifestAt = (folder: string, stem: string): BuildManifest =>
  JSON.parse(readFileSync(join(folder, `${stem}.manifest.json`), 'utf8')) as BuildManifest;

/** Whether a process is there, and no zombie. */
export function isRunning(pid: number): boolean {
  if (!existsSync('/proc/self/stat')) {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }
  const stat = `/proc/${String(pid)}/stat`;
  if (!existsSync(stat)) return false;
  return !/^\d+ \(.*\) Z/.test(readFileSync(stat, 'utf8'));
}

/** Waits until something is so, and fails where it does not become so. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let waited = 0; waited < 20_000; waited += 50) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain: ${what}`);
}
