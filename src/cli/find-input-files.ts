import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cannotRead } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import { reasonOf } from './file-byte-source.ts';

/**
 * The files that `source` stands for, sorted by path: a file is itself, a folder all that is in it at any depth, and a last part
 * with `*` or `?` the fitting files of its folder. Throws a `Refusal` where the system does not let us look.
 */
export async function findInputFiles(source: string): Promise<readonly string[]> {
  try {
    if (/[*?]/.test(basename(source))) return await fitting(source);
    const found = await stat(source);
    return found.isDirectory() ? await filesUnder(source) : [source];
  } catch (error) {
    throw new Refusal(cannotRead(source, reasonOf(error)));
  }
}

async function filesUnder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function fitting(pattern: string): Promise<readonly string[]> {
  const folder = dirname(pattern);
  const expression = basename(pattern)
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  const isFitting = new RegExp(`^${expression}$`, 'su');
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && isFitting.test(entry.name))
    .map((entry) => join(folder, entry.name))
    .sort();
}
