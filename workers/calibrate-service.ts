import type {
  CalibrateApi,
  CalibrationReport,
  CalibrationRequest,
} from '../src/api/calibrate-api.ts';
import type { NumbersSettings, Progress } from '../src/api/numbers-api.ts';
import { ok } from '../src/core/base/result.ts';
import type { Result } from '../src/core/base/result.ts';
import { calibrate } from '../src/core/calibrate/calibrate.ts';
import type { CalibrationProgress } from '../src/core/calibrate/collect-statistics.ts';
import type { OpenRunner } from '../src/core/calibrate/model-runner.ts';
import type { Model } from '../src/core/ir/model.ts';
import type { QuantKernels } from '../src/core/quant/quant-kernels.ts';
import { groupValues } from '../src/ort/group-values.ts';
import { feedsOfSpec } from './feeds-of-spec.ts';
import type { ReadImage } from './feeds-of-spec.ts';
import { guard } from './guard.ts';
import { againMade, openFiles } from './stepped-model.ts';

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
  const opened = await openFiles(source.files, onProgress);
  if (!opened.ok) return opened;
  const made = await againMade(opened.value, source.made, onProgress);
  return made.ok ? ok(made.value.model) : made;
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
