import { quantizedAlready } from '../base/diagnostics/optimize.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { calibrate } from '../calibrate/calibrate.ts';
import type { CalibrateOptions, Calibration } from '../calibrate/calibrate.ts';
import type { FeedStream } from '../calibrate/feed-stream.ts';
import type { Model } from '../ir/graph.ts';
import { quantizerNames } from '../ir/quantizer-nodes.ts';
import { optimize } from '../optimize/optimize.ts';
import type { OptimizeOptions } from '../optimize/optimize-options.ts';
import type { Optimized } from '../optimize/optimize-report.ts';
import type { Step } from '../optimize/step.ts';
import { USUAL_PASSES } from '../passes/pipeline.ts';

/** The pass with which quantizing a float network starts. */
const FIRST_PASS = 'quantize-weighted-layers';
/** ONNX has FP8 from operator set 19 on. */
const OPSET_PASS = 'raise-operator-set';

/** A float network with Q/DQ, and how it came about. */
export interface Quantized {
  /** With scales in place: ready to be saved. */
  readonly model: Model;
  readonly placed: Optimized;
  readonly calibration: Calibration;
  /** The steps that lead from the float model to this one. */
  readonly steps: readonly Step[];
}

/**
 * Chooses where Q/DQ go in a float network: all layers with weights first, then the passes and the search of `optimize`, so
 * that the placement suits TensorRT from the start. The scales of activations still wait for calibration. Fails on a model
 * that has Q/DQ already, and as `optimize` does.
 */
export async function placeQuantizers(
  model: Model,
  options: OptimizeOptions,
): Promise<Result<Optimized>> {
  const quantizers = [...quantizerNames(model.graph)];
  if (quantizers.length > 0) return fail(quantizedAlready(quantizers));
  const passes = options.passes ?? USUAL_PASSES.map(({ id }) => id);
  const needed =
    options.settings?.type === 'float8e4m3fn' ? [OPSET_PASS, FIRST_PASS] : [FIRST_PASS];
  return optimize(model, { ...options, passes: [...new Set([...passes, ...needed])] });
}

/** Places Q/DQ and calibrates them by running the float network over `feeds`. `model` is not changed. */
export async function quantize(
  model: Model,
  feeds: FeedStream,
  options: { readonly place: OptimizeOptions; readonly calibrate: CalibrateOptions },
): Promise<Result<Quantized>> {
  const placed = await placeQuantizers(model, options.place);
  if (!placed.ok) return placed;
  const { after, summary } = placed.value;
  const calibration = await calibrate(after.model, feeds, options.calibrate);
  if (!calibration.ok) return calibration;
  const steps = [...summary.steps, scalesStep(calibration.value)];
  return ok({
    model: calibration.value.model,
    placed: placed.value,
    calibration: calibration.value,
    steps,
  });
}

/** What calibration found, as a step that can be made again and undone. */
export function scalesStep({ scales }: Calibration): Step {
  const { type } = scales;
  return { kind: 'scales', type, scales: Object.fromEntries(scales.scales) };
}
