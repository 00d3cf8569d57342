import { cancelled } from '../base/diagnostics.ts';
import {
  calibrationDataEmpty,
  noFloatOutput,
  noQuantizedLayer,
  scalesStillPending,
} from '../base/diagnostics/calibrate.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Feeds, RunTensor } from '../inputs/run-tensor.ts';
import type { Model } from '../ir/model.ts';
import type { RunOptions } from './collect-statistics.ts';
import { readFeeds } from './feed-stream.ts';
import type { FeedStream } from './feed-stream.ts';
import { floatModel } from './float-model.ts';
import { OutputErrorSum } from './output-error.ts';
import { pendingScales } from './pending-scales.ts';
import { byHarm, proposeExclusions } from './propose-exclusions.ts';
import type { ExclusionLimits, ExclusionProposal, LayerSensitivity } from './propose-exclusions.ts';
import { onlyQuantized, quantizedLayers } from './quantized-layers.ts';
import type { QuantizedLayer } from './quantized-layers.ts';
import { runFloats } from './run-floats.ts';

export interface SensitivityOptions extends RunOptions, ExclusionLimits {
  /** Batches that are used, from the first on; 4 unless given. They and their float outputs are kept in memory. */
  readonly batches?: number;
  /** Layers to look at, by node name; all unless given. */
  readonly layers?: readonly string[];
  readonly onProgress?: (progress: SensitivityProgress) => void;
}

/** How many of the layers are done, and which was the last. */
export interface SensitivityProgress {
  readonly done: number;
  readonly of: number;
  readonly layer: string;
}

/** What quantizing each layer costs. */
export interface SensitivityReport {
  /** The most harmful first. */
  readonly layers: readonly LayerSensitivity[];
  readonly proposal: ExclusionProposal;
  /** Batches that were run. */
  readonly batches: number;
}

const DEFAULT_BATCHES = 4;

/** A batch, and the float outputs of the model without Q/DQ for it. */
interface Reference {
  readonly feeds: Feeds;
  readonly outputs: ReadonlyMap<string, Float32Array>;
}

/**
 * Measures each weighted layer alone: the model with only this layer quantized against the one without any Q/DQ, by the float
 * outputs of the network, and proposes which layers to leave out. The float model runs once a batch. Fails on scales that wait for
 * calibration, on a model without quantized layers, without data, and on what the runner refuses; `signal` ends it between two
 * runs.
 */
export async function sensitivity(
  model: Model,
  feeds: FeedStream,
  options: SensitivityOptions,
): Promise<Result<SensitivityReport>> {
  const pending = pendingScales(model.graph);
  if (pending.length > 0) return fail(scalesStillPending(pending.flatMap(({ values }) => values)));
  const layers = quantizedLayers(model.graph).filter(
    ({ node }) => options.layers?.includes(node) ?? true,
  );
  if (layers.length === 0) return fail(noQuantizedLayer());
  const references = await runReferences(model, feeds, options);
  if (!references.ok) return references;
  const measured: LayerSensitivity[] = [];
  for (const [index, layer] of layers.entries()) {
    const error = await measureLayer(model, layer, references.value, options);
    if (!error.ok) return error;
    measured.push(error.value);
    options.onProgress?.({ done: index + 1, of: layers.length, layer: layer.node });
  }
  return ok({
    layers: byHarm(measured),
    proposal: proposeExclusions(measured, options),
    batches: references.value.length,
  });
}

const outputNames = (model: Model): string[] => model.graph.outputs.map(({ name }) => name);

async function runReferences(
  model: Model,
  feeds: FeedStream,
  { openRunner, signal, pause, batches = DEFAULT_BATCHES }: SensitivityOptions,
): Promise<Result<readonly Reference[]>> {
  const float = floatModel(model, { float: true });
  const opened = await openRunner(float.model, outputNames(model), signal);
  if (!opened.ok) return opened;
  try {
    const references: Reference[] = [];
    for await (const next of readFeeds(feeds, signal)) {
      if (!next.ok) return next;
      const given = await opened.value.run(next.value, signal);
      if (!given.ok) return given;
      references.push({ feeds: next.value, outputs: floatOutputs(given.value) });
      if (references.length === batches) break;
      await pause?.();
    }
    return references.length > 0 ? ok(references) : fail(calibrationDataEmpty());
  } finally {
    await opened.value.release();
  }
}

/** The outputs that are float: indices and masks have no SQNR. */
function floatOutputs(given: ReadonlyMap<string, RunTensor>): Map<string, Float32Array> {
  const outputs = new Map<string, Float32Array>();
  for (const [name, tensor] of given) {
    const numbers = runFloats(tensor);
    if (numbers) outputs.set(name, numbers);
  }
  return outputs;
}

async function measureLayer(
  model: Model,
  layer: QuantizedLayer,
  references: readonly Reference[],
  { openRunner, signal, pause }: SensitivityOptions,
): Promise<Result<LayerSensitivity>> {
  const { model: alone } = onlyQuantized(model, layer);
  const opened = await openRunner(alone, outputNames(model), signal);
  if (!opened.ok) return opened;
  try {
    const sum = new OutputErrorSum();
    for (const { feeds, outputs } of references) {
      if (signal?.aborted === true) return fail(cancelled());
      const given = await opened.value.run(feeds, signal);
      if (!given.ok) return given;
      const changed = floatOutputs(given.value);
      for (const [name, reference] of outputs) {
        const numbers = changed.get(name);
        // Lists of detections may be of other length once a score has changed: all of that is error.
        sum.add(name, reference, fitted(numbers, reference.length));
      }
      await pause?.();
    }
    const error = sum.worst();
    return error
      ? ok({ layer: layer.node, opType: layer.opType, ...error })
      : fail(noFloatOutput());
  } finally {
    await opened.value.release();
  }
}

/** `numbers` at the given length: cut, or filled with zeros. */
function fitted(numbers: Float32Array | undefined, length: number): Float32Array {
  if (numbers?.length === length) return numbers;
  const fit = new Float32Array(length);
  if (numbers) fit.set(numbers.subarray(0, length));
  return fit;
}
