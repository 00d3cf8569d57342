import { layerBytes } from '../explain/engine-cost.ts';
import type { Precision, PredictedEngine, PredictedLayer } from '../sim/predicted-engine.ts';

/**
 * What ranks two placements of one network, in microseconds on an H100. It is no forecast of a run time: medians of the 849
 * layers in the profiles of real networks lie near 5 µs whatever they do (1.2 µs for layers that only compute shapes), so
 * that at batch 1 the number of layers decides; bytes and arithmetic decide where tensors are large.
 */
const LAUNCH_US = 4;
/**
 * What it costs an INT8 convolution to read floats, and to give floats: between placements of five networks the same
 * layer took 0 to 2.5 µs longer with one float side, and 6 µs with a float residual and a float result.
 */
const FLOAT_SIDE_US = 1.5;
const BYTES_PER_US = 1e6;
/** Multiply-adds in a microsecond: a fifth of the peak, as small layers reach it. */
const WORK_PER_US: Readonly<Record<Precision, number>> = {
  int4: 2e8,
  int8: 2e8,
  fp8: 2e8,
  fp16: 1e8,
  bf16: 1e8,
  fp32: 5e7,
  other: 1e8,
};
const FREE: ReadonlySet<string> = new Set(['noop', 'constant', 'shape']);
const FLOATS: ReadonlySet<string> = new Set(['Float', 'Half', 'BFloat16']);
const LOW: ReadonlySet<string> = new Set(['int8', 'fp8', 'int4']);

/** What an engine costs, and how much of its arithmetic runs in INT8 or below. */
export interface EnginePrice {
  readonly timeUs: number;
  /** Multiply-adds in all, and those in layers of INT8, FP8 or INT4. */
  readonly work: number;
  readonly lowWork: number;
  /** Layers that nobody asked for: reformats and surviving Q/DQ. */
  readonly copies: number;
}

/** Prices one layer, in microseconds. `work` tells the multiply-adds of each ONNX node. */
export function layerTimeUs(layer: PredictedLayer, work: ReadonlyMap<string, number>): number {
  if (FREE.has(layer.role)) return 0;
  const bytesUs = layerBytes(layer) / BYTES_PER_US;
  const amount = workOfLayer(layer, work);
  const isKernel = amount > 0 && LOW.has(layer.precision) && layer.layerType.startsWith('Cask');
  const sides = isKernel ? floatSides(layer) : 0;
  return (
    LAUNCH_US + sides * FLOAT_SIDE_US + Math.max(bytesUs, amount / WORK_PER_US[layer.precision])
  );
}

const floatSides = ({ inputs, outputs }: PredictedLayer): number =>
  [inputs, outputs].filter((side) => side.some(({ dataType }) => FLOATS.has(dataType))).length;

/** Prices an engine. `work` tells the multiply-adds of each ONNX node, as in `nodeWork`. */
export function priceEngine(
  engine: PredictedEngine,
  work: ReadonlyMap<string, number>,
): EnginePrice {
  const { reformats, survivingQdq } = engine.summary;
  const price = { timeUs: 0, work: 0, lowWork: 0, copies: reformats + survivingQdq };
  for (const layer of engine.layers) {
    const amount = workOfLayer(layer, work);
    price.timeUs += layerTimeUs(layer, work);
    price.work += amount;
    if (LOW.has(layer.precision)) price.lowWork += amount;
  }
  return price;
}

const workOfLayer = (layer: PredictedLayer, work: ReadonlyMap<string, number>): number =>
  layer.nodes.reduce((sum, node) => sum + (work.get(node) ?? 0), 0);

/** Gains below this are not worth a change: a quarter of a layer, which is within what the prices leave open. */
export const WORTH_US = 1;

/**
 * Not worse: no more time, no arithmetic taken out of INT8, and no more copies, for a price that trades copies for bytes
 * trusts the prediction too far (ConvNeXt with Q/DQ on its shortcuts is priced lower and runs slower).
 */
export const isNoWorse = (price: EnginePrice, than: EnginePrice): boolean =>
  price.timeUs <= than.timeUs * (1 + 1e-9) &&
  price.copies <= than.copies &&
  lowShare(price) >= lowShare(than) - 1e-9;

/** Better by enough to make a change for it: by `worthUs` microseconds. */
export const isBetter = (price: EnginePrice, than: EnginePrice, worthUs = WORTH_US): boolean =>
  isNoWorse(price, than) &&
  (price.timeUs < than.timeUs - worthUs || lowShare(price) > lowShare(than) + 1e-6);

/** The share of arithmetic in INT8 or below, 0 to 1; 0 where there is none. */
const lowShare = ({ work, lowWork }: EnginePrice): number => (work === 0 ? 0 : lowWork / work);
