import type {
  ArtefactFile,
  CompanionError,
  CompanionEvent,
  CompanionStatus,
  JobRequest,
  JobView,
} from '../../api/companion-api.ts';
import { cancelled } from '../../core/base/diagnostics.ts';
import { companionAnswerOdd, companionGone } from '../../core/base/diagnostics/companion.ts';
import type { Result } from '../../core/base/result.ts';
import { fail, ok } from '../../core/base/result.ts';
import { companionToken } from './companion-token.ts';
import { readEvents } from './read-events.ts';

/** The server sends a sign of life each 10 s. */
const SILENCE_MS = 30_000;
/** Waits between attempts to take a broken stream up again. */
const RETRY_MS = [500, 1000, 2000, 4000, 8000];

interface Sending {
  readonly signal: AbortSignal;
  readonly onProgress: (sentBytes: number) => void;
}

/** The page's end of the API of `qdq-lab serve`, on the page's own origin. */
export class CompanionClient {
  private readonly token: () => string | null;
  private readonly retryMs: readonly number[];

  constructor(token: () => string | null = companionToken, retryMs = RETRY_MS) {
    this.token = token;
    this.retryMs = retryMs;
  }

  status(signal?: AbortSignal): Promise<Result<CompanionStatus>> {
    return this.ask('status', { ...(signal && { signal }) });
  }

  announce(request: JobRequest, signal: AbortSignal): Promise<Result<JobView>> {
    const headers = { 'Content-Type': 'application/json' };
    return this.ask('jobs', { method: 'POST', headers, body: JSON.stringify(request), signal });
  }

  start(id: string): Promise<Result<JobView>> {
    return this.ask(`jobs/${id}/start`, { method: 'POST' });
  }

  /** Cancels a job that is not ended, and has one forgotten that is. */
  cancel(id: string): Promise<Result<JobView>> {
    return this.ask(`jobs/${id}`, { method: 'DELETE' });
  }

  /** Sends a file of a job. By XMLHttpRequest, because fetch does not tell how much is sent. */
  send(id: string, index: number, content: Blob, sending: Sending): Promise<Result<JobView>> {
    const { signal, onProgress } = sending;
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open('PUT', addressOf(`jobs/${id}/files/${String(index)}`));
      request.setRequestHeader('Authorization', `Bearer ${this.token() ?? ''}`);
      request.setRequestHeader('Content-Type', 'application/octet-stream');
      request.upload.onprogress = ({ loaded }) => {
        onProgress(loaded);
      };
      const stop = (): void => {
        request.abort();
      };
      signal.addEventListener('abort', stop);
      request.onloadend = () => {
        signal.removeEventListener('abort', stop);
        if (signal.aborted) resolve(fail(cancelled()));
        else if (request.status === 0) resolve(fail(companionGone()));
        else resolve(readAnswer(request.status, request.responseText));
      };
      request.send(content);
    });
  }

  /**
   * Tells every event of a job until it is ended. A stream that breaks is taken up again where it broke; the answer is a failure
   * when that does not work, or when the signal is aborted.
   */
  async follow(
    id: string,
    onEvent: (event: CompanionEvent) => void,
    signal: AbortSignal,
  ): Promise<Result<void>> {
    let last = '0';
    let failures = 0;
    while (!signal.aborted) {
      const opened = await this.open(id, last, signal);
      if (!opened.ok && opened.error.code !== companionGone().code) return opened;
      try {
        if (opened.ok)
          for await (const { id: number, data } of readEvents(opened.value, SILENCE_MS)) {
            const event = JSON.parse(data) as CompanionEvent;
            [last, failures] = [number, 0];
            onEvent(event);
            if (event.type === 'ended') return ok(undefined);
          }
      } catch {
        // Broken, or silent: taken up again below, and told if that fails.
      }
      const wait = this.retryMs[failures++];
      if (wait === undefined) return fail(companionGone());
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    return fail(cancelled());
  }

  /** A file that a build has left, as if it had been chosen in a picker. */
  async artefact(id: string, { kind, name }: ArtefactFile): Promise<Result<File>> {
    try {
      const response = await this.fetch(`jobs/${id}/artefacts/${kind}`, {});
      if (!response.ok) return readAnswer(response.status, await response.text());
      return ok(new File([await response.blob()], name));
    } catch {
      return fail(companionGone()); // Fetch rejects only where no answer came.
    }
  }

  private async open(
    id: string,
    last: string,
    signal: AbortSignal,
  ): Promise<Result<ReadableStream<Uint8Array>>> {
    try {
      const headers = { 'Last-Event-ID': last };
      const response = await this.fetch(`jobs/${id}/events`, { headers, signal });
      if (response.ok && response.body !== null) return ok(response.body);
      return readAnswer(response.status, await response.text());
    } catch {
      return fail(signal.aborted ? cancelled() : companionGone()); // As above.
    }
  }

  private async ask<T>(path: string, init: RequestInit): Promise<Result<T>> {
    try {
      const response = await this.fetch(path, init);
      return readAnswer(response.status, await response.text());
    } catch {
      return fail(init.signal?.aborted === true ? cancelled() : companionGone()); // As above.
    }
  }

  private fetch(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${this.token() ?? ''}`);
    return fetch(addressOf(path), { ...init, headers, cache: 'no-store', redirect: 'error' });
  }
}

const addressOf = (path: string): string => new URL(`companion/${path}`, document.baseURI).href;

/** What an answer says. Anything but our server's JSON comes from something else on that port. */
function readAnswer<T>(status: number, text: string): Result<T> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return fail(companionAnswerOdd(status));
  }
  if (status >= 200 && status < 300) return ok(body as T);
  const { error } = (body ?? {}) as Partial<CompanionError>;
  return fail(typeof error?.message === 'string' ? error : companionAnswerOdd(status));
}
