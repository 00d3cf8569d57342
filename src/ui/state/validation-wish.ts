import type { ModelSummary } from '../../api/analyze-api.ts';
import type { FeedsSpec } from '../../api/numbers-api.ts';
import type { PredictedEngine } from '../../core/sim/predicted-engine.ts';
import { countText } from './format-text.ts';
import type { ValidationWish } from './validation-state.ts';

/** Weights that the runtime can hold: the same limit as the worker's, so that nothing is started in vain. */
export const MOST_WEIGHT_BYTES = 3.2e9;

/** Names of dynamic dimensions of a model's inputs, each once. */
export const dynamicDims = ({ inputs }: Pick<ModelSummary, 'inputs'>): readonly string[] => [
  ...new Set(
    inputs.flatMap(({ shape = [] }) =>
      shape.filter((dim): dim is string => typeof dim === 'string'),
    ),
  ),
];

/** A range as typed; undefined where it is none. */
export function rangeOf(text: string): { readonly min: number; readonly max: number } | undefined {
  const parts = text.split(':').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const [min = NaN, max = NaN] = parts;
  return parts.length === 2 && Number.isFinite(min) && Number.isFinite(max) && min <= max
    ? { min, max }
    : undefined;
}

/** What an engine has that is worth following: its INT8, FP16 or the like without INT8, or nothing. */
export type Followable = 'int8' | 'other' | 'none';

/** Looks for layers that do not compute as the model is written. */
export function followable(engine: Pick<PredictedEngine, 'layers' | 'summary'> | null): Followable {
  if (engine === null) return 'none';
  if (engine.summary.int8Layers > 0) return 'int8';
  const isNarrow = engine.layers.some(
    ({ role, precision }) => role === 'compute' && precision !== 'fp32' && precision !== 'other',
  );
  return isNarrow ? 'other' : 'none';
}

/** Whether a wish has the engine followed: as chosen, else where there is INT8 in it. */
export const followsEngine = ({ engine }: ValidationWish, found: Followable): boolean =>
  found !== 'none' && (engine ?? found === 'int8');

/** The model that a wish is to be run on. */
interface WishModel {
  readonly summary: ModelSummary;
  /** It is not as it was opened. */
  readonly changed: boolean;
  /** Scales that wait for calibration. */
  readonly pending?: number;
  /** What its engine has to be followed. */
  readonly engine?: Followable;
}

/** What keeps a wish from being run on a model, as a sentence; '' where nothing does. */
export function wishProblem(
  wish: ValidationWish,
  { changed, summary, pending = 0, engine = 'none' }: WishModel,
): string {
  if (summary.initializerBytes > MOST_WEIGHT_BYTES) {
    const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
    return `The weights take ${gigabytes(summary.initializerBytes)} GB. Browsers can run up to ${gigabytes(MOST_WEIGHT_BYTES)} GB; this model can be looked at and changed here, but not run.`;
  }
  if (pending > 0)
    return `${countText(pending, 'scale waits', 'scales wait')} for calibration: the numbers mean nothing before.`;
  const isAsked =
    (wish.equivalence && changed) ||
    (wish.float && summary.quantizeCount > 0) ||
    followsEngine(wish, engine);
  if (!isAsked)
    return changed || summary.quantizeCount > 0 || engine !== 'none'
      ? 'Choose what to compare with.'
      : 'There is nothing to compare: nothing was changed, and the model has no Q/DQ.';
  // Files say their own sizes, and images may be dropped on a dynamic batch.
  const open = wish.files.length > 0 ? [] : dynamicDims(summary).filter((dim) => !wish.dims[dim]);
  if (open.length > 0) return `Give a size to ${open.join(', ')}.`;
  const odd = Object.entries(wish.ranges).find(
    ([, text]) => text.trim() !== '' && rangeOf(text) === undefined,
  );
  return odd === undefined ? '' : `The range of ${odd[0]} is written like 0:1.`;
}

/** The data of a wish, as the worker wants it. */
export function feedsOfWish(wish: ValidationWish): FeedsSpec {
  const dims = Object.fromEntries(Object.entries(wish.dims).filter(([, size]) => size > 0));
  const { files, preset, seed, samples, distribution } = wish;
  if (files.length > 0) return { kind: 'files', files, preset, dims };
  const ranges = Object.fromEntries(
    Object.entries(wish.ranges).flatMap(([name, text]) => {
      const range = rangeOf(text);
      return range === undefined ? [] : [[name, range]];
    }),
  );
  return { kind: 'random', seed, samples, distribution, ranges, dims };
}

/** The data of a wish in words. */
export function inputsText({ files, samples, seed, distribution, preset }: ValidationWish): string {
  const [first] = files;
  if (first === undefined)
    return `random data (${distribution}, ${String(samples)} samples, seed ${String(seed)})`;
  const more = files.length > 1 ? ` and ${String(files.length - 1)} more` : '';
  const isImage = !/\.(?:np[yz]|raw|bin)$/i.test(first.name);
  return `${first.name}${more}${isImage ? `, prepared as ${preset}` : ''}`;
}
