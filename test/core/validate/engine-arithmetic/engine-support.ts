import type { Feeds, RunTensor } from '../../../../src/core/inputs/run-tensor.ts';
import { inferShapes } from '../../../../src/core/ir/infer/infer-shapes.ts';
import type { Model } from '../../../../src/core/ir/model.ts';
import { parseTarget } from '../../../../src/core/sim/parse-target.ts';
import type { EngineDataType, PredictedEngine } from '../../../../src/core/sim/predicted-engine.ts';
import { simulate } from '../../../../src/core/sim/simulate.ts';
import { engineModel } from '../../../../src/core/validate/engine-arithmetic/engine-model.ts';
import type { EngineModel } from '../../../../src/core/validate/engine-arithmetic/engine-model.ts';
import { withStoredTypes } from '../../../../src/core/validate/engine-arithmetic/stored-types.ts';
import { ortRunner } from '../../../../src/ort/open-runner.ts';
import { valueOf } from '../../../ort/run-support.ts';

export const openRunner = ortRunner({ threads: 1 });

export const engineOf = (model: Model): PredictedEngine =>
  simulate(model, valueOf(parseTarget('trt10.6.0-h100', 'best')), inferShapes(model));

/** The engine's arithmetic of a model, with some tensors stored in types that are known. */
export const followed = (
  model: Model,
  types: Readonly<Record<string, EngineDataType>> = {},
): EngineModel =>
  valueOf(engineModel(model, withStoredTypes(engineOf(model), new Map(Object.entries(types)))));

export async function run(
  model: Model,
  feeds: Feeds,
  wanted: readonly string[],
): Promise<ReadonlyMap<string, RunTensor>> {
  const runner = valueOf(await openRunner(model, wanted));
  const given = valueOf(await runner.run(feeds));
  await runner.release();
  return given;
}

/** The numbers of one output. */
export async function numbersOf(model: Model, feeds: Feeds, output: string): Promise<number[]> {
  return Array.from((await run(model, feeds, [output])).get(output)?.data ?? [], Number);
}
