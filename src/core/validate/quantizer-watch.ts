import { chooseAmax, scaleOf } from '../calibrate/choose-scale.ts';
import type { QuantizedType } from '../calibrate/quantized-type.ts';
import { HIGHEST } from '../calibrate/quantized-type.ts';
import { StatisticsCollector, largestMagnitude } from '../calibrate/value-statistics.ts';
import type { ValueStatistics } from '../calibrate/value-statistics.ts';
import type { Graph } from '../ir/graph.ts';
import { isConstantThroughQuantizers, isQuantizeNode } from '../ir/quantizer-nodes.ts';
import { plainKernels } from '../quant/plain-kernels.ts';
import type { QuantKernels } from '../quant/quant-kernels.ts';
import { activationQuantizer, rangeOf } from './activation-quantizer.ts';
import type { ActivationQuantizer } from './activation-quantizer.ts';
import type { BetterScale, QuantizerError } from './validation-report.ts';

/** A gain below this is within what a histogram can tell. */
const LEAST_GAIN_DB = 0.1;

/** The quantizers of activations that have one constant scale, in topological order. */
export const activationQuantizers = (graph: Graph): readonly ActivationQuantizer[] =>
  graph
    .sortedNodes()
    .filter((node) => isQuantizeNode(node) && !isConstantThroughQuantizers(node.inputs[0]))
    .flatMap((node) => activationQuantizer(node) ?? []);

/** What one quantizer does to the numbers that it reads, summed up batch by batch. */
export class QuantizerWatch {
  private readonly quantizer: ActivationQuantizer;
  private readonly kernels: QuantKernels;
  private readonly statistics: StatisticsCollector;
  private noise = 0;
  private signal = 0;
  private saturated = 0;

  constructor(quantizer: ActivationQuantizer, kernels: QuantKernels) {
    this.quantizer = quantizer;
    this.kernels = kernels;
    this.statistics = new StatisticsCollector(kernels);
  }

  /** Takes what it reads in one batch in. */
  add(values: Float32Array): void {
    const { scale, zeroPoint, grid } = this.quantizer;
    const found = this.kernels.quantizeError(values, scale, zeroPoint, grid);
    this.noise += found.sumSquaredError;
    this.signal += found.sumSquares;
    this.saturated += found.saturated;
    this.statistics.add(values);
  }

  /** Undefined while nothing finite was seen. */
  result(): QuantizerError | undefined {
    const { quantizer, statistics, noise, signal } = this;
    const { count, minimum, maximum } = statistics;
    if (count === 0) return undefined;
    const range = rangeOf(quantizer);
    const reach = Math.max(-range.lowest, range.highest);
    const better = betterScale(quantizer, statistics);
    return {
      node: quantizer.node.name,
      value: quantizer.node.inputs[0]?.name ?? '',
      range,
      count,
      minimum,
      maximum,
      saturated: this.saturated / count,
      unusedRange: Math.max(0, 1 - largestMagnitude(statistics) / reach),
      sqnrDb: noise > 0 ? 10 * Math.log10(signal / noise) : Infinity,
      ...(better ? { better } : {}),
    };
  }
}

/** The scale with the least squared error over the histogram, where it wins something. */
export function betterScale(
  { scale, zeroPoint, grid, quantizedType }: ActivationQuantizer,
  statistics: ValueStatistics,
): BetterScale | undefined {
  if (quantizedType !== 'int8' && quantizedType !== 'float8e4m3fn') return undefined;
  if (zeroPoint !== 0 || statistics.limit === 0) return undefined;
  const type: QuantizedType = quantizedType;
  const best = Math.fround(scaleOf(chooseAmax(statistics, { method: 'mse', type }), type));
  const centres = binCentres(statistics);
  const noiseAt = (candidate: number): number => {
    // INT8 searches end at 127 on both sides; the grid of the quantizer itself goes to -128, which magnitudes do not tell.
    const ends = { ...grid, lowest: -HIGHEST[type], highest: HIGHEST[type] };
    return centres.reduce((sum, centre, bin) => {
      const found = plainKernels.quantizeError(Float32Array.of(centre), candidate, 0, ends);
      return sum + found.sumSquaredError * (statistics.counts[bin] ?? 0);
    }, 0);
  };
  const [now, then] = [noiseAt(scale), noiseAt(best)];
  const gainDb = then > 0 ? 10 * Math.log10(now / then) : 0;
  return gainDb >= LEAST_GAIN_DB ? { scale: best, gainDb } : undefined;
}

/** The middle of each bin; numbers in the first that are exactly 0 cost nothing there either, for it is narrower than a step. */
const binCentres = ({ counts, limit }: ValueStatistics): Float32Array =>
  Float32Array.from(counts, (_count, bin) => ((bin + 0.5) * limit) / counts.length);
