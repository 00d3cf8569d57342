import type { Diagnostic } from '../../core/base/diagnostic.ts';

/** Ends a request: caught in one place, answered with its status and its diagnostic. Stays inside this folder. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly status: number;
  readonly diagnostic: Diagnostic;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    diagnostic: Diagnostic,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(diagnostic.message);
    this.status = status;
    this.diagnostic = diagnostic;
    this.headers = headers;
  }
}
