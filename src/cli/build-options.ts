import { basename } from 'node:path';
import { compareVersions } from '../core/sim/target.ts';
import type { BuildMode } from '../core/sim/target.ts';
import { conflictingOptions } from './cli-diagnostics.ts';
import { sameArtefacts } from './build-diagnostics.ts';
import { Refusal } from './command.ts';
import type { Arguments, Option } from './command.ts';
import { ANY_FILE, FOLDER } from './operand.ts';
import { integerOf } from './option-values.ts';
import { buildMode } from './target-option.ts';
import type { BuildSettings } from './trt/backend.ts';
import type { Batch } from './trt/build-batch.ts';
import { shapeRangesOf } from './trt/shape-ranges.ts';

const DEFAULT_RUNS = 200;
const BACKENDS = ['trtexec', 'python'] as const;

/** What `build` takes. */
export const BUILD_OPTIONS: readonly Option[] = [
  {
    name: 'out',
    value: 'DIR',
    operand: FOLDER,
    summary: 'folder for engines and what is told of them',
  },
  {
    name: 'mode',
    value: 'MODE',
    choices: ['best', 'fp16', 'int8', 'strong'],
    summary: 'how types are chosen (default best; strong from TensorRT 11.0 on)',
  },
  {
    name: 'shapes',
    value: 'NAME=DIMS,…',
    summary: 'sizes of dynamic inputs: x=1x3x224x224, or smallest:usual:largest',
  },
  {
    name: 'timing-cache',
    value: 'FILE',
    operand: ANY_FILE,
    summary: 'kernel times that builds share (default DIR/timing.cache)',
  },
  { name: 'workspace', value: 'MB', summary: 'memory that kernels may take, at most' },
  { name: 'max-tactics', value: 'N', summary: 'kernels timed for a layer, at most' },
  { name: 'runs', value: 'N', summary: `runs to time (default ${String(DEFAULT_RUNS)})` },
  { name: 'timeout', value: 'S', summary: 'seconds that one model may take' },
  { name: 'resume', summary: 'leave models that are built already, as they are wanted' },
  { name: 'keep-engine', summary: 'keep the engines (default)' },
  { name: 'no-engine', summary: 'keep what is told of the engines, not the engines' },
  {
    name: 'backend',
    value: 'WHICH',
    choices: BACKENDS,
    summary: "what builds: the program trtexec, or Python's tensorrt",
  },
  {
    name: 'trtexec',
    value: 'PATH',
    operand: ANY_FILE,
    summary: 'the trtexec to use (else $TRTEXEC, PATH, usual places)',
  },
  {
    name: 'python',
    value: 'PATH',
    operand: ANY_FILE,
    summary: 'the Python that has tensorrt (default python3)',
  },
  { name: 'host', value: 'USER@BOX', summary: 'build on another machine, over ssh' },
  { name: 'target', value: 'TARGET', summary: 'predict for this instead of what was found' },
  { name: 'dry-run', summary: 'print the commands and run nothing' },
  { name: 'json', summary: 'print the manifests, or with --dry-run the commands, as JSON' },
  { name: 'quiet', summary: 'no progress' },
];

/** The settings of a command line, for a TensorRT of this version. Throws a `Refusal` on values that cannot be read. */
export function buildSettings(args: Arguments, trtVersion: string | null): BuildSettings {
  const { values, flags } = args;
  if (flags.has('keep-engine') && flags.has('no-engine'))
    throw new Refusal(conflictingOptions('keep-engine', 'no-engine'));
  const shapes = values.get('shapes');
  const timeout = integerOf(args, 'timeout', 1);
  const strongOnly = trtVersion !== null && compareVersions(trtVersion, '11.0') >= 0;
  return {
    mode: buildMode(values.get('mode')) ?? (strongOnly ? 'strong' : 'best'),
    shapes: shapes === undefined ? {} : shapeRangesOf(shapes),
    workspaceMb: integerOf(args, 'workspace', 1) ?? null,
    maxTactics: integerOf(args, 'max-tactics', 1) ?? null,
    runs: integerOf(args, 'runs', 1) ?? DEFAULT_RUNS,
    keepEngine: !flags.has('no-engine'),
    timeoutMs: timeout === undefined ? null : 1000 * timeout,
  };
}

/** The models of a command line with what their files will begin with. Throws a `Refusal` where two would be the same. */
export function batchModels(paths: readonly string[], mode: BuildMode): Batch['models'] {
  const models = paths.map((path) => ({ path, stem: `${stemOf(path)}.${mode}` }));
  const seen = new Map<string, string>();
  for (const { path, stem } of models) {
    // Some file systems do not tell a from A.
    const other = seen.get(stem.toLowerCase());
    if (other !== undefined) throw new Refusal(sameArtefacts(other, path, stem));
    seen.set(stem.toLowerCase(), path);
  }
  return models;
}

/** `model` of `dir/model.onnx.gz`, as `predict --out` names its files. */
const stemOf = (path: string): string =>
  path === '-'
    ? 'stdin'
    : basename(path)
        .replace(/(\.onnx)?(\.gz)?$/i, '')
        .replaceAll(' ', '-');
