import { createWriteStream, rmSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { cannotWriteFile } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import { reasonOf } from './file-byte-source.ts';
import { makeFolder } from './make-folder.ts';
import { atSuddenEnd } from './trt/last-resorts.ts';

type Content = string | AsyncIterable<Uint8Array>;

/**
 * Writes `content` to `path`, making folders as needed; gzip where the name ends in .gz. The file appears whole or not at
 * all: it is written beside its place and then renamed, and an interrupt takes what there is of it away. What comes piece by
 * piece is never in memory as a whole. Throws a `Refusal` where the system does not permit it.
 */
export async function writeWholeFile(path: string, content: Content): Promise<void> {
  const part = `${path}.${String(process.pid)}.part`;
  const forget = atSuddenEnd(() => {
    rmSync(part, { force: true });
  });
  try {
    await makeFolder(dirname(path));
    await untilWritten(part, content, /\.gz$/i.test(path));
    await rename(part, path);
  } catch (error) {
    // Where there cannot be such a file, it cannot be removed either.
    await rm(part, { force: true }).catch(() => undefined);
    if (error instanceof Refusal) throw error;
    throw new Refusal(cannotWriteFile(path, reasonOf(error)));
  } finally {
    forget();
  }
}

async function untilWritten(part: string, content: Content, packed: boolean): Promise<void> {
  const source = Readable.from(typeof content === 'string' ? [Buffer.from(content)] : content);
  const target = createWriteStream(part, { flush: true });
  if (packed) await pipeline(source, createGzip(), target);
  else await pipeline(source, target);
}
