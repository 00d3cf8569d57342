import { join } from 'node:path';
import { parseTarget } from '../../core/sim/parse-target.ts';
import { batchModels, BUILD_OPTIONS, buildSettings } from '../build-options.ts';
import { batchTable, foundText } from '../build-text.ts';
import { needsOption, wrongArguments } from '../cli-diagnostics.ts';
import { Refusal } from '../command.ts';
import type { Arguments, Command, ExitCode } from '../command.ts';
import { describeDiagnostic } from '../describe-diagnostic.ts';
import { choiceOf } from '../option-values.ts';
import { MODEL } from '../operand.ts';
import { packageVersion } from '../package-version.ts';
import { printable } from '../plain-text.ts';
import { progressOf } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { OUTPUTS } from '../trt/backend.ts';
import type { Backend, BuildSettings, BuildTask } from '../trt/backend.ts';
import { buildBatch } from '../trt/build-batch.ts';
import type { Batch, BatchRow } from '../trt/build-batch.ts';
import { dryRun } from '../trt/dry-run.ts';
import { findBackend } from '../trt/find-backend.ts';
import { withInterrupts } from '../trt/interrupts.ts';
import { localRunner } from '../trt/local-runner.ts';
import { remoteRunner } from '../trt/remote-runner.ts';
import type { Runner } from '../trt/runner.ts';

/** `qdq-lab build MODEL… --out DIR`: real engines by the TensorRT of a machine with a GPU. */
export const build: Command = {
  name: 'build',
  summary: 'build real engines with the TensorRT of this or another machine',
  usage: 'MODEL… --out DIR',
  operands: [MODEL],
  details: [
    'Builds each MODEL (.onnx or .onnx.gz, external data beside it, - for standard input) with TensorRT, times it with\n' +
      'random numbers, and leaves in DIR the engine, its layers, profile, times and build log, the prediction for what was\n' +
      'really there, and a manifest: MODEL.MODE.engine, .layer.json, .profile.json, .times.json, .build.log,\n' +
      '.prediction.json, .manifest.json.',
    "The program trtexec does it where it is found, else Python's package tensorrt; nothing else is needed. Models are\n" +
      'built one after the other and share their kernel times; where one fails the others go on. Ctrl+C stops and leaves\n' +
      'nothing unfinished; --resume goes on.',
    'With --host the other machine needs ssh, python3 and tensorrt (or trtexec); models go there, and nothing stays.',
    'Exit code 1 says that a model was not built, 2 that no model could be read or no TensorRT was found.',
  ],
  options: BUILD_OPTIONS,
  examples: [
    'qdq-lab build model.onnx --out engines',
    'qdq-lab build models/*.onnx --out engines --resume --no-engine',
    'qdq-lab build model.onnx --out engines --shapes input=1x3x224x224:8x3x224x224:16x3x224x224',
    'qdq-lab build model.onnx --out engines --host me@gpu-box',
    'qdq-lab build model.onnx --out engines --dry-run',
  ],
  run,
};

async function run(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { positionals, values, flags } = args;
  if (positionals.length === 0) throw new Refusal(wrongArguments('build', 'a model', 0));
  const folder = values.get('out');
  if (folder === undefined) throw new Refusal(needsOption('build', 'out'));
  const target = values.get('target');
  checkTarget(target);
  // Before anything is started: bad values of options are told at once.
  buildSettings(args, null);
  if (flags.has('dry-run')) return dryRun(args, folder, terminal);
  return withInterrupts(async (signal) => {
    const backend = await findBackend(runnerOf(args), wishOf(args), signal);
    if (!flags.has('quiet')) terminal.warn(`qdq-lab: ${foundText(backend.found, backend.host)}`);
    const settings = buildSettings(args, backend.found.trtVersion);
    // What this TensorRT cannot do is told before the first model, not at each.
    backend.commands(sampleTask(folder, settings));
    const batch: Batch = {
      models: batchModels(positionals, settings.mode),
      folder,
      timingCache: values.get('timing-cache') ?? join(folder, 'timing.cache'),
      settings,
      target,
      resume: flags.has('resume'),
      producer: `qdq-lab ${await packageVersion()}`,
    };
    const rows = await work(batch, backend, { args, terminal, signal });
    await report(rows, args, terminal);
    return exitCodeOf(rows);
  });
}

/** As everywhere, 2 says that nothing could be begun; what TensorRT says no to is found, not bad use. */
function exitCodeOf(rows: readonly BatchRow[]): ExitCode {
  if (rows.every(({ manifest }) => manifest === null)) return 2;
  return rows.every(({ manifest }) => manifest?.outcome === 'built') ? 0 : 1;
}

async function work(
  batch: Batch,
  backend: Backend,
  { args, terminal, signal }: { args: Arguments; terminal: Terminal; signal: AbortSignal },
): Promise<readonly BatchRow[]> {
  const progress = progressOf(terminal, args.flags.has('quiet'));
  const say = (line: string): void => {
    progress.end();
    terminal.warn(line);
  };
  try {
    return await buildBatch(batch, backend, {
      signal,
      onProgress: (step, fraction) => {
        progress.update(step, fraction);
      },
      onNote: (path, text) => {
        say(printable(`qdq-lab: ${path}: note: ${text}`));
      },
      onRow: ({ path, problem }) => {
        if (problem) say(describeDiagnostic(problem, path));
      },
    });
  } finally {
    progress.end();
  }
}

async function report(
  rows: readonly BatchRow[],
  { flags }: Arguments,
  terminal: Terminal,
): Promise<void> {
  if (!flags.has('json')) await terminal.write(batchTable(rows, terminal));
  else {
    const manifests = rows.map(({ manifest }) => manifest);
    const [only] = manifests;
    const shown = manifests.length === 1 ? only : manifests;
    await terminal.write(`${JSON.stringify(shown, null, 1)}\n`);
  }
}

const sampleTask = (folder: string, settings: BuildSettings): BuildTask => ({
  model: 'model.onnx',
  data: [],
  folder,
  outputs: OUTPUTS,
  timingCache: 'timing.cache',
  settings,
});

/** A target that cannot be read is told before hours of building. */
function checkTarget(target: string | undefined): void {
  const parsed = target === undefined ? undefined : parseTarget(target);
  if (parsed && !parsed.ok) throw new Refusal(parsed.error);
}

const wishOf = (args: Arguments) => ({
  backend: choiceOf(args, 'backend', ['trtexec', 'python']),
  trtexec: args.values.get('trtexec'),
  python: args.values.get('python'),
});

function runnerOf({ values }: Arguments): Runner {
  const host = values.get('host');
  return host === undefined ? localRunner : remoteRunner(host, values.get('python') ?? 'python3');
}
