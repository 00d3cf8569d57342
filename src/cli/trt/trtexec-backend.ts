import { createWriteStream, existsSync } from 'node:fs';
import { copyFile, readFile, rename, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Diagnostic } from '../../core/base/diagnostic.ts';
import type { BuildLog } from '../../core/engine/build-log.ts';
import { isLogLine, logLines } from '../../core/engine/log-lines.ts';
import { readBuildLog } from '../../core/engine/read-build-log.ts';
import { readTimes } from '../../core/engine/read-times.ts';
import { versionInText, versionOfNumber } from '../../core/engine/trt-version.ts';
import {
  backendUnusable,
  builderDied,
  noTensorrt,
  refusedByTensorrt,
} from '../build-diagnostics.ts';
import type {
  Backend,
  BackendResult,
  BuildHooks,
  BuildTask,
  FoundTensorrt,
  GpuFacts,
} from './backend.ts';
import { gpuOfNvidiaSmi } from './nvidia-smi.ts';
import { problemOfEnd, problemOfText } from './process-problem.ts';
import type { ProcessEnd } from './run-process.ts';
import type { Runner } from './runner.ts';
import { trtexecOptions } from './trtexec-options.ts';
import { isTacticLine, TrtexecProgress } from './trtexec-progress.ts';

export type TrtexecProbe = { readonly found: FoundTensorrt } | { readonly problem: Diagnostic };

const PROBE_MS = 60_000;
const CACHE = 'timing.cache';
/** Where packages and archives of NVIDIA put it. */
const USUAL_PLACES: readonly string[] = [
  '/usr/src/tensorrt/bin',
  '/usr/local/tensorrt/bin',
  '/opt/tensorrt/bin',
  '/usr/bin',
  join(homedir(), 'TensorRT', 'bin'),
];

/**
 * Looks for trtexec: the one that is named, else that of the environment variable TRTEXEC, of PATH, of the usual places; on another
 * machine, the one that is named, else what its PATH and the first usual place have.
 */
export async function findTrtexec(
  runner: Runner,
  named: string | undefined,
  signal?: AbortSignal,
): Promise<TrtexecProbe> {
  const chosen = named ?? (runner.host === null ? process.env['TRTEXEC'] : undefined);
  const candidates =
    chosen !== undefined
      ? [chosen]
      : runner.host === null
        ? [placeOnPath()].filter((place) => place !== undefined)
        : ['trtexec', `${USUAL_PLACES[0] ?? ''}/trtexec`];
  let problem = noTensorrt(['there is no trtexec in PATH or the usual places']);
  for (const program of candidates) {
    const probe = await probeTrtexec(runner, program, signal);
    if ('found' in probe) return probe;
    problem = probe.problem;
  }
  return { problem };
}

/** trtexec in PATH or a usual place of this machine. */
function placeOnPath(): string | undefined {
  const name = process.platform === 'win32' ? 'trtexec.exe' : 'trtexec';
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...USUAL_PLACES];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

async function probeTrtexec(
  runner: Runner,
  program: string,
  signal?: AbortSignal,
): Promise<TrtexecProbe> {
  const versions: string[] = [];
  const end = await runner.run(
    { program, args: ['--help'] },
    {
      signal,
      timeoutMs: PROBE_MS,
      onLine: (line) => {
        const [, digits] = /\[TensorRT v([\d.]+)\]/.exec(line) ?? [];
        if (digits === undefined) return;
        const version = digits.includes('.') ? versionInText(digits) : versionOfNumber(digits);
        if (version !== null) versions.push(version);
      },
    },
  );
  const [trtVersion] = versions;
  if (end.kind !== 'exited' || trtVersion === undefined) {
    const told = problemOfEnd(end, program, 'asking for its version', PROBE_MS);
    const isTold = end.kind !== 'exited' || (end.code !== 0 && end.tail !== '');
    return {
      problem: isTold
        ? told
        : backendUnusable(program, 'it does not tell its version, as trtexec does'),
    };
  }
  const gpu = await gpuOfNvidiaSmi(runner, signal);
  return { found: { backend: 'trtexec', program, trtVersion, gpu } };
}

/** Builds with the program trtexec. */
export function trtexecBackend(runner: Runner, found: FoundTensorrt): Backend {
  return {
    found,
    host: runner.host,
    commands: (task) => [
      [found.program, ...optionsFor(runner, found, task, runner.nameOf(task, 'timingCache'))],
    ],
    build: (task, hooks) => build(runner, found, task, hooks),
  };
}

const optionsFor = (
  runner: Runner,
  { trtVersion }: FoundTensorrt,
  { outputs, settings, ...task }: BuildTask,
  timingCache: string,
): readonly string[] =>
  trtexecOptions(
    {
      model: runner.nameOf({ outputs, settings, ...task }, 'model'),
      timingCache,
      outputs,
      settings,
    },
    trtVersion ?? '0',
  );

async function build(
  runner: Runner,
  found: FoundTensorrt,
  task: BuildTask,
  hooks: BuildHooks,
): Promise<BackendResult> {
  const { timeoutMs } = task.settings;
  const args = optionsFor(runner, found, task, CACHE);
  // trtexec writes the cache in place: an interrupt in that moment may only damage a copy.
  const cache = join(task.folder, CACHE);
  if (existsSync(task.timingCache)) await copyFile(task.timingCache, cache);
  let clocks: Promise<GpuFacts | null> | undefined;
  const progress = new TrtexecProgress((step, fraction) => {
    // Clocks are of interest while the GPU works; over ssh the question would come too late.
    if (step === 'timing' && runner.host === null) clocks ??= gpuOfNvidiaSmi(runner, hooks.signal);
    hooks.onProgress(step, fraction);
  });
  const log = createWriteStream(join(task.folder, task.outputs.log));
  const gone = finished(log);
  const end = await runner.run(
    { program: found.program, args, task },
    {
      signal: hooks.signal,
      ...(timeoutMs !== null && { timeoutMs }),
      onLine: (line) => {
        const message = messageOf(line);
        progress.take(message);
        if (!isTacticLine(message)) log.write(`${line}\n`);
      },
    },
  );
  log.end();
  await gone;
  const read = readBuildLog(
    task.outputs.log,
    await readFile(join(task.folder, task.outputs.log), 'utf8'),
  );
  const told = read.ok ? read.value : null;
  if (end.kind !== 'exited' || end.code !== 0 || told?.outcome === 'failed')
    return failed(end, told, { found, step: progress.step, timeoutMs });
  if (existsSync(cache)) await rename(cache, task.timingCache);
  return built(task, told, { ...found, gpu: (await clocks) ?? found.gpu });
}

/** A line of the log without what its logger puts before it. */
function messageOf(line: string): string {
  if (!isLogLine(line)) return line;
  const [first] = logLines(line);
  return first?.text ?? line;
}

async function built(
  task: BuildTask,
  told: BuildLog | null,
  found: FoundTensorrt,
): Promise<BackendResult> {
  const { outputs, folder } = task;
  const times = await readFile(join(folder, outputs.times), 'utf8').catch(() => '');
  const latency = readTimes(outputs.times, times);
  const engine = await stat(join(folder, outputs.engine)).catch(() => undefined);
  return {
    ...ended('built', null, found, told),
    buildSeconds: told?.buildSeconds ?? null,
    engineBytes: engine?.size ?? null,
    latency: latency.ok ? latency.value : (told?.latency ?? null),
  };
}

interface Circumstances {
  readonly found: FoundTensorrt;
  readonly step: string;
  readonly timeoutMs: number | null;
}

function failed(
  end: ProcessEnd,
  told: BuildLog | null,
  { found, step, timeoutMs }: Circumstances,
): BackendResult {
  const { program } = found;
  if (end.kind === 'cancelled' || end.kind === 'timed-out')
    return ended(end.kind, problemOfEnd(end, program, step, timeoutMs), found, told);
  const errors = (told?.messages ?? []).filter(({ severity }) => severity === 'error');
  const words = errors.map(({ text }) => text.replace(/\s+/g, ' ').trim());
  const known = problemOfText(words.join('\n')) ?? problemOfText(end.tail);
  if (known || end.kind === 'not-started' || end.signal !== null || words.length === 0)
    return ended('failed', known ?? problemOfEnd(end, program, step, timeoutMs), found, told);
  const misused = words.find((text) => /^(?:Unknown option|Invalid |Must specify)/i.test(text));
  if (misused !== undefined) return ended('failed', backendUnusable(program, misused), found, told);
  const [refusal] = told?.refusals ?? [];
  const reason = refusal ? `${refusal.opType} ${refusal.node}: ${refusal.reason}` : reasonIn(words);
  return reason === undefined
    ? ended('failed', builderDied(`status ${String(end.code)}`, words.at(-1) ?? ''), found, told)
    : ended('refused', refusedByTensorrt(reason), found, told);
}

/** trtexec's own last words say only that there is no engine; TensorRT's before them say why. */
const reasonIn = (words: readonly string[]): string | undefined =>
  words.find(
    (text) =>
      !/^(?:Engine (?:set up|could not be)|Failed to (?:create|parse)|Parsing model failed|Network )/i.test(
        text,
      ),
  ) ?? words.at(0);

function ended(
  outcome: BackendResult['outcome'],
  problem: Diagnostic | null,
  found: FoundTensorrt,
  told: BuildLog | null = null,
): BackendResult {
  const name = told?.gpu ?? null;
  const gpu = found.gpu ?? (name === null ? null : { ...NO_FACTS, name, sm: told?.sm ?? null });
  return {
    outcome,
    problem,
    trtVersion: found.trtVersion ?? told?.trtVersion ?? null,
    gpu: gpu && { ...gpu, sm: gpu.sm ?? told?.sm ?? null },
    buildSeconds: null,
    engineBytes: null,
    latency: null,
  };
}

const NO_FACTS = { driver: null, memoryBytes: null, smClockMhz: null, memoryClockMhz: null };
