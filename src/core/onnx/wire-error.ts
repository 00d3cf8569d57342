import type { Diagnostic } from '../base/diagnostic.ts';

/**
 * Carries a diagnostic out of deep parsing. It never leaves this folder: whoever starts a parse turns it into a
 * `Result` with `catchWire`.
 */
export class WireError extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.code);
    this.diagnostic = diagnostic;
  }
}
