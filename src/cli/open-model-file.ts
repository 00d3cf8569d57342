import { dirname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { ByteSource } from '../core/base/byte-source.ts';
import { bufferSource } from '../core/base/byte-source.ts';
import type { Model } from '../core/ir/graph.ts';
import { openModel } from '../core/onnx/index.ts';
import type { OpenedModel } from '../core/onnx/index.ts';
import { cannotUnpack } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import { externalLocations } from './external-locations.ts';
import { FileByteSource, reasonOf } from './file-byte-source.ts';

/** How standard input is written among file names, and how messages call it. */
const STDIN = '-';
const STDIN_NAME = 'standard input';

/** Bytes from which on a file's weights are left where they are: a prediction does not look at them. */
export const WINDOWS_FROM_BYTES = 8 * 1024 * 1024;

/** A model and the files that it may still read from. */
export interface ModelFile extends OpenedModel {
  close(): Promise<void>;
}

/** How messages call the model given as `path`. */
export const modelName = (path: string): string => (path === STDIN ? STDIN_NAME : path);

/**
 * Opens the model at `path`, or on standard input for `-`; gzip is unpacked. External data is taken from files beside
 * the model, never from outside its folder. Throws a `Refusal` when the model cannot be read.
 */
export async function openModelFile(path: string): Promise<ModelFile> {
  const opened: FileByteSource[] = [];
  const close = async () => {
    for (const source of opened) await source.close();
  };
  try {
    const source = await modelSource(path, opened);
    let model = await openSources([source]);
    const data = path === STDIN ? [] : await externalSources(path, model.model, opened);
    if (data.length > 0) model = await openSources([source, ...data]);
    return { ...model, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openSources(sources: readonly ByteSource[]): Promise<OpenedModel> {
  const result = await openModel(sources, { wholeFileLimit: WINDOWS_FROM_BYTES });
  if (!result.ok) throw new Refusal(result.error);
  return result.value;
}

async function modelSource(path: string, opened: FileByteSource[]): Promise<ByteSource> {
  if (path === STDIN) return unpacked(bufferSource(STDIN_NAME, await stdinBytes()));
  const file = await FileByteSource.open(path);
  opened.push(file);
  return unpacked(file);
}

let standardInput: Promise<Uint8Array> | undefined;

/** Once for all: `diff - -` names the same bytes twice. */
const stdinBytes = (): Promise<Uint8Array> => (standardInput ??= readStdin());

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}

/** The source itself, or what it unpacks to where it begins as gzip does. */
async function unpacked(source: ByteSource): Promise<ByteSource> {
  const [first, second] = await source.read(0, 2);
  if (first !== 0x1f || second !== 0x8b) return source;
  try {
    const bytes = await promisify(gunzip)(await source.read(0, source.size));
    return bufferSource(source.name.replace(/\.gz$/i, ''), bytes);
  } catch (error) {
    throw new Refusal(cannotUnpack(source.name, (error as Error).message || reasonOf(error)));
  }
}

/** The data files that tensors of `model` name and that are there; those that are not, openModel has warned about. */
async function externalSources(
  path: string,
  model: Model,
  opened: FileByteSource[],
): Promise<ByteSource[]> {
  const sources: ByteSource[] = [];
  for (const location of externalLocations(model)) {
    try {
      const source = await FileByteSource.open(join(dirname(path), normalize(location)), location);
      opened.push(source);
      sources.push(source);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return sources;
}
