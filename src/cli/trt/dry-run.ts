import { join, resolve } from 'node:path';
import { ARTEFACT_ENDINGS } from '../../core/engine/build-manifest.ts';
import { DEFAULT_TARGET } from '../../core/sim/parse-target.ts';
import { batchModels, buildSettings } from '../build-options.ts';
import type { Arguments, ExitCode } from '../command.ts';
import { modelName } from '../open-model-file.ts';
import type { Terminal } from '../terminal.ts';
import { OUTPUTS } from './backend.ts';
import type { BuildTask, FoundTensorrt, Output } from './backend.ts';
import { localRunner } from './local-runner.ts';
import { pythonBackend } from './python-backend.ts';
import { commandLine } from './shell-quote.ts';
import { trtexecBackend } from './trtexec-backend.ts';

/** What `build --dry-run --json` prints for each model. */
export interface PlannedBuild {
  readonly model: string;
  /** Programs with their arguments, in the order in which they run. */
  readonly commands: readonly (readonly string[])[];
}

/**
 * Prints the commands of a build and runs nothing, not even to ask for versions: `--target` says which TensorRT they are for.
 * They leave their files in DIR by the same names.
 */
export async function dryRun(
  args: Arguments,
  folder: string,
  terminal: Terminal,
): Promise<ExitCode> {
  const { values } = args;
  const [, trtVersion = null] = /^trt([\d.]+)-/i.exec(values.get('target') ?? DEFAULT_TARGET) ?? [];
  const isPython =
    values.get('backend') === 'python' || (values.has('python') && !values.has('trtexec'));
  const found: FoundTensorrt = {
    backend: isPython ? 'python' : 'trtexec',
    program: isPython
      ? (values.get('python') ?? 'python3')
      : (values.get('trtexec') ?? process.env['TRTEXEC'] ?? 'trtexec'),
    trtVersion,
    gpu: null,
  };
  const backend = (isPython ? pythonBackend : trtexecBackend)(localRunner, found);
  const settings = buildSettings(args, trtVersion);
  const planned: PlannedBuild[] = [];
  for (const { path, stem } of batchModels(args.positionals, settings.mode)) {
    const task: BuildTask = {
      model: path,
      data: [],
      folder,
      outputs: Object.fromEntries(
        (Object.keys(OUTPUTS) as Output[]).map((output) => [
          output,
          resolve(folder, `${stem}${ARTEFACT_ENDINGS[output]}`),
        ]),
      ) as Record<Output, string>,
      timingCache: resolve(values.get('timing-cache') ?? join(folder, 'timing.cache')),
      settings,
    };
    planned.push({ model: modelName(path), commands: backend.commands(task) });
  }
  const lines = planned.flatMap(({ commands }) =>
    commands.map((words) => `${commandLine(words)}\n`),
  );
  const isJson = args.flags.has('json');
  await terminal.write(isJson ? `${JSON.stringify(planned, null, 1)}\n` : lines.join(''));
  return 0;
}
