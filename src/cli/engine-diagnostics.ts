import type { Diagnostic } from '../core/base/diagnostic.ts';

/** A budget of `engine` that the engine does not keep. `have` and `most` with their units. */
export const budgetBroken = (
  budget: string,
  engine: string,
  have: string,
  wanted: string,
): Diagnostic => ({
  code: 'cli/engine-budget',
  severity: 'warning',
  message: `${engine} has ${have}, but --${budget} wants ${wanted}.`,
  advice: 'The findings above say where to look; else raise the budget.',
});

/** A budget of time for an engine of which no file tells a time. */
export const budgetUnmeasured = (budget: string, engine: string): Diagnostic => ({
  code: 'cli/engine-budget-unmeasured',
  severity: 'error',
  message: `--${budget} cannot be held against ${engine}: no file tells how long it takes.`,
  advice:
    'Give the profile (trtexec --exportProfile) or the times (--exportTimes) beside the layers.',
});
