import type {
  BuiltComparison,
  BuiltEngine,
  EngineView,
  RealityComparison,
} from '../src/api/engine-api.ts';
import { ok } from '../src/core/base/result.ts';
import type { Result } from '../src/core/base/result.ts';
import { assembleEngine } from '../src/core/engine/assemble-engine.ts';
import { analyseEngine } from '../src/core/engine-report/engine-analysis.ts';
import { compareEngines } from '../src/core/engine-report/compare/compare-engines.ts';
import type { Graph } from '../src/core/ir/graph.ts';
import { compareWithPrediction } from '../src/core/reality/compare-with-prediction.ts';
import type { PredictedEngine } from '../src/core/sim/predicted-engine.ts';
import { buildEngineScene } from '../src/core/view/engine-scene.ts';

/** All that is said about engines that TensorRT built: a chunk of its own, fetched with the first of them. */
export const engines = {
  read: async (files: readonly File[]): Promise<Result<readonly EngineView[]>> => {
    const texts = await Promise.all(
      files.map(async (file) => ({ name: file.name, text: await file.text() })),
    );
    const built = assembleEngine(texts);
    if (!built.ok) return built;
    return ok(
      built.value.map((engine) => ({
        engine,
        scene: buildEngineScene(engine),
        analysis: analyseEngine(engine),
      })),
    );
  },
  check: (
    predicted: PredictedEngine,
    built: BuiltEngine,
    graph: Graph,
  ): Result<RealityComparison> => compareWithPrediction(predicted, built, graph),

  compare: (built: readonly BuiltEngine[]): Result<BuiltComparison> => ok(compareEngines(built)),
};
