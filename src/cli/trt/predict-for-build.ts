import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildManifest } from '../../core/engine/build-manifest.ts';
import { fail } from '../../core/base/result.ts';
import type { Result } from '../../core/base/result.ts';
import { assembleEngine } from '../../core/engine/assemble-engine.ts';
import type { Graph } from '../../core/ir/graph.ts';
import { inferShapes } from '../../core/ir/infer/infer-shapes.ts';
import { compareWithPrediction } from '../../core/reality/compare-with-prediction.ts';
import type { RealityComparison } from '../../core/reality/reality-comparison.ts';
import { parseTarget } from '../../core/sim/parse-target.ts';
import type { PredictedEngine } from '../../core/sim/predicted-engine.ts';
import { simulate } from '../../core/sim/simulate.ts';
import type { Target } from '../../core/sim/target.ts';
import { notPredicted } from '../build-diagnostics.ts';
import { diagnosticOf } from '../diagnostic-of.ts';
import { openModelFile } from '../open-model-file.ts';
import { buildMode } from '../target-option.ts';
import { writePrediction } from '../write-prediction.ts';
import { writeWholeFile } from '../write-whole-file.ts';

/** What is predicted, and where the prediction goes. */
export interface PredictionJob {
  readonly model: string;
  /** What the user wants to be predicted for, else what was found. */
  readonly target: string | undefined;
  /** Folder with the artefacts of the build. */
  readonly folder: string;
  readonly prediction: string;
  readonly comparison: string;
}

/** What there is beside an engine, and why something is not. */
export interface Predicted {
  readonly hasPrediction: boolean;
  readonly hasComparison: boolean;
  readonly note: string | undefined;
}

const nothing = (reason: string): Predicted => ({
  hasPrediction: false,
  hasComparison: false,
  note: notPredicted(reason).message,
});

/**
 * Predicts for what a model was really built with, holds that against the engine, and writes both. Where one cannot be made, the
 * build stands without it, and a note says why.
 */
export async function predictForBuild(
  job: PredictionJob,
  manifest: BuildManifest,
): Promise<Predicted> {
  const { trtVersion, gpu, mode } = manifest;
  const sm = gpu?.sm ?? null;
  if (job.target === undefined && (trtVersion === null || sm === null))
    return nothing('the version of TensorRT or the kind of GPU is not known');
  const id = job.target ?? `trt${String(trtVersion)}-sm${String(sm)}`;
  const parsed = parseTarget(id, buildMode(mode));
  if (!parsed.ok) return nothing(parsed.error.message);
  try {
    const { engine, graph } = await predictGraph(job.model, parsed.value);
    await writePrediction(job.prediction, engine);
    const compared = await compare(job, manifest, engine, graph);
    if (!compared.ok)
      return { hasPrediction: true, hasComparison: false, note: compared.error.message };
    await writeWholeFile(job.comparison, `${JSON.stringify(compared.value, null, 1)}\n`);
    return { hasPrediction: true, hasComparison: true, note: undefined };
  } catch (error) {
    return nothing(diagnosticOf(error).message);
  }
}

async function predictGraph(
  path: string,
  target: Target,
): Promise<{ readonly engine: PredictedEngine; readonly graph: Graph }> {
  const file = await openModelFile(path);
  try {
    return {
      engine: simulate(file.model, target, inferShapes(file.model)),
      graph: file.model.graph,
    };
  } finally {
    await file.close();
  }
}

/** The engine of the artefacts, and what its log says of the passes, beside the prediction. */
async function compare(
  { folder }: PredictionJob,
  { artefacts, trtVersion, gpu }: BuildManifest,
  engine: PredictedEngine,
  graph: Graph,
): Promise<Result<RealityComparison>> {
  const textOf = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
  const names = [artefacts.layers, artefacts.profile, artefacts.times, artefacts.log];
  const files = await Promise.all(
    names
      .filter((name) => name !== undefined)
      .map(async (name) => ({ name, text: await textOf(name) })),
  );
  const assembled = assembleEngine(files);
  if (!assembled.ok) return assembled;
  const [built] = assembled.value;
  if (built === undefined) return fail(notPredicted('no layers of the engine were exported'));
  const known = { ...built, trtVersion, gpu: gpu?.name ?? null };
  return compareWithPrediction(engine, known, graph);
}
