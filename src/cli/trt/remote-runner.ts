import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { hostInvalid } from '../build-diagnostics.ts';
import { Refusal } from '../command.ts';
import { OUTPUTS } from './backend.ts';
import { atSuddenEnd } from './last-resorts.ts';
import { PYTHON_FOLDER } from './runner.ts';
import type { Job, Runner } from './runner.ts';
import type { ProcessEnd, ProcessHooks } from './run-process.ts';
import { shellQuoted } from './shell-quote.ts';

/** Files of ours that a job may name. */
const OWN_FILES = ['build_engine.py', 'cuda_driver.py', 'engine_run.py'] as const;
const CACHE = 'timing.cache';
const MODEL = 'model.onnx';
const STEP = 4 * 1024 * 1024;
/** What the other side runs: its first line of input is the program, as a JSON string, so that nothing is put into this text. */
const BOOTSTRAP =
  'import sys,json;exec(compile(json.loads(sys.stdin.buffer.readline().decode()),"remote_agent.py","exec"))';

/** A host as ssh takes it, and never an option. Throws a `Refusal` on anything else. */
export function checkedHost(host: string): string {
  if (!/^(?:[\w.+][\w.+-]*@)?(?:[A-Za-z0-9][\w.-]*|\[[0-9A-Fa-f:.]+\])$/.test(host))
    throw new Refusal(hostInvalid(host));
  return host;
}

/**
 * Runs programs on another machine by the user's own ssh: one connection for each, over which files go there and back. `python` is
 * the Python there.
 */
export function remoteRunner(host: string, python: string): Runner {
  return {
    host: checkedHost(host),
    nameOf: (_task, file) => (file === 'model' ? MODEL : CACHE),
    ownFile: (name) => name,
    run: (job, hooks) => runRemotely(host, python, job, hooks),
  };
}

interface Sent {
  readonly name: string;
  readonly path: string;
  readonly size: number;
}

async function filesOf({ args, task }: Job): Promise<readonly Sent[]> {
  const own = OWN_FILES.some((name) => args.includes(name))
    ? OWN_FILES.map((name) => [name, new URL(name, PYTHON_FOLDER).pathname] as const)
    : [];
  const model = task
    ? [
        [MODEL, task.model] as const,
        ...task.data.map((name) => [name, join(dirname(task.model), name)] as const),
        ...(existsSync(task.timingCache) ? [[CACHE, task.timingCache] as const] : []),
      ]
    : [];
  return Promise.all(
    [...own, ...model].map(async ([name, path]) => ({
      name,
      path,
      size: (await stat(path)).size,
    })),
  );
}

/** How long the other side has for clearing up after a cancel, before the connection is cut. */
const GRACE_MS = 8000;

async function runRemotely(
  host: string,
  python: string,
  job: Job,
  { signal, timeoutMs, onLine }: ProcessHooks,
): Promise<ProcessEnd> {
  if (signal?.aborted) return { kind: 'cancelled', code: null, signal: null, tail: '' };
  const files = await filesOf(job);
  const command = `${shellQuoted(python)} -c ${shellQuoted(BOOTSTRAP)}`;
  const child = spawn('ssh', ['-T', '-o', 'BatchMode=yes', '--', host, command], {
    detached: process.platform !== 'win32',
    stdio: 'pipe',
  });
  const forget = atSuddenEnd(() => child.kill('SIGKILL'));
  const tail: string[] = [];
  const said = (line: string, stream: 'out' | 'error'): void => {
    if (stream === 'error') tail.splice(0, Math.max(0, tail.push(line) - 12));
    onLine?.(line, stream);
  };
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.trimEnd().split('\n')) said(line, 'error');
  });
  child.stdin.on('error', () => undefined);
  let stopped: 'cancelled' | 'timed-out' | undefined;
  let cut: NodeJS.Timeout | undefined;
  const stop = (why: 'cancelled' | 'timed-out') => (): void => {
    stopped ??= why;
    // The end of its input tells the other side to end the program and to clear up.
    child.stdin.end();
    cut ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  };
  const cancel = stop('cancelled');
  signal?.addEventListener('abort', cancel, { once: true });
  const timer = timeoutMs === undefined ? undefined : setTimeout(stop('timed-out'), timeoutMs);
  const closed = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('close', () => {
      resolve(undefined);
    });
  });
  const answer = receive(child.stdout, job, said);
  await send(child.stdin, job, files);
  const [end, problem] = await Promise.all([answer, closed]);
  clearTimeout(timer);
  clearTimeout(cut);
  signal?.removeEventListener('abort', cancel);
  forget();
  if (stopped !== undefined)
    return { kind: stopped, code: null, signal: null, tail: tail.join('\n') };
  if (end === undefined)
    return {
      kind: 'not-started',
      code: null,
      signal: null,
      tail: problem ?? tail.at(-1) ?? 'the connection ended',
    };
  if (end.error !== null) return { kind: 'not-started', code: null, signal: null, tail: end.error };
  return { kind: 'exited', code: end.code, signal: end.signal, tail: tail.join('\n') };
}

/** The program of the other side, what it is asked for, and the files. The input stays open. */
async function send(stream: Writable, job: Job, files: readonly Sent[]): Promise<void> {
  const agent = await readFile(new URL('remote_agent.py', PYTHON_FOLDER), 'utf8');
  const request = {
    program: job.program,
    arguments: job.args,
    input: job.input ?? null,
    files: files.map(({ name, size }) => ({ name, size })),
    outputs: job.task ? [...Object.values(OUTPUTS), CACHE] : [],
  };
  stream.write(`${JSON.stringify(agent)}\n${JSON.stringify(request)}\n`);
  for (const { path } of files) {
    const file = await open(path);
    try {
      for await (const chunk of file.createReadStream({ highWaterMark: STEP })) {
        if (stream.destroyed) return;
        if (!stream.write(chunk)) await Promise.race([drained(stream), ended(stream)]);
      }
    } finally {
      await file.close().catch(() => undefined);
    }
  }
}

const drained = (stream: Writable): Promise<void> =>
  new Promise((resolve) => stream.once('drain', resolve));
const ended = (stream: Writable): Promise<void> =>
  new Promise((resolve) => stream.once('close', resolve));

interface RemoteEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error: string | null;
}
interface Fact {
  readonly line?: string;
  readonly stream?: 'out' | 'error';
  readonly file?: string;
  readonly size?: number;
  readonly end?: RemoteEnd;
}

/** Takes lines, files and the end; undefined where the connection ended before. */
async function receive(
  stream: Readable,
  { task }: Job,
  said: (line: string, stream: 'out' | 'error') => void,
): Promise<RemoteEnd | undefined> {
  let rest = Buffer.alloc(0);
  let wanted: { readonly name: string; readonly size: number } | undefined;
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    for (;;) {
      if (wanted) {
        if (rest.length < wanted.size) break;
        if (task) await keep(task, wanted.name, rest.subarray(0, wanted.size));
        rest = rest.subarray(wanted.size);
        wanted = undefined;
        continue;
      }
      const at = rest.indexOf(10);
      if (at < 0) break;
      const fact = JSON.parse(rest.subarray(0, at).toString()) as Fact;
      rest = rest.subarray(at + 1);
      if (fact.line !== undefined) said(fact.line, fact.stream ?? 'out');
      if (fact.file !== undefined) wanted = { name: fact.file, size: fact.size ?? 0 };
      if (fact.end) return fact.end;
    }
  }
  return undefined;
}

/** Only what was asked for has a place here. */
async function keep(task: NonNullable<Job['task']>, name: string, data: Buffer): Promise<void> {
  if (name === CACHE) {
    const part = join(task.folder, CACHE);
    await writeFile(part, data);
    await rename(part, task.timingCache);
  } else if (Object.values<string>(OUTPUTS).includes(name))
    await writeFile(join(task.folder, name), data);
}
