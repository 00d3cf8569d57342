import type { Diagnostic } from './diagnostic.ts';

/**
 * The answer of anything that can fail on bad input. Bugs throw (see `assert.ts`); bad input never does, because an
 * exception loses its code and its place when it crosses a worker.
 */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Diagnostic };

/** Wraps a value as success. */
export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

/** Wraps a diagnostic as failure. */
export const fail = (error: Diagnostic): Result<never> => ({ ok: false, error });
