import { availableParallelism } from 'node:os';
import { USUAL_OPTIONS } from '../core/optimize/optimize-options.ts';
import type { OptimizeOptions } from '../core/optimize/optimize-options.ts';
import { PIPELINE, USUAL_PASSES } from '../core/passes/pipeline.ts';
import type { PassSettings } from '../core/passes/rewrite-pass.ts';
import type { Target } from '../core/sim/target.ts';
import { conflictingOptions, optionValueUnknown } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import type { Arguments, Option } from './command.ts';
import { didYouMean } from './did-you-mean.ts';
import { integerOf } from './option-values.ts';
import type { Progress } from './progress.ts';

/** What decides how a model is rewritten, the same for all verbs that do. */
export const REWRITE_OPTIONS: readonly Option[] = [
  { name: 'passes', value: 'A,B', summary: 'run these passes only (see optimize --list-passes)' },
  { name: 'with', value: 'A,B', summary: 'run these as well: passes that wait to be asked for' },
  { name: 'without', value: 'A,B', summary: 'leave these passes out' },
  { name: 'no-search', summary: 'passes only: no search for further changes of the placement' },
  {
    name: 'budget',
    value: 'N',
    summary: `engines to predict at most (default ${String(USUAL_OPTIONS.budget)})`,
  },
  {
    name: 'seed',
    value: 'N',
    summary: `order among equals in the search (default ${String(USUAL_OPTIONS.seed)})`,
  },
  {
    name: 'exclude',
    value: 'NODE,…',
    summary: 'nodes that get no Q/DQ: names with * for any characters, or type:MatMul',
  },
  {
    name: 'keep-float32',
    value: 'NODE,…',
    summary: 'nodes that stay FP32 where a pass makes the rest FP16',
  },
];

/** Names in a list with commas, without blanks around them. */
export const listOf = (args: Arguments, option: string): readonly string[] | undefined =>
  args.values
    .get(option)
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** How the command line wants a model to be rewritten. Throws a `Refusal` on passes that do not exist. */
export function rewriteOptions(
  args: Arguments,
  target: Target,
  progress: Progress,
  settings: PassSettings = {},
): OptimizeOptions {
  const [exclude, keepFloat32] = [listOf(args, 'exclude'), listOf(args, 'keep-float32')];
  return {
    target,
    passes: chosenPasses(args),
    settings: { ...settings, ...(exclude && { exclude }), ...(keepFloat32 && { keepFloat32 }) },
    budget: integerOf(args, 'budget', 1) ?? USUAL_OPTIONS.budget,
    search: !args.flags.has('no-search'),
    seed: integerOf(args, 'seed', 0) ?? USUAL_OPTIONS.seed,
    onProgress: (step, fraction) => {
      progress.update(step, fraction);
    },
    pause: breathe,
  };
}

/** Lets signals and the progress bar come in between two steps. */
export const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** Threads for one run of a model: more than these gain nothing for networks of usual size. */
export const runThreads = (): number => Math.min(4, availableParallelism());

function chosenPasses(args: Arguments): readonly string[] {
  const [only, more, less] = ['passes', 'with', 'without'].map((option) => passIds(args, option));
  if (only && more) throw new Refusal(conflictingOptions('passes', 'with'));
  const chosen = new Set([...(only ?? USUAL_PASSES.map(({ id }) => id)), ...(more ?? [])]);
  for (const id of less ?? []) chosen.delete(id);
  return [...chosen];
}

function passIds(args: Arguments, option: string): readonly string[] | undefined {
  const ids = listOf(args, option);
  const known = PIPELINE.map(({ id }) => id);
  for (const id of ids ?? [])
    if (!known.includes(id)) {
      const closest = didYouMean(id, known);
      throw new Refusal(optionValueUnknown(option, id, closest === undefined ? known : [closest]));
    }
  return ids;
}
