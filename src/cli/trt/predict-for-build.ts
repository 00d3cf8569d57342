import type { BuildManifest } from '../../core/engine/build-manifest.ts';
import { parseTarget } from '../../core/sim/parse-target.ts';
import { notPredicted } from '../build-diagnostics.ts';
import { diagnosticOf } from '../diagnostic-of.ts';
import { predictModel } from '../predict-model.ts';
import { buildMode } from '../target-option.ts';
import { writePrediction } from '../write-prediction.ts';

/** What is predicted, and where the prediction goes. */
export interface PredictionJob {
  readonly model: string;
  /** What the user wants to be predicted for, else what was found. */
  readonly target: string | undefined;
  readonly file: string;
}

/**
 * Predicts for what a model was really built with, and writes that. Returns why there is no prediction, where none can be made: the
 * build stands without it.
 */
export async function predictForBuild(
  { model, target, file }: PredictionJob,
  { trtVersion, gpu, mode }: BuildManifest,
): Promise<string | undefined> {
  const sm = gpu?.sm ?? null;
  if (target === undefined && (trtVersion === null || sm === null))
    return notPredicted('the version of TensorRT or the kind of GPU is not known').message;
  const parsed = parseTarget(target ?? `trt${String(trtVersion)}-sm${String(sm)}`, buildMode(mode));
  if (!parsed.ok) return notPredicted(parsed.error.message).message;
  try {
    const { engine } = await predictModel(model, parsed.value);
    await writePrediction(file, engine);
    return undefined;
  } catch (error) {
    return notPredicted(diagnosticOf(error).message).message;
  }
}
