import { createHash } from 'node:crypto';
import { mkdir, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, normalize, resolve } from 'node:path';
import type { ByteSource } from '../../core/base/byte-source.ts';
import { externalLocations } from '../external-locations.ts';
import { FileByteSource } from '../file-byte-source.ts';
import { openModelFile } from '../open-model-file.ts';
import type { ModelFile } from '../open-model-file.ts';
import { writeWholeFile } from '../write-whole-file.ts';

/** A model that is to be built. Has to be closed. */
export interface BuildInput {
  /** File name without folder; `stdin` for standard input. */
  readonly name: string;
  /** Of the file as it is given; where the model has external data, of the file and then of the data in the order of names. */
  readonly sha256: string;
  /** Of the same bytes. */
  readonly sizeBytes: number;
  /** External data, by the names that the model uses: only what is there. */
  readonly data: readonly string[];
  /**
   * A file that TensorRT's parser can read: the given one, or where that is packed or no file, one in `folder` with links to the
   * data.
   */
  place(folder: string): Promise<string>;
  close(): Promise<void>;
}

const STDIN = '-';
const STEP = 16 * 1024 * 1024;

/** Reads the model at `path`, or on standard input for `-`, as far as a build needs. Throws a `Refusal` when it cannot be read. */
export async function openBuildInput(path: string): Promise<BuildInput> {
  const file = await openModelFile(path);
  try {
    const data = path === STDIN ? [] : await presentData(file, path);
    const hash = createHash('sha256');
    const sizeBytes = await digest(file.source, path, data, hash);
    return {
      name: path === STDIN ? 'stdin' : basename(path),
      sha256: hash.digest('hex'),
      sizeBytes,
      data,
      place: (folder) => place(file.source, path, data, folder),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Adds the bytes that make up a model to a hash; returns how many. */
async function digest(
  source: ByteSource,
  path: string,
  data: readonly string[],
  hash: ReturnType<typeof createHash>,
): Promise<number> {
  const parts = [path, ...data.map((location) => beside(path, location))];
  let size = 0;
  for (const part of parts)
    for await (const bytes of part === STDIN ? contentOf(source) : contentOfFile(part)) {
      hash.update(bytes);
      size += bytes.length;
    }
  return size;
}

async function place(
  source: ByteSource,
  path: string,
  data: readonly string[],
  folder: string,
): Promise<string> {
  if (source instanceof FileByteSource) return resolve(path);
  const target = join(folder, 'model.onnx');
  await writeWholeFile(target, contentOf(source));
  for (const location of data) {
    const link = join(folder, normalize(location));
    await mkdir(dirname(link), { recursive: true });
    await symlink(resolve(beside(path, location)), link);
  }
  return target;
}

const beside = (path: string, location: string): string => join(dirname(path), normalize(location));

async function presentData({ model }: ModelFile, path: string): Promise<readonly string[]> {
  const present: string[] = [];
  for (const location of [...externalLocations(model)].sort())
    if (await isFile(beside(path, location))) present.push(location);
  return present;
}

const isFile = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

async function* contentOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.size; at += STEP)
    yield await source.read(at, Math.min(STEP, source.size - at));
}

async function* contentOfFile(path: string): AsyncGenerator<Uint8Array> {
  const file = await FileByteSource.open(path);
  try {
    yield* contentOf(file);
  } finally {
    await file.close();
  }
}
