import type { Diagnostic } from '../../core/base/diagnostic.ts';
import type { Result } from '../../core/base/result.ts';

/** Something asked of the worker: not asked, on its way, here, or refused. */
export type Loadable<T> =
  | { readonly state: 'idle' }
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: Diagnostic };

export const IDLE = { state: 'idle' } as const;
export const LOADING = { state: 'loading' } as const;

/** What a worker's answer means for a view. */
export const loadableOf = <T>(result: Result<T>): Loadable<T> =>
  result.ok ? { state: 'ready', value: result.value } : { state: 'failed', error: result.error };

/** The value, if it has arrived. */
export const valueOf = <T>(loadable: Loadable<T>): T | undefined =>
  loadable.state === 'ready' ? loadable.value : undefined;
