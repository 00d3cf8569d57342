import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { ByteSource } from '../core/base/byte-source.ts';
import { cannotRead } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';

/** Bytes that one read asks the system for at most; Node refuses reads of 2 GB. */
const LARGEST_READ = 256 * 1024 * 1024;

/** A file on disk, read slice by slice. Has to be closed. */
export class FileByteSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  private readonly file: FileHandle;

  private constructor(name: string, size: number, file: FileHandle) {
    this.name = name;
    this.size = size;
    this.file = file;
  }

  /** Opens `path`, to be known as `name`. Throws a `Refusal` when that fails or when it is no regular file. */
  static async open(path: string, name: string = path): Promise<FileByteSource> {
    let file: FileHandle | undefined;
    try {
      file = await open(path, 'r');
      const found = await file.stat();
      if (found.isFile()) return new FileByteSource(name, found.size, file);
    } catch (error) {
      await file?.close();
      throw new Refusal(cannotRead(name, reasonOf(error)));
    }
    await file.close();
    throw new Refusal(cannotRead(name, 'it is not a regular file'));
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    let done = 0;
    while (done < bytes.length) {
      signal?.throwIfAborted();
      const part = Math.min(LARGEST_READ, bytes.length - done);
      const { bytesRead } = await this.file.read(bytes, done, part, offset + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

/** The system's code for what went wrong (`ENOENT`), else its message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error as NodeJS.ErrnoException).code ?? error.message;
}
