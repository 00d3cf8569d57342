import { realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Model } from '../core/ir/model.ts';
import { modelChunks } from '../core/onnx/index.ts';
import type { Chunk } from '../core/onnx/index.ts';
import { checkOpset } from '../core/placement/check-opset.ts';
import { dataFileDiffers, outputIsInput } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import { externalLocations } from './external-locations.ts';
import { FileByteSource } from './file-byte-source.ts';
import { writeWholeFile } from './write-whole-file.ts';

/** Bytes of a file that are in memory at a time. */
const STEP = 16 * 1024 * 1024;

/** Where a model comes from and what may happen to files that are there. */
export interface WriteOptions {
  /** The path that the model was read from; `-` for standard input. */
  readonly input: string;
  /** The input and differing data files may be overwritten. */
  readonly force: boolean;
}

/**
 * Writes a model to `path`, as in `saveModel` but to disk, piece by piece. External data that it still refers to is copied
 * beside it when the folder is another one, so that the result can be used where it is. Throws a `Refusal`, with nothing
 * changed, when `path` is the input and that is not allowed, when another file is in the place of a data file, when new
 * nodes need a newer operator set, and where the system does not permit it.
 */
export async function writeModel(model: Model, path: string, options: WriteOptions): Promise<void> {
  const tooOld = checkOpset(model.graph, model.opsets);
  if (tooOld) throw new Refusal(tooOld);
  await refuseOverwriting(model, path, options);
  for (const { from, to } of await dataFilesToCopy(model, path, options))
    await writeWholeFile(to, fileContent(from));
  await writeWholeFile(path, contentOf(modelChunks(model)));
}

async function refuseOverwriting(model: Model, path: string, options: WriteOptions): Promise<void> {
  if (options.input === '-') return;
  if (!options.force && (await isSameFile(path, options.input)))
    throw new Refusal(outputIsInput(path));
  // Its own weights would be gone before they are copied: no --force makes that right.
  for (const location of externalLocations(model))
    if (await isSameFile(path, join(dirname(options.input), location)))
      throw new Refusal(outputIsInput(path));
}

interface DataFile {
  readonly from: string;
  readonly to: string;
}

/** Data files that `path` needs beside it and has not; standard input has no folder where they could be. */
async function dataFilesToCopy(
  model: Model,
  path: string,
  { input, force }: WriteOptions,
): Promise<readonly DataFile[]> {
  const files: DataFile[] = [];
  if (input === '-') return files;
  for (const location of externalLocations(model)) {
    const [from, to] = [join(dirname(input), location), join(dirname(path), location)];
    if (!(await exists(from)) || (await isSameFile(from, to))) continue;
    const isThere = await exists(to);
    if (isThere && (await isEqualFile(from, to))) continue;
    if (isThere && !force) throw new Refusal(dataFileDiffers(to, from));
    files.push({ from, to });
  }
  return files;
}

async function* contentOf(chunks: readonly Chunk[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    if (chunk instanceof Uint8Array) yield chunk;
    else if ('source' in chunk) {
      const { source, start, end } = chunk;
      for (let at = start; at < end; at += STEP)
        yield await source.read(at, Math.min(STEP, end - at));
    } else {
      const read = await chunk.read();
      if (!read.ok) throw new Refusal(read.error);
      yield read.value;
    }
  }
}

async function* fileContent(path: string): AsyncGenerator<Uint8Array> {
  const file = await FileByteSource.open(path);
  try {
    for (let at = 0; at < file.size; at += STEP) yield await file.read(at, STEP);
  } finally {
    await file.close();
  }
}

async function isEqualFile(a: string, b: string): Promise<boolean> {
  if ((await stat(a)).size !== (await stat(b)).size) return false;
  const [left, right] = [fileContent(a), fileContent(b)];
  try {
    for (;;) {
      const [x, y] = [await left.next(), await right.next()];
      if (x.done === true || y.done === true) return x.done === y.done;
      if (Buffer.compare(x.value, y.value) !== 0) return false;
    }
  } finally {
    await left.return(undefined);
    await right.return(undefined);
  }
}

const exists = async (path: string): Promise<boolean> => (await realPathOf(path)) !== undefined;

async function isSameFile(a: string, b: string): Promise<boolean> {
  if (resolve(a) === resolve(b)) return true;
  const [x, y] = [await realPathOf(a), await realPathOf(b)];
  if (x === undefined || y === undefined) return false;
  // Hard links and file systems that ignore case have several paths for one file.
  const [p, q] = [await stat(x), await stat(y)];
  return p.dev === q.dev && p.ino === q.ino;
}

async function realPathOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    // Not there, or not to be seen: whoever opens it says which.
    return undefined;
  }
}
