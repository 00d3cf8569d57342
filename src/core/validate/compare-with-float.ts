import { scalesStillPending } from '../base/diagnostics/calibrate.ts';
import { nothingQuantized } from '../base/diagnostics/validate.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { FeedStream } from '../calibrate/feed-stream.ts';
import { pendingScales } from '../calibrate/pending-scales.ts';
import type { Model } from '../ir/model.ts';
import { isQuantizer } from '../ir/quantizer-nodes.ts';
import { readScales } from './activation-quantizer.ts';
import { splitNames } from './compare-models.ts';
import { withTypes } from './comparable-values.ts';
import { FloatWatch } from './float-watch.ts';
import { branchLayers, fakeQuantizedLayers } from './local-branches.ts';
import type { ValidateOptions } from './validate-options.ts';
import type { FloatReport } from './validation-report.ts';
import { walkPair } from './walk-pair.ts';

/**
 * Holds a quantized model against itself without Q/DQ. Each layer is compared twice: as the model computes it (accumulated), and
 * as a copy that reads the float model's numbers in the same run (local). Each quantizer of activations is judged by what it reads
 * in the quantized model. Fails on a model without Q/DQ, on scales that wait for calibration, without data, on what the runner refuses,
 * and on abort.
 */
export async function compareWithFloat(
  model: Model,
  feeds: FeedStream,
  options: ValidateOptions,
): Promise<Result<FloatReport>> {
  const pending = pendingScales(model.graph);
  if (pending.length > 0) return fail(scalesStillPending(pending.flatMap(({ values }) => values)));
  if (![...model.graph.nodes()].some(isQuantizer)) return fail(nothingQuantized());
  const typed = withTypes(model);
  const read = await readScales(typed.graph, options.signal);
  if (!read.ok) return read;
  const branched = branchLayers(typed, fakeQuantizedLayers(typed.graph));
  const watch = new FloatWatch(typed, branched, options);
  const groups = splitNames(typed.graph, watch.names, options);
  const walked = await walkPair(
    {
      pair: { before: branched.model, after: typed },
      groups: groups.map((names) => ({ before: watch.floatNames(names), after: names })),
      feeds,
      take: (results) => {
        watch.take(results);
      },
    },
    options,
  );
  return walked.ok ? ok(watch.report(walked.value)) : walked;
}
