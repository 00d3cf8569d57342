import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';
import { atSuddenEnd } from './last-resorts.ts';

/** What is run. Arguments go to the program as they are; no shell sees them. */
export interface ProcessCall {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Written to standard input, which then stays open: its end tells the program that nobody waits any more. */
  readonly input?: string;
}

export interface ProcessHooks {
  /** Cancels: the process and all that it started are ended. */
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  /** A line of standard output (`out`) or standard error, without its break. */
  readonly onLine?: (line: string, stream: 'out' | 'error') => void;
}

/** How a process ended. */
export interface ProcessEnd {
  readonly kind: 'exited' | 'cancelled' | 'timed-out' | 'not-started';
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines of standard error; of a program that did not start, the system's code. */
  readonly tail: string;
}

/** How long a process has for ending by itself after it was asked to. */
const GRACE_MS = 3000;
const TAIL_LINES = 12;
/** A line that never ends is given out in pieces of this size. */
const LONGEST_LINE = 1 << 20;

/**
 * Runs a program in a process group of its own and waits for its end. When cancelled or out of time the whole group is asked to end
 * (SIGTERM) and after a few seconds made to (SIGKILL), so that nothing which it started stays behind. Never rejects.
 */
export function runProcess(call: ProcessCall, hooks: ProcessHooks = {}): Promise<ProcessEnd> {
  const { signal, timeoutMs, onLine } = hooks;
  if (signal?.aborted) return Promise.resolve(ending('cancelled'));
  const child = spawn(call.program, [...call.args], {
    ...(call.folder !== undefined && { cwd: call.folder }),
    env: { ...process.env, ...call.environment },
    // A group of its own: Ctrl+C then reaches us alone, and all of the group can be ended at once.
    detached: process.platform !== 'win32',
    stdio: 'pipe',
    windowsHide: true,
  });
  const tail: string[] = [];
  readLines(child.stdout, (line) => onLine?.(line, 'out'));
  readLines(child.stderr, (line) => {
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
    onLine?.(line, 'error');
  });
  // A program that ends before it has read its input is told by its exit, not by the broken pipe.
  child.stdin.on('error', () => undefined);
  child.stdin.write(call.input ?? '');
  if (call.input === undefined) child.stdin.end();
  return new Promise((resolve) => {
    const stopper = new Stopper(child);
    const stop = (kind: 'cancelled' | 'timed-out') => (): void => {
      stopper.stop(kind);
    };
    const cancel = stop('cancelled');
    const timer = timeoutMs === undefined ? undefined : setTimeout(stop('timed-out'), timeoutMs);
    signal?.addEventListener('abort', cancel, { once: true });
    const forget = atSuddenEnd(() => {
      killGroup(child, 'SIGKILL');
    });
    const finish = (end: ProcessEnd): void => {
      forget();
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      stopper.finish();
      resolve(end);
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined)
        finish({ ...ending('not-started'), tail: error.code ?? error.message });
    });
    child.once('close', (code, by) => {
      finish({ kind: stopper.reason ?? 'exited', code, signal: by, tail: tail.join('\n') });
    });
  });
}

const ending = (kind: ProcessEnd['kind']): ProcessEnd => ({
  kind,
  code: null,
  signal: null,
  tail: '',
});

/** Ends a process group, gently first. */
class Stopper {
  reason: 'cancelled' | 'timed-out' | undefined;
  private readonly child: ChildProcess;
  private timer: NodeJS.Timeout | undefined;

  constructor(child: ChildProcess) {
    this.child = child;
  }

  stop(reason: 'cancelled' | 'timed-out'): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    killGroup(this.child, 'SIGTERM');
    this.child.stdin?.destroy();
    this.timer = setTimeout(() => {
      killGroup(this.child, 'SIGKILL');
      // Somebody outside the group may hold its pipes open; we wait for nobody else.
      this.child.stdout?.destroy();
      this.child.stderr?.destroy();
    }, GRACE_MS);
  }

  /** After the end: members of the group that outlived its leader go too. */
  finish(): void {
    clearTimeout(this.timer);
    if (this.reason !== undefined) killGroup(this.child, 'SIGKILL');
  }
}

/** Sends a signal to a process and all that it started; that none is left is no error. */
function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split(/\r\n|[\n\r]/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
    if (rest.length > LONGEST_LINE) {
      onLine(rest);
      rest = '';
    }
  });
  stream.on('end', () => {
    rest += decoder.end();
    if (rest !== '') onLine(rest);
  });
}
