import { open, rm } from 'node:fs/promises';
import { constants } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import {
  badRequest,
  incompleteFile,
  noSpace,
  tooLarge,
  tooSlow,
  wrongContentType,
} from '../companion-diagnostics.ts';
import { reasonOf } from '../file-byte-source.ts';
import { ApiRefusal } from './api-refusal.ts';

/** How slowly a body may come. */
export interface Patience {
  /** Without a byte. */
  readonly idleMs: number;
  /** From here on the body has to have come at `leastBytesPerSecond`. */
  readonly graceMs: number;
  readonly leastBytesPerSecond: number;
}

export const USUAL_PATIENCE: Patience = {
  idleMs: 15_000,
  graceMs: 20_000,
  leastBytesPerSecond: 16 * 1024,
};

const JSON_BYTES = 256 * 1024;

/** The body as JSON. Forms cannot send that type, so that no other site can without asking, which is never answered. */
export async function readJson(request: IncomingMessage, patience: Patience): Promise<unknown> {
  requireType(request, 'application/json');
  refuseLonger(request, JSON_BYTES);
  const chunks: Buffer[] = [];
  for await (const chunk of bodyOf(request, JSON_BYTES, patience)) chunks.push(chunk);
  try {
    // Bytes that are no UTF-8 must not become names that nobody sent.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw new ApiRefusal(400, badRequest('it is not JSON'));
  }
}

/** Refuses a body, however it is announced. */
export function refuseBody(request: IncomingMessage): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (encoding !== undefined || (length !== undefined && length !== '0'))
    throw new ApiRefusal(400, badRequest('it takes no body'));
}

/**
 * Writes the body to a new file that nobody else may read, and refuses more or fewer than `sizeBytes`. What came of a body that
 * is refused is taken away again.
 */
export async function receiveFile(
  request: IncomingMessage,
  target: { readonly path: string; readonly sizeBytes: number; readonly signal: AbortSignal },
  patience: Patience,
): Promise<void> {
  const { path, sizeBytes, signal } = target;
  requireType(request, 'application/octet-stream');
  refuseLonger(request, sizeBytes);
  const { O_CREAT, O_EXCL, O_WRONLY } = constants;
  // Exclusive creation follows no link.
  const file = await open(path, O_CREAT | O_EXCL | O_WRONLY, 0o600);
  try {
    let received = 0;
    for await (const chunk of bodyOf(request, sizeBytes, patience)) {
      signal.throwIfAborted();
      await file.writeFile(chunk);
      received += chunk.length;
    }
    if (received !== sizeBytes) throw new ApiRefusal(400, incompleteFile());
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw isFull(error) ? new ApiRefusal(507, noSpace()) : error;
  }
  await file.close();
}

const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(reasonOf(error));

function requireType({ headers }: IncomingMessage, wanted: string): void {
  const [type] = (headers['content-type'] ?? '').toLowerCase().split(';');
  if (type?.trim() !== wanted || headers['content-encoding'] !== undefined)
    throw new ApiRefusal(415, wrongContentType(wanted));
}

function refuseLonger({ headers }: IncomingMessage, limit: number): void {
  const declared = headers['content-length'];
  if (declared !== undefined && Number(declared) > limit)
    throw new ApiRefusal(413, tooLarge(`${String(limit)} bytes`));
}

/** The pieces of a body, as long as they come fast enough and are not too many. */
async function* bodyOf(
  request: IncomingMessage,
  limit: number,
  { idleMs, graceMs, leastBytesPerSecond }: Patience,
): AsyncGenerator<Buffer> {
  const start = performance.now();
  let received = 0;
  const pieces = request.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  for (;;) {
    const next = await withinTime(pieces.next(), idleMs);
    if (next.done === true) return;
    received += next.value.length;
    if (received > limit) throw new ApiRefusal(413, tooLarge(`${String(limit)} bytes`));
    const elapsed = performance.now() - start;
    if (elapsed > graceMs && received < (elapsed / 1000) * leastBytesPerSecond)
      throw new ApiRefusal(408, tooSlow());
    yield next.value;
  }
}

async function withinTime<T>(answer: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new ApiRefusal(408, tooSlow()));
    }, limitMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
