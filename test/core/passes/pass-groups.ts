import { PIPELINE } from '../../../src/core/passes/pipeline.ts';
import type { PassGroup, RewritePass } from '../../../src/core/passes/rewrite-pass.ts';

const ofGroup = (wanted: PassGroup): readonly RewritePass[] =>
  PIPELINE.filter(({ group }) => group === wanted);

/** Those that make what any exporter wrote what TensorRT takes, also those on request. */
export const NORMALIZING_PASSES: readonly RewritePass[] = ofGroup('normalize');

/**
 * The usual ones at SiLU, Concat, MaxPool and element-wise nodes, which seldom lose even where nothing is as calibration
 * would put it. Those around layers without weights do lose there: with one scale for all, Q/DQ stay layers.
 */
export const PLACING_PASSES: readonly RewritePass[] = PIPELINE.slice(
  PIPELINE.findIndex(({ id }) => id === 'unquantize-silu'),
  PIPELINE.findIndex(({ id }) => id === 'quantize-gate'),
);
