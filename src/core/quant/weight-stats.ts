import { cancelled, notNumbers, scaleShapeMismatch } from '../base/diagnostics.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { elementCount } from '../ir/tensor.ts';
import type { Tensor } from '../ir/tensor.ts';
import type { WeightQuantizer } from './find-weight-quantizer.ts';
import type { QuantKernels } from './quant-kernels.ts';
import { QuantizerRun } from './quantizer-run.ts';
import type { QuantizationStats } from './quantizer-run.ts';
import { BLOCK_ELEMENTS, tensorBlock } from './tensor-blocks.ts';

/**
 * The numbers of one constant, and what its quantizer does to them. A constant that is stored quantized is described
 * by the numbers it stands for, in the unit of the float weights. NaN and infinite values count in `nonFinite` only.
 */
export interface WeightStats {
  readonly name: string;
  readonly dataType: string;
  readonly dims: readonly number[];
  readonly count: number;
  /** NaN, like `maximum` and `mean`, when no value is finite. */
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  /** Values that are NaN or infinite. */
  readonly nonFinite?: number;
  /** `histogram[i]` counts values in the i-th of equal bins from minimum to maximum. */
  readonly histogram: readonly number[];
  /** Present where a quantizer reads the constant. */
  readonly quantization?: QuantizationStats;
}

/** What `weightStats` works on. */
export interface WeightStatsInput {
  readonly tensor: Tensor;
  readonly quantizer?: WeightQuantizer;
  /** Bins of the histogram, 1 to 1,024; 64 when absent. */
  readonly bins?: number;
  readonly signal?: AbortSignal;
  /** Awaited about every million values, so that the thread can take messages. */
  readonly pause?: () => Promise<void>;
}

/**
 * Minimum, maximum, histogram and quantization error of a constant, in blocks of 65,536 values: beside the tensor's
 * own bytes it takes about one megabyte. Fails on what is no number, on bytes that cannot be read, on scales whose
 * shape does not fit, and with `base/cancelled` on `signal`.
 */
export async function weightStats(
  input: WeightStatsInput,
  kernels: QuantKernels,
): Promise<Result<WeightStats>> {
  const { tensor, quantizer, signal } = input;
  if (signal?.aborted) return fail(cancelled());
  const bytes = await readBytes(tensor, signal);
  if (!bytes.ok) return bytes;
  const run = quantizer && (await openQuantizer(tensor, quantizer, kernels, signal));
  if (run && !run.ok) return run;
  const blocks = () => readBlocks(input, bytes.value, run?.value);
  const range = await sumRange(blocks(), kernels);
  if (!range.ok) return range;
  const work = { bins: input.bins ?? 64, run: run?.value };
  const rest = await countBlocks(blocks(), range.value, kernels, work);
  if (!rest.ok) return rest;
  const { minimum, maximum, sum, finite, nonFinite } = range.value;
  return ok({
    name: tensor.name,
    dataType: tensor.dataType,
    dims: tensor.dims,
    count: elementCount(tensor.dims),
    minimum: finite > 0 ? minimum : NaN,
    maximum: finite > 0 ? maximum : NaN,
    mean: sum / finite,
    nonFinite,
    histogram: rest.value,
    ...(run ? { quantization: run.value.result() } : {}),
  });
}

async function readBytes(tensor: Tensor, signal?: AbortSignal): Promise<Result<Uint8Array>> {
  const resident = tensor.bytes.resident();
  return resident ? ok(resident) : tensor.bytes.read(signal);
}

async function openQuantizer(
  tensor: Tensor,
  quantizer: WeightQuantizer,
  kernels: QuantKernels,
  signal?: AbortSignal,
): Promise<Result<QuantizerRun>> {
  const scale = await readNumbers(quantizer.scale, signal);
  if (!scale.ok) return scale;
  const zeroPoint = quantizer.zeroPoint && (await readNumbers(quantizer.zeroPoint, signal));
  if (zeroPoint && !zeroPoint.ok) return zeroPoint;
  const parameters = { scales: scale.value, zeroPoints: zeroPoint?.value };
  const run = QuantizerRun.open(tensor, quantizer, parameters, kernels);
  return run ? ok(run) : fail(scaleShapeMismatch(tensor.name, quantizer.scale.name));
}

async function readNumbers(tensor: Tensor, signal?: AbortSignal): Promise<Result<Float32Array>> {
  const bytes = await readBytes(tensor, signal);
  if (!bytes.ok) return bytes;
  const numbers = tensorBlock(bytes.value, tensor.dataType, 0, elementCount(tensor.dims));
  return numbers ? ok(numbers) : fail(notNumbers(tensor.name, tensor.dataType));
}

/** A piece of the constant: `values` are its elements from `start` on, as the float numbers that they stand for. */
interface Block {
  readonly start: number;
  readonly values: Float32Array;
}

async function* readBlocks(
  { tensor, signal, pause }: WeightStatsInput,
  bytes: Uint8Array,
  run: QuantizerRun | undefined,
): AsyncGenerator<Result<Block>, void, undefined> {
  const count = elementCount(tensor.dims);
  for (let start = 0; start < count; start += BLOCK_ELEMENTS) {
    if (start > 0 && start % (16 * BLOCK_ELEMENTS) === 0) await pause?.();
    if (signal?.aborted) return yield fail(cancelled());
    const length = Math.min(BLOCK_ELEMENTS, count - start);
    const stored = tensorBlock(bytes, tensor.dataType, start, length);
    if (!stored) return yield fail(notNumbers(tensor.name, tensor.dataType));
    yield ok({ start, values: run ? run.floatValues(stored, start) : stored });
  }
}

interface RangeSum {
  minimum: number;
  maximum: number;
  sum: number;
  finite: number;
  nonFinite: number;
}

async function sumRange(
  blocks: AsyncIterable<Result<Block>>,
  kernels: QuantKernels,
): Promise<Result<RangeSum>> {
  const total = { minimum: Infinity, maximum: -Infinity, sum: 0, finite: 0, nonFinite: 0 };
  for await (const block of blocks) {
    if (!block.ok) return block;
    const range = kernels.range(block.value.values);
    total.minimum = Math.min(total.minimum, range.minimum);
    total.maximum = Math.max(total.maximum, range.maximum);
    total.sum += range.sum;
    total.finite += range.finite;
    total.nonFinite += range.nonFinite;
  }
  return ok(total);
}

/** The second walk: the histogram, which needs the ends, and with it the quantizer's errors. */
async function countBlocks(
  blocks: AsyncIterable<Result<Block>>,
  { minimum, maximum }: RangeSum,
  kernels: QuantKernels,
  { bins, run }: { readonly bins: number; readonly run: QuantizerRun | undefined },
): Promise<Result<readonly number[]>> {
  const histogram = new Array<number>(bins).fill(0);
  for await (const block of blocks) {
    if (!block.ok) return block;
    const { values, start } = block.value;
    kernels.histogram(values, minimum, maximum, bins).forEach((count, bin) => {
      histogram[bin] = histogram[bin]! + count;
    });
    run?.add(values, start);
  }
  return ok(histogram);
}
