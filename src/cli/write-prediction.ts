import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { PredictedEngine } from '../core/sim/predicted-engine.ts';
import { predictionFile } from '../core/sim/prediction-file.ts';
import { cannotWrite } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import { reasonOf } from './file-byte-source.ts';

/** A prediction as JSON text, ending with a line break. */
export const predictionText = (engine: PredictedEngine): string =>
  `${JSON.stringify(predictionFile(engine), null, 1)}\n`;

/**
 * Writes a prediction to `path`, making folders as needed. The file appears whole or not at all. Throws a `Refusal`
 * where the system does not permit it.
 */
export async function writePrediction(path: string, engine: PredictedEngine): Promise<void> {
  const part = `${path}.${String(process.pid)}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(part, predictionText(engine));
    await rename(part, path);
  } catch (error) {
    throw new Refusal(cannotWrite(path, reasonOf(error)));
  }
}
