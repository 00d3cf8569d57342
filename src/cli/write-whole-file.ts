import { createWriteStream, rmSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { cannotWriteFile } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import { reasonOf } from './file-byte-source.ts';

type Content = string | AsyncIterable<Uint8Array>;

/** Files that are being written and have their last name not yet. */
const unfinished = new Set<string>();

/**
 * Writes `content` to `path`, making folders as needed; gzip where the name ends in .gz. The file appears whole or not at
 * all: it is written beside its place and then renamed, and an interrupt takes what there is of it away. What comes piece by
 * piece is never in memory as a whole. Throws a `Refusal` where the system does not permit it.
 */
export async function writeWholeFile(path: string, content: Content): Promise<void> {
  const part = `${path}.${String(process.pid)}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await untilWritten(part, content, /\.gz$/i.test(path));
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof Refusal) throw error;
    throw new Refusal(cannotWriteFile(path, reasonOf(error)));
  } finally {
    forget(part);
  }
}

async function untilWritten(part: string, content: Content, packed: boolean): Promise<void> {
  remember(part);
  const source = Readable.from(typeof content === 'string' ? [Buffer.from(content)] : content);
  const target = createWriteStream(part, { flush: true });
  if (packed) await pipeline(source, createGzip(), target);
  else await pipeline(source, target);
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

function remember(part: string): void {
  if (unfinished.size === 0) for (const signal of SIGNALS) process.on(signal, endBy);
  unfinished.add(part);
}

function forget(part: string): void {
  unfinished.delete(part);
  if (unfinished.size === 0) for (const signal of SIGNALS) process.off(signal, endBy);
}

/** Clears up and ends as the signal would have ended the process without us. */
function endBy(signal: NodeJS.Signals): void {
  for (const part of unfinished) {
    rmSync(part, { force: true });
    forget(part);
  }
  process.kill(process.pid, signal);
}
