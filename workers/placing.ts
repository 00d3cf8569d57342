import type { PlacementStep } from '../src/api/rewrite-api.ts';
import type { Diagnostic } from '../src/core/base/diagnostic.ts';
import { ok } from '../src/core/base/result.ts';
import type { Result } from '../src/core/base/result.ts';
import type { Model } from '../src/core/ir/model.ts';
import { applyPlacement } from '../src/core/placement/apply-placement.ts';
import { parsePlacement } from '../src/core/placement/parse-placement.ts';
import { printPlacement } from '../src/core/placement/print-placement.ts';
import { readPlacement } from '../src/core/placement/read-placement.ts';

/** Placements as files: a chunk of its own, because of what it takes to read and write YAML. */
export const placing = {
  /** Puts the placement of a file in the place of the one that the model has. */
  apply(
    model: Model,
    { text, fileName }: PlacementStep,
  ): Result<{ readonly model: Model; readonly notes: readonly Diagnostic[] }> {
    const placement = parsePlacement(text, fileName);
    if (!placement.ok) return placement;
    const done = applyPlacement(model, placement.value, { replace: true });
    return done.ok ? ok({ model: done.value.model, notes: done.value.unmatched }) : done;
  },

  /** The placement of a model as YAML. */
  async print(model: Model): Promise<Result<string>> {
    const read = await readPlacement(model);
    return read.ok ? ok(printPlacement(read.value.placement, 'yaml')) : read;
  },
};
