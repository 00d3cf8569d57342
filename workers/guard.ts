import { internalBug } from '../src/core/base/diagnostics.ts';
import { fail } from '../src/core/base/result.ts';
import type { Result } from '../src/core/base/result.ts';

/** Runs `job` and turns what it throws, a mistake of ours, into a Diagnostic: exceptions lose their place on the way to the page. */
export async function guard<T>(
  during: string,
  job: () => Result<T> | Promise<Result<T>>,
): Promise<Result<T>> {
  try {
    return await job();
  } catch (error) {
    console.error(error);
    return fail(internalBug(during, error instanceof Error ? error.message : String(error)));
  }
}
