import type { Diagnostic } from '../core/base/diagnostic.ts';
import { internalError } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import { OutputClosed, OutputFailed } from './terminal.ts';

/**
 * What to tell about something thrown while one model was worked on, so that the others can go on. Passes on the end of
 * output, which is not the model's fault. With DEBUG set, a defect is passed on too and shows its stack.
 */
export function diagnosticOf(error: unknown): Diagnostic {
  if (error instanceof Refusal) return error.diagnostic;
  const isOutput = error instanceof OutputClosed || error instanceof OutputFailed;
  if (isOutput || process.env['DEBUG'] || !(error instanceof Error)) throw error;
  return internalError(error.message);
}
