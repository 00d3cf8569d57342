import type { Diagnostic } from '../../core/base/diagnostic.ts';
import { noTensorrt } from '../build-diagnostics.ts';
import type { Backend, FoundTensorrt } from './backend.ts';
import type { Runner } from './runner.ts';

export type TrtexecProbe = { readonly found: FoundTensorrt } | { readonly problem: Diagnostic };

export function findTrtexec(
  _runner: Runner,
  _program: string | undefined,
  _signal?: AbortSignal,
): Promise<TrtexecProbe> {
  return Promise.resolve({ problem: noTensorrt(['no trtexec']) });
}

export function trtexecBackend(_runner: Runner, _found: FoundTensorrt): Backend {
  throw new Error('not yet');
}
