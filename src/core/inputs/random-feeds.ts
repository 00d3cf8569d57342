import { randomRangeInvalid } from '../base/diagnostics/inputs.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Graph } from '../ir/graph.ts';
import { encodeSmallFloat } from '../ir/small-floats.ts';
import { elementCount } from '../ir/tensor.ts';
import { inputDims } from './input-dims.ts';
import type { DimSizes } from './input-dims.ts';
import { derivedSeed, RandomNumbers } from './random-numbers.ts';
import { RUN_ARRAYS } from './run-arrays.ts';
import type { RunDataType } from './run-arrays.ts';
import type { Feeds, RunData, RunTensor } from './run-tensor.ts';

/** Numbers from `min` to `max`, integers with both ends. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
}

/** What random data is like. */
export interface RandomSettings {
  readonly seed: number;
  /** How many feeds. */
  readonly samples: number;
  /**
   * Floats: `normal` with mean 0 and deviation 1, or `uniform` from 0 to 1, where no range is given. An input with a range is
   * uniform. Other types are always uniform: bytes over all they hold, bool and wider integers over 0 and 1, which are valid
   * as masks and as ids of any table.
   */
  readonly distribution: 'normal' | 'uniform';
  /** Ranges by name of input, for example of token ids. */
  readonly ranges?: Readonly<Record<string, NumberRange>>;
  /** Sizes of dynamic dimensions. */
  readonly dims?: DimSizes;
}

/** An input, and how to fill it. */
interface Plan {
  readonly name: string;
  readonly dataType: RunDataType;
  readonly dims: readonly number[];
  /** Undefined for normal numbers. */
  readonly range: NumberRange | undefined;
}

/**
 * Random feeds for every input of `graph`. Sample number i is the same however many are asked for, and the stream can be
 * walked again. Fails on dynamic dimensions without a size, and on types and ranges for which no numbers can be drawn.
 */
export function randomFeeds(graph: Graph, settings: RandomSettings): Result<Iterable<Feeds>> {
  const plans: Plan[] = [];
  for (const input of graph.inputs) {
    const known = inputDims(input, settings.dims ?? {});
    if (!known.ok) return known;
    const range = rangeOf(input.name, known.value.dataType, settings);
    if (!range.ok) return range;
    plans.push({ name: input.name, ...known.value, range: range.value });
  }
  const { seed, samples } = settings;
  return ok({
    *[Symbol.iterator]() {
      for (let sample = 0; sample < samples; sample++)
        yield new Map(plans.map((plan) => [plan.name, drawn(plan, seed, sample)]));
    },
  });
}

/** What whole numbers fit; beyond 2^53 doubles have gaps. */
const LIMITS: Readonly<Partial<Record<RunDataType, NumberRange>>> = {
  bool: { min: 0, max: 1 },
  int8: { min: -128, max: 127 },
  uint8: { min: 0, max: 255 },
  int16: { min: -(2 ** 15), max: 2 ** 15 - 1 },
  uint16: { min: 0, max: 2 ** 16 - 1 },
  int32: { min: -(2 ** 31), max: 2 ** 31 - 1 },
  uint32: { min: 0, max: 2 ** 32 - 1 },
  int64: { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
  uint64: { min: 0, max: Number.MAX_SAFE_INTEGER },
};

function rangeOf(
  input: string,
  dataType: RunDataType,
  { distribution, ranges = {} }: RandomSettings,
): Result<NumberRange | undefined> {
  const wish = Object.hasOwn(ranges, input) ? ranges[input] : undefined;
  const limits = LIMITS[dataType];
  if (limits === undefined) {
    const range = wish ?? (distribution === 'uniform' ? { min: 0, max: 1 } : undefined);
    return range === undefined || range.min <= range.max
      ? ok(range)
      : fail(randomRangeInvalid(range.min, range.max));
  }
  const isByte = dataType === 'int8' || dataType === 'uint8';
  const range = wish ?? (isByte ? limits : { min: 0, max: 1 });
  const { min, max } = range;
  // One draw has 32 bits: a wider span would leave numbers out.
  const isDrawable = min >= limits.min && max <= limits.max && max - min < 2 ** 32;
  const isWhole = Number.isInteger(min) && Number.isInteger(max);
  return min <= max && isDrawable && isWhole ? ok(range) : fail(randomRangeInvalid(min, max));
}

function drawn({ name, dataType, dims, range }: Plan, seed: number, sample: number): RunTensor {
  const random = new RandomNumbers(derivedSeed(seed, sample, name));
  const data: RunData = new RUN_ARRAYS[dataType](elementCount(dims));
  const isWhole = LIMITS[dataType] !== undefined;
  for (let i = 0; i < data.length; i++) {
    const number = range === undefined ? random.normal() : within(range, random, isWhole);
    if (dataType === 'float16') data[i] = encodeSmallFloat('float16', number);
    else if (data instanceof BigInt64Array || data instanceof BigUint64Array)
      data[i] = BigInt(number);
    else data[i] = number;
  }
  return { dataType, dims, data };
}

const within = ({ min, max }: NumberRange, random: RandomNumbers, isWhole: boolean): number =>
  isWhole
    ? min + Math.floor(random.uniform() * (max - min + 1))
    : min + random.uniform() * (max - min);
