import type { Diagnostic } from '../core/base/diagnostic.ts';
import { inferShapes } from '../core/ir/infer/infer-shapes.ts';
import type { Finding } from '../core/lint/finding.ts';
import { lintModel } from '../core/lint/lint-model.ts';
import type { PredictedEngine } from '../core/sim/predicted-engine.ts';
import { simulate } from '../core/sim/simulate.ts';
import type { Target } from '../core/sim/target.ts';
import { openModelFile } from './open-model-file.ts';

/** A prediction and what there was to say on the way. */
export interface Prediction {
  readonly engine: PredictedEngine;
  readonly nodeCount: number;
  readonly diagnostics: readonly Diagnostic[];
  /** What the linter says of the model and this prediction; worked out when asked for. */
  readonly findings: readonly Finding[];
}

/** Opens the model at `path` and predicts its engine. Throws a `Refusal` when the model cannot be read. */
export async function predictModel(path: string, target: Target): Promise<Prediction> {
  const file = await openModelFile(path);
  try {
    const inferred = inferShapes(file.model);
    const engine = simulate(file.model, target, inferred);
    const diagnostics = [...file.diagnostics, ...inferred.diagnostics];
    const { model } = file;
    return {
      engine,
      nodeCount: model.graph.nodeCount,
      diagnostics,
      get findings() {
        return lintModel(model, engine, inferred);
      },
    };
  } finally {
    await file.close();
  }
}
