import { ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Model } from '../ir/model.ts';
import type { Chunk, SourceRange } from './rope.ts';
import { readSource } from './tensor-bytes.ts';
import { writeModel } from './write-model.ts';

/** What a model file consists of, in order; nothing is read or copied yet. */
export function modelChunks(model: Model): readonly Chunk[] {
  return writeModel(model).chunks;
}

/** Step in which sources are read that cannot be referred to by a Blob. */
const STEP = 64 * 1024 * 1024;
/** A Blob cannot be made of one buffer of 2 GB. */
const BLOB_PART = 1024 * 1024 * 1024;

type BlobPart = Blob | Uint8Array<ArrayBuffer>;

/**
 * The model as a file. Without a change it is the original, byte for byte; else only what changed is new, and the rest
 * refers to the original, so that the size does not matter. External data stays where it is. Fails where weights can no
 * longer be read.
 */
export async function saveModel(model: Model): Promise<Result<Blob>> {
  const parts: BlobPart[] = [];
  for (const chunk of modelChunks(model)) {
    const added = await toParts(chunk);
    if (!added.ok) return added;
    parts.push(...added.value);
  }
  return ok(new Blob(parts, { type: 'application/octet-stream' }));
}

/** Blob wants to know that the bytes are in no shared buffer: ours never are. */
const asPart = (bytes: Uint8Array): BlobPart => bytes as Uint8Array<ArrayBuffer>;

async function toParts(chunk: Chunk): Promise<Result<BlobPart[]>> {
  if (chunk instanceof Uint8Array) return ok([asPart(chunk)]);
  if ('source' in chunk) return rangeParts(chunk);
  const read = await chunk.read();
  return read.ok ? ok([asPart(read.value)]) : read;
}

async function rangeParts({ source, start, end }: SourceRange): Promise<Result<BlobPart[]>> {
  if (source.blob) return ok([source.blob.slice(start, end)]);
  const parts: BlobPart[] = [];
  const step = source.resident ? BLOB_PART : STEP;
  for (let at = start; at < end; at += step) {
    const length = Math.min(step, end - at);
    const read = source.resident
      ? ok(source.resident.subarray(at, at + length))
      : await readSource(source, at, length);
    if (!read.ok) return read;
    parts.push(asPart(read.value));
  }
  return ok(parts);
}
