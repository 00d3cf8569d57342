import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { applyScales } from '../core/calibrate/apply-scales.ts';
import { calibrate } from '../core/calibrate/calibrate.ts';
import { writeCalibrationCache } from '../core/calibrate/calibration-cache.ts';
import { CALIBRATION_METHODS, DEFAULT_PERCENTILE } from '../core/calibrate/choose-scale.ts';
import { pendingScales } from '../core/calibrate/pending-scales.ts';
import { readScales, writeScaleFile } from '../core/calibrate/scale-table.ts';
import type { ScaleTable } from '../core/calibrate/scale-table.ts';
import type { ValueSummary } from '../core/calibrate/value-summary.ts';
import type { Diagnostic } from '../core/base/diagnostic.ts';
import type { Model } from '../core/ir/model.ts';
import { ortRunner } from '../ort/open-runner.ts';
import type { ScalesReport } from './change-report.ts';
import { cannotRead, needsOption } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import type { Arguments, Option } from './command.ts';
import { FEEDS_OPTIONS, FEEDS_VALUE, feedsFrom } from './feeds-option.ts';
import { reasonOf } from './file-byte-source.ts';
import { choiceOf, numberOf } from './option-values.ts';
import type { Progress } from './progress.ts';
import { breathe, runThreads } from './rewrite-options.ts';
import { writeWholeFile } from './write-whole-file.ts';
import { loadKernels } from '../../wasm/load-kernels.ts';
import { ANY_FILE } from './operand.ts';

/** What says where the scales of activations come from, the same for all verbs that place Q/DQ. */
export const SCALE_OPTIONS: readonly Option[] = [
  {
    name: 'calib',
    value: FEEDS_VALUE,
    operand: ANY_FILE,
    summary: 'calibrate with images, .npy or .npz (file, folder or "pattern*") or random:SEED',
  },
  {
    name: 'cache',
    value: 'FILE',
    operand: ANY_FILE,
    summary: "scales: TensorRT's calibration cache, or .json; read if it is there, else written",
  },
  {
    name: 'method',
    value: 'METHOD',
    choices: CALIBRATION_METHODS,
    summary: 'how ranges are chosen (default entropy)',
  },
  {
    name: 'percentile',
    value: 'P',
    summary: `share that --method percentile keeps (default ${String(DEFAULT_PERCENTILE)})`,
  },
  { name: 'recalibrate', summary: 'also replace scales that the model has' },
  ...FEEDS_OPTIONS,
];

/** A model with scales, and where they come from; `scales` is absent where none were asked for or needed. */
export interface FilledScales {
  readonly model: Model;
  readonly scales?: ScalesReport;
  readonly warnings: readonly Diagnostic[];
}

/** Names of the values whose scales still wait for calibration. */
export const pendingValues = ({ graph }: Model): readonly string[] =>
  pendingScales(graph).flatMap(({ values }) => values);

/**
 * Gives scales that wait for calibration their numbers: from the cache where it is there, else or for the rest by running
 * the model over the data, which then are kept in the cache. Throws a `Refusal` on data and files that do not read.
 */
export async function fillScales(
  model: Model,
  args: Arguments,
  progress: Progress,
): Promise<FilledScales> {
  const { values, flags } = args;
  const [cache, source] = [values.get('cache'), values.get('calib')];
  const replace = flags.has('recalibrate');
  if (replace && cache === undefined && source === undefined)
    throw new Refusal(needsOption('recalibrate', 'calib'));
  const kept = cache === undefined ? null : await readCache(cache);
  const start: FilledScales = kept
    ? fromCache(model, kept, cache ?? '', replace)
    : { model, warnings: [] };
  const isDone = kept !== null && (replace || pendingValues(start.model).length === 0);
  const needsRun = replace || pendingValues(start.model).length > 0;
  if (source === undefined || isDone || !needsRun) return start;
  const run = await calibrated(start.model, source, args, progress);
  const merged: ScaleTable = {
    ...run.table,
    scales: new Map([...(kept?.table.scales ?? []), ...run.table.scales]),
  };
  if (cache !== undefined) await writeCache(cache, merged);
  return {
    model: run.model,
    scales: reportOf(merged, source, run.values),
    warnings: [...start.warnings, ...run.warnings],
  };
}

interface KeptScales {
  readonly table: ScaleTable;
  readonly warnings: readonly Diagnostic[];
}

/** Null where there is no such file yet. */
async function readCache(path: string): Promise<KeptScales | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (reasonOf(error) === 'ENOENT') return null;
    throw new Refusal(cannotRead(path, reasonOf(error)));
  }
  const read = readScales(path, text);
  if (!read.ok) throw new Refusal(read.error);
  return read.value;
}

function fromCache(
  model: Model,
  { table, warnings }: KeptScales,
  path: string,
  replace: boolean,
): FilledScales {
  const applied = applyScales(model, table, { replace });
  const names = new Set(applied.applied);
  const scales = new Map([...table.scales].filter(([name]) => names.has(name)));
  return { model: applied.model, scales: reportOf({ ...table, scales }, path, []), warnings };
}

async function writeCache(path: string, table: ScaleTable): Promise<void> {
  const isJson = extname(path).toLowerCase() === '.json';
  const text = isJson
    ? { ok: true as const, value: writeScaleFile(table) }
    : writeCalibrationCache(table);
  if (!text.ok) throw new Refusal(text.error);
  await writeWholeFile(path, text.value);
}

async function calibrated(
  model: Model,
  source: string,
  args: Arguments,
  progress: Progress,
): Promise<{
  readonly model: Model;
  readonly table: ScaleTable;
  readonly values: readonly ValueSummary[];
  readonly warnings: readonly Diagnostic[];
}> {
  const feeds = await feedsFrom(source, model.graph, args);
  const percentile = numberOf(args, 'percentile');
  const done = await calibrate(model, feeds, {
    method: choiceOf(args, 'method', CALIBRATION_METHODS) ?? 'entropy',
    ...(percentile !== undefined && { percentile }),
    replace: args.flags.has('recalibrate'),
    openRunner: ortRunner({ threads: runThreads() }),
    kernels: await loadKernels(),
    pause: breathe,
    onProgress: ({ batch, group, groups }) => {
      const share = feeds.count === undefined ? 0 : Math.min(1, batch / feeds.count);
      progress.update('Calibrating', (group - 1 + share) / groups);
    },
  });
  if (!done.ok) throw new Refusal(done.error);
  const { scales: table, statistics: values, warnings } = done.value;
  return { model: done.value.model, table, values, warnings };
}

const reportOf = (
  { method, scales }: ScaleTable,
  source: string,
  values: readonly ValueSummary[],
): ScalesReport => ({ method, source, scales: Object.fromEntries(scales), values });
