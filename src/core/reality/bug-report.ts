import { zipSync } from 'fflate';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { BuiltEngine } from '../engine/built-engine.ts';
import { readEngine } from '../engine/read-engine.ts';
import { inferShapes } from '../ir/infer/infer-shapes.ts';
import type { Model } from '../ir/model.ts';
import { saveModel } from '../onnx/index.ts';
import { simulate } from '../sim/simulate.ts';
import type { Target } from '../sim/target.ts';
import { targetId } from '../sim/target.ts';
import { compareWithPrediction } from './compare-with-prediction.ts';
import { engineStructure } from './engine-structure.ts';
import { modelStructure } from './model-structure.ts';
import { KEEP_NAMES, numberingRenamer } from './renamer.ts';
import type { RealityComparison } from './reality-comparison.ts';

/** The files of a report, by what they hold. */
export const REPORT_FILES = {
  model: 'model.onnx',
  engine: 'engine.layer.json',
  comparison: 'comparison.json',
  about: 'about.json',
} as const;

/** What a report is made of. */
export interface BugReportInput {
  readonly model: Model;
  readonly engine: BuiltEngine;
  readonly target: Target;
  /** Replaces every name, and leaves out metadata and producer, in all files alike. */
  readonly stripNames: boolean;
  /** `qdq-lab` and its version. */
  readonly producer: string;
}

/**
 * A zip archive that a user can send: the structure of the model without its weights, the layers of the built engine, and where the
 * prediction parts from them. The comparison is made of what is in the archive, so that whoever opens it sees the same.
 */
export async function makeBugReport(input: BugReportInput): Promise<Result<Uint8Array>> {
  const { model, engine, target, stripNames, producer } = input;
  const names = stripNames ? numberingRenamer(model.graph) : KEEP_NAMES;
  const structure = modelStructure(model, { names, strip: stripNames });
  const saved = await saveModel(structure);
  if (!saved.ok) return saved;
  const layers = `${JSON.stringify(engineStructure(engine, names), null, 1)}\n`;
  const comparison = compareAgain(structure, layers, engine, target);
  if (!comparison.ok) return fail(comparison.error);
  const about = {
    format: 'qdq-lab-bug-report',
    version: 1,
    producer,
    target: targetId(target),
    mode: target.mode,
    trtVersion: engine.trtVersion,
    gpu: engine.gpu,
    namesReplaced: stripNames,
    weights: 'replaced by ones, except for scales, zero points, shapes and a few small constants',
  };
  const text = (json: object): Uint8Array =>
    new TextEncoder().encode(`${JSON.stringify(json, null, 1)}\n`);
  return ok(
    zipSync(
      {
        [REPORT_FILES.about]: text(about),
        [REPORT_FILES.model]: new Uint8Array(await saved.value.arrayBuffer()),
        [REPORT_FILES.engine]: new TextEncoder().encode(layers),
        [REPORT_FILES.comparison]: text(comparison.value),
      },
      { level: 6 },
    ),
  );
}

/** Of the structure and the layers as they are written, times included. */
function compareAgain(
  model: Model,
  layers: string,
  engine: BuiltEngine,
  target: Target,
): Result<RealityComparison> {
  const read = readEngine(REPORT_FILES.engine, layers);
  if (!read.ok) return read;
  const timed = {
    ...read.value,
    trtVersion: engine.trtVersion,
    gpu: engine.gpu,
    layers: read.value.layers.map((layer, i) => ({
      ...layer,
      time: engine.layers[i]?.time ?? null,
    })),
  };
  const predicted = simulate(model, target, inferShapes(model));
  return compareWithPrediction(predicted, timed, model.graph);
}
