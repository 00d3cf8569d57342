import type { Diagnostic } from '../../core/base/diagnostic.ts';
import { compareVersions } from '../../core/sim/target.ts';
import type { BuildMode } from '../../core/sim/target.ts';
import {
  cudaFailed,
  diskFull,
  driverTooOld,
  fileTrouble,
  libraryMissing,
  modeNotBuilt,
  noDriver,
  noGpu,
  noTensorrt,
  notWithBackend,
  outOfGpuMemory,
  outOfHostMemory,
  refusedByTensorrt,
  shapesNeeded,
} from '../build-diagnostics.ts';
import { Refusal } from '../command.ts';
import type { Backend, BackendResult, BuildHooks, BuildTask, FoundTensorrt } from './backend.ts';
import { problemOfEnd, problemOfText } from './process-problem.ts';
import { gpuOfHello, pythonEvent } from './python-events.ts';
import type { DoneEvent, PythonEvent } from './python-events.ts';
import type { ProcessEnd } from './run-process.ts';
import type { Runner } from './runner.ts';

const SCRIPT = 'build_engine.py';
/** How long TensorRT may take to load before it is thought to hang. */
const PROBE_MS = 120_000;

/** What a Python says about its TensorRT, or why it cannot be used. */
export type PythonProbe = { readonly found: FoundTensorrt } | { readonly problem: Diagnostic };

/** Asks `program`, a Python, for its TensorRT and GPU. */
export async function probePython(
  runner: Runner,
  program: string,
  signal?: AbortSignal,
): Promise<PythonProbe> {
  const heard = new Heard();
  const end = await runner.run(
    { program, args: scriptArguments(runner), input: `${JSON.stringify({ probe: true })}\n` },
    { signal, timeoutMs: PROBE_MS, onLine: heard.line },
  );
  const { hello } = heard;
  if (!hello || heard.last?.event === 'failed')
    return {
      problem: heard.problem(end, {
        program,
        mode: '',
        step: 'loading TensorRT',
        timeoutMs: PROBE_MS,
      }),
    };
  return {
    found: { backend: 'python', program, trtVersion: hello.trt, gpu: gpuOfHello(hello.gpu) },
  };
}

/** Builds with Python's `tensorrt`, by the program of ours that is sent to it. */
export function pythonBackend(runner: Runner, found: FoundTensorrt): Backend {
  const words = (task: BuildTask): readonly string[] => [
    ...scriptArguments(runner),
    requestText(runner, task),
  ];
  return {
    found,
    host: runner.host,
    commands: (task) => {
      checkMode(task.settings.mode, found.trtVersion);
      return [[found.program, ...words(task)]];
    },
    build: (task, hooks) => build(runner, found, task, hooks),
  };
}

/** Throws a `Refusal` for a mode that this version does not have. */
function checkMode(mode: BuildMode, version: string | null): void {
  if (version === null) return;
  const isStrong = mode === 'strong';
  const hasStrong = compareVersions(version, '10.0') >= 0;
  if (isStrong ? !hasStrong : compareVersions(version, '11.0') >= 0)
    throw new Refusal(modeNotBuilt(mode, version));
}

/** No bytecode files beside the program, and no line held back. */
const scriptArguments = (runner: Runner): readonly string[] => ['-B', '-u', runner.ownFile(SCRIPT)];

function requestText(runner: Runner, task: BuildTask): string {
  const { mode, shapes, workspaceMb, maxTactics, runs, keepEngine } = task.settings;
  return JSON.stringify({
    model: runner.nameOf(task, 'model'),
    mode,
    shapes,
    workspaceMb,
    maxTactics,
    runs,
    timingCache: runner.nameOf(task, 'timingCache'),
    ...task.outputs,
    engine: keepEngine ? task.outputs.engine : null,
  });
}

async function build(
  runner: Runner,
  found: FoundTensorrt,
  task: BuildTask,
  hooks: BuildHooks,
): Promise<BackendResult> {
  const heard = new Heard(hooks);
  const { timeoutMs, mode } = task.settings;
  const end = await runner.run(
    {
      program: found.program,
      args: scriptArguments(runner),
      input: `${requestText(runner, task)}\n`,
      task,
    },
    { signal: hooks.signal, ...(timeoutMs !== null && { timeoutMs }), onLine: heard.line },
  );
  const facts = {
    trtVersion: heard.hello?.trt ?? found.trtVersion,
    gpu: heard.hello ? gpuOfHello(heard.hello.gpu) : found.gpu,
  };
  if (heard.done && end.kind === 'exited') return built(heard.done, facts);
  const problem = heard.problem(end, { program: found.program, mode, step: heard.step, timeoutMs });
  const refused = problem.code === 'build/refused';
  const stopped = end.kind === 'cancelled' || end.kind === 'timed-out';
  const outcome = stopped ? end.kind : refused ? 'refused' : 'failed';
  return { outcome, problem, ...facts, buildSeconds: null, engineBytes: null, latency: null };
}

function built(done: DoneEvent, facts: Pick<BackendResult, 'trtVersion' | 'gpu'>): BackendResult {
  const { smClockMhz, memoryClockMhz } = done;
  const computeMedianUs = 1000 * done.computeMedianMs;
  return {
    outcome: 'built',
    problem: null,
    trtVersion: facts.trtVersion,
    gpu: facts.gpu && { ...facts.gpu, smClockMhz, memoryClockMhz },
    buildSeconds: done.buildSeconds,
    engineBytes: done.engineBytes,
    latency: {
      runs: done.runs,
      computeMedianUs,
      computeP95Us: 1000 * done.computeP95Ms,
      latencyMedianUs: computeMedianUs,
    },
  };
}

interface Circumstances {
  readonly program: string;
  readonly mode: string;
  readonly step: string;
  readonly timeoutMs: number | null;
}

/** Collects what the program tells. */
class Heard {
  hello: Extract<PythonEvent, { event: 'hello' }> | undefined;
  done: DoneEvent | undefined;
  last: PythonEvent | undefined;
  step = 'starting';
  private readonly hooks: BuildHooks | undefined;

  constructor(hooks?: BuildHooks) {
    this.hooks = hooks;
  }

  readonly line = (line: string, stream: 'out' | 'error'): void => {
    const event = stream === 'out' ? pythonEvent(line) : undefined;
    if (!event) return;
    this.last = event;
    if (event.event === 'hello') this.hello = event;
    if (event.event === 'done') this.done = event;
    if (event.event === 'note') this.hooks?.onNote(event.text);
    if (event.event === 'progress') {
      this.step = event.step;
      this.hooks?.onProgress(event.step, event.fraction);
    }
  };

  /** Why there is no engine. */
  problem(end: ProcessEnd, { program, mode, step, timeoutMs }: Circumstances): Diagnostic {
    const { last } = this;
    if (end.kind !== 'exited') return problemOfEnd(end, program, step, timeoutMs);
    if (last?.event === 'refused')
      return problemOfText(last.reason) ?? refusedByTensorrt(last.reason);
    if (last?.event === 'failed')
      return problemOfCode(last.code, last.reason, {
        program,
        mode,
        version: this.hello?.trt ?? '',
      });
    return problemOfEnd(end, program, step, timeoutMs);
  }
}

function problemOfCode(
  code: string,
  reason: string,
  {
    program,
    mode,
    version,
  }: { readonly program: string; readonly mode: string; readonly version: string },
): Diagnostic {
  const known: Readonly<Record<string, (reason: string) => Diagnostic>> = {
    'no-tensorrt': () => noTensorrt([`${program}: ${reason}`]),
    'no-library': libraryMissing,
    'no-driver': noDriver,
    'no-gpu': noGpu,
    'driver-mismatch': driverTooOld,
    cuda: cudaFailed,
    'gpu-memory': outOfGpuMemory,
    'host-memory': outOfHostMemory,
    'disk-full': diskFull,
    file: fileTrouble,
    shapes: shapesNeeded,
    mode: () => modeNotBuilt(mode, version),
    version: () => notWithBackend('The model', reason, 'Use TensorRT 8.2 or newer.'),
  };
  return (known[code] ?? fileTrouble)(reason);
}
