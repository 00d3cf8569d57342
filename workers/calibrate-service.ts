import type {
  CalibrateApi,
  CalibrationReport,
  CalibrationRequest,
} from '../src/api/calibrate-api.ts';
import type { NumbersSettings, Progress } from '../src/api/numbers-api.ts';
import { blobSource } from '../src/core/base/byte-source.ts';
import { ok } from '../src/core/base/result.ts';
import type { Result } from '../src/core/base/result.ts';
import { calibrate } from '../src/core/calibrate/calibrate.ts';
import type { CalibrationProgress } from '../src/core/calibrate/collect-statistics.ts';
import type { OpenRunner } from '../src/core/calibrate/model-runner.ts';
import { inferShapes } from '../src/core/ir/infer/infer-shapes.ts';
import type { Model } from '../src/core/ir/model.ts';
import { openModel } from '../src/core/onnx/open-model.ts';
import type { QuantKernels } from '../src/core/quant/quant-kernels.ts';
import { groupValues } from '../src/ort/group-values.ts';
import { feedsOfSpec } from './feeds-of-spec.ts';
import type { ReadImage } from './feeds-of-spec.ts';
import { guard } from './guard.ts';
import { makeSteps } from './make-steps.ts';

/** Bytes of values that are watched in one run; the rest waits for the next walk over the data. */
const GROUP_BYTES = 256 * 1024 * 1024;

type OnProgress = ((progress: Progress) => void) | undefined;

/** What differs between browser and tests. */
export interface CalibrateParts {
  readonly runner: (settings: NumbersSettings) => OpenRunner;
  readonly readImage: ReadImage;
  readonly kernels: () => Promise<QuantKernels>;
}

/** Gives scales that wait for calibration their numbers. Nothing is thrown at the page. */
export class CalibrateService implements CalibrateApi {
  private readonly parts: CalibrateParts;

  constructor(parts: CalibrateParts) {
    this.parts = parts;
  }

  calibrate(
    request: CalibrationRequest,
    onProgress?: OnProgress,
  ): Promise<Result<CalibrationReport>> {
    return guard('calibrating', async () => {
      const { feeds: spec, method, replace, runtime } = request;
      const { runner, readImage, kernels } = this.parts;
      const model = await steppedModel(request, onProgress);
      if (!model.ok) return model;
      const feeds = feedsOfSpec(spec, model.value.graph, readImage);
      if (!feeds.ok) return feeds;
      onProgress?.({ step: 'Starting the runtime' });
      const calibration = await calibrate(model.value, feeds.value, {
        method,
        replace,
        openRunner: runner(runtime),
        kernels: await kernels(),
        splitValues: (graph, values) =>
          groupValues(graph, values, { budgetBytes: GROUP_BYTES, dims: spec.dims ?? {} }),
        onProgress: (at) => onProgress?.(progressOf(at, feeds.value.count)),
      });
      if (!calibration.ok) return calibration;
      const { scales, warnings } = calibration.value;
      return ok({ type: scales.type, scales: Object.fromEntries(scales.scales), warnings });
    });
  }
}

/** Opens the files and makes all steps that were made on the model. */
async function steppedModel(
  { source }: CalibrationRequest,
  onProgress: OnProgress,
): Promise<Result<Model>> {
  const files = source.files.map((file) => blobSource(file.name, file));
  const opened = await openModel(files, {
    onProgress: (step, fraction) => onProgress?.({ step, fraction }),
  });
  if (!opened.ok) return opened;
  let { model } = opened.value;
  inferShapes(model);
  for (const { steps, target } of source.made) {
    onProgress?.({ step: 'Making the steps again' });
    const made = await makeSteps(model, steps, { target });
    if (!made.ok) return made;
    ({ model } = made.value);
    inferShapes(model);
  }
  return ok(model);
}

function progressOf(
  { batch, group, groups }: CalibrationProgress,
  count: number | undefined,
): Progress {
  const of = count === undefined ? '' : ` of ${String(count)}`;
  const walk = groups > 1 ? `, walk ${String(group)} of ${String(groups)}` : '';
  return {
    step: `Running sample ${String(batch)}${of}${walk}`,
    ...(count !== undefined && { fraction: (group - 1 + batch / count) / groups }),
  };
}
