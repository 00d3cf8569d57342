import type { Diagnostic } from '../../core/base/diagnostic.ts';
import { noTensorrt } from '../build-diagnostics.ts';
import { Refusal } from '../command.ts';
import type { Backend } from './backend.ts';
import { probePython, pythonBackend } from './python-backend.ts';
import type { Runner } from './runner.ts';
import { findTrtexec, trtexecBackend } from './trtexec-backend.ts';

/** What the user said about what is to build. */
export interface Wish {
  readonly backend: 'trtexec' | 'python' | undefined;
  readonly trtexec: string | undefined;
  readonly python: string | undefined;
}

/** Pythons that are asked, in this order, where none is named. */
const PYTHONS = process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python'];

/**
 * What builds here: `trtexec` where it is found, else Python's `tensorrt`; what was asked for and nothing else where something was.
 * Throws a `Refusal` where nothing can, with what stands in the way.
 */
export async function findBackend(
  runner: Runner,
  wish: Wish,
  signal?: AbortSignal,
): Promise<Backend> {
  const wanted =
    wish.backend ??
    (wish.python !== undefined && wish.trtexec === undefined ? 'python' : undefined);
  const problems: Diagnostic[] = [];
  if (wanted !== 'python') {
    const probe = await findTrtexec(runner, wish.trtexec, signal);
    if ('found' in probe) return trtexecBackend(runner, probe.found);
    if (wanted === 'trtexec' || wish.trtexec !== undefined) throw new Refusal(probe.problem);
    problems.push(probe.problem);
  }
  for (const program of wish.python === undefined ? PYTHONS : [wish.python]) {
    const probe = await probePython(runner, program, signal);
    if ('found' in probe) return pythonBackend(runner, probe.found);
    problems.push(probe.problem);
    // A TensorRT that is there, but does not work, is the answer; one that is not there sends us on.
    if (
      probe.problem.code !== 'build/no-tensorrt' &&
      probe.problem.code !== 'build/backend-unusable'
    )
      throw new Refusal(probe.problem);
  }
  const [only] = problems;
  throw new Refusal(
    only && problems.length === 1 ? only : noTensorrt(problems.map(({ message }) => message)),
  );
}
