import type { PredictedEngine } from '../core/sim/predicted-engine.ts';
import { predictionFile } from '../core/sim/prediction-file.ts';
import { writeWholeFile } from './write-whole-file.ts';

/** A prediction as JSON text, ending with a line break. */
export const predictionText = (engine: PredictedEngine): string =>
  `${JSON.stringify(predictionFile(engine), null, 1)}\n`;

/**
 * Writes a prediction to `path`, making folders as needed. The file appears whole or not at all. Throws a `Refusal`
 * where the system does not permit it.
 */
export const writePrediction = (path: string, engine: PredictedEngine): Promise<void> =>
  writeWholeFile(path, predictionText(engine));
