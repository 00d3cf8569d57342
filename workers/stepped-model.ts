import type { Progress } from '../src/api/numbers-api.ts';
import type { MadeSteps } from '../src/api/validate-api.ts';
import { blobSource } from '../src/core/base/byte-source.ts';
import { ok } from '../src/core/base/result.ts';
import type { Result } from '../src/core/base/result.ts';
import { inferShapes } from '../src/core/ir/infer/infer-shapes.ts';
import type { Model } from '../src/core/ir/model.ts';
import { openModel } from '../src/core/onnx/open-model.ts';
import type { PassChange } from '../src/core/passes/pass-trace.ts';
import { makeSteps } from './make-steps.ts';

type OnProgress = ((progress: Progress) => void) | undefined;

/** Opens model files that the page hands over, and infers shapes. */
export async function openFiles(
  files: readonly File[],
  onProgress?: OnProgress,
): Promise<Result<Model>> {
  const sources = files.map((file) => blobSource(file.name, file));
  const opened = await openModel(sources, {
    onProgress: (step, fraction) => onProgress?.({ step, fraction }),
  });
  if (!opened.ok) return opened;
  const { model } = opened.value;
  inferShapes(model);
  return ok(model);
}

/** Makes steps again that the page has made, and tells what passes among them did. */
export async function againMade(
  model: Model,
  made: readonly MadeSteps[],
  onProgress?: OnProgress,
): Promise<Result<{ readonly model: Model; readonly changes: readonly PassChange[] }>> {
  let current = model;
  const changes: PassChange[] = [];
  for (const { steps, target } of made) {
    onProgress?.({ step: 'Making the steps again' });
    const next = await makeSteps(current, steps, { target });
    if (!next.ok) return next;
    current = next.value.model;
    changes.push(...next.value.changes);
    inferShapes(current);
  }
  return ok({ model: current, changes });
}
