import { ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Model } from '../ir/model.ts';
import { inferShapes } from '../ir/infer/infer-shapes.ts';
import { stripQuantizers } from '../placement/strip-quantizers.ts';
import type { PredictedEngine } from '../sim/predicted-engine.ts';
import { simulate } from '../sim/simulate.ts';
import { compareVersions } from '../sim/target.ts';
import type { Target } from '../sim/target.ts';
import { diffEngines } from './diff-engines.ts';
import type { EngineDifference } from './engine-difference.ts';

/** The last version that built without Q/DQ limits: TensorRT 11 dropped weak typing. */
const LAST_WEAK = '10.16';

/**
 * The best reachable fusion of the same graph: all Q/DQ taken out, and every layer free to run in INT8 where it has such
 * kernels, with nothing between layers that may fuse. It is what `trtexec --best` built from the network without Q/DQ,
 * up to TensorRT 10; for later targets the last version that could. `model` is not changed.
 */
export function referenceEngine(model: Model, target: Target): Result<PredictedEngine> {
  const bare = stripQuantizers(model);
  if (!bare.ok) return bare;
  const trt = compareVersions(target.trt, LAST_WEAK) > 0 ? LAST_WEAK : target.trt;
  return ok(simulate(bare.value, { ...target, trt, mode: 'best' }, inferShapes(bare.value)));
}

/**
 * Where `engine` falls short of the reference: what it has more of (layers, copies, bytes), most costly first, by the
 * bytes of activations that it moves more. Differences that cost nothing are left out.
 */
export const differencesFromReference = (
  engine: PredictedEngine,
  reference: PredictedEngine,
): readonly EngineDifference[] =>
  diffEngines(reference, engine)
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes);
