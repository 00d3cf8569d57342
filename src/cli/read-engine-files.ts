import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { assembleEngine } from '../core/engine/assemble-engine.ts';
import type { EngineFile } from '../core/engine/assemble-engine.ts';
import type { BuiltEngine } from '../core/engine/built-engine.ts';
import { cannotRead, cannotUnpack } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import { reasonOf } from './file-byte-source.ts';
import { findInputFiles } from './find-input-files.ts';

/** What a folder of artefacts is searched for: layers, profiles, times, metadata, manifests and logs, packed or not. */
const READABLE = /\.(?:json|log|txt)(?:\.gz)?$/i;
const STDIN = '-';

/**
 * The engines that `sources` hold together: layer files with what belongs to them, folders of artefacts, `-` for standard input.
 * Throws a `Refusal` where a file cannot be read or none tells of an engine.
 */
export async function readEngineFiles(sources: readonly string[]): Promise<readonly BuiltEngine[]> {
  const files: EngineFile[] = [];
  for (const source of sources)
    for (const path of await pathsOf(source))
      if (!files.some(({ name }) => name === nameOf(path))) files.push(await readText(path));
  const engines = assembleEngine(files);
  if (!engines.ok) throw new Refusal(engines.error);
  return engines.value;
}

/** Names without folders where that still tells the engines apart. */
export function shortNames(engines: readonly BuiltEngine[]): readonly BuiltEngine[] {
  const bare = engines.map(({ name }) => basename(name));
  return engines.map((engine, i) =>
    bare.filter((name) => name === bare[i]).length === 1 ? { ...engine, name: bare[i]! } : engine,
  );
}

async function pathsOf(source: string): Promise<readonly string[]> {
  if (source === STDIN) return [STDIN];
  const paths = await findInputFiles(source);
  const isOne = paths.length === 1 && paths[0] === source;
  return isOne ? paths : paths.filter((path) => READABLE.test(path));
}

const nameOf = (path: string): string =>
  path === STDIN ? 'standard input' : path.replace(/\.gz$/i, '');

async function readText(path: string): Promise<EngineFile> {
  const bytes = await readBytes(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { name: nameOf(path), text: textOf(bytes) };
  try {
    return { name: nameOf(path), text: textOf(await promisify(gunzip)(bytes)) };
  } catch (error) {
    throw new Refusal(cannotUnpack(path, reasonOf(error)));
  }
}

async function readBytes(path: string): Promise<Buffer> {
  if (path === STDIN) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
    return Buffer.concat(chunks);
  }
  try {
    // A pipe or device would never end; a folder has been taken apart before.
    if (!(await stat(path)).isFile()) throw new Refusal(cannotRead(path, 'it is no regular file'));
    return await readFile(path);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(cannotRead(path, reasonOf(error)));
  }
}

/** Bytes that are no UTF-8 become U+FFFD: the reader says then what it makes of the file. */
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
