import type { Diagnostic } from '../../core/base/diagnostic.ts';
import {
  backendUnusable,
  buildCancelled,
  builderDied,
  diskFull,
  driverTooOld,
  libraryMissing,
  noDriver,
  noGpu,
  outOfGpuMemory,
  outOfHostMemory,
  timedOut,
} from '../build-diagnostics.ts';
import type { ProcessEnd } from './run-process.ts';

/** What texts of TensorRT, of the CUDA runtime and of the loader mean. First match wins. */
const TEXTS: readonly (readonly [RegExp, (reason: string) => Diagnostic])[] = [
  [/error while loading shared libraries|cannot open shared object file/i, libraryMissing],
  [/no space left on device|ENOSPC|disk quota exceeded/i, diskFull],
  // CUDA's numbers: 35 insufficient driver, 100 no device, 38 no device in CUDA 10.
  [/insufficient for CUDA runtime|initialization failure with error:? 35\b/i, driverTooOld],
  [/no CUDA-capable device|initialization failure with error:? (?:100|38)\b/i, noGpu],
  [/libcuda\.so/i, noDriver],
  [/out ?of ?memory|GPU memory .*could not be allocated|insufficient memory/i, outOfGpuMemory],
];

/** What a line of a log or of standard error tells about a failure that we know. */
export function problemOfText(text: string): Diagnostic | undefined {
  for (const line of text.split('\n'))
    for (const [pattern, problem] of TEXTS)
      if (pattern.test(line))
        return problem(line.replace(/^\[[^\]]*\] (?:\[\w\] )*(?:\[TRT\] )?/, ''));
  return undefined;
}

/** What happened to a process that did not say so itself. `step` is what it was doing. */
export function problemOfEnd(
  end: ProcessEnd,
  program: string,
  step: string,
  timeoutMs: number | null,
): Diagnostic {
  if (end.kind === 'cancelled') return buildCancelled();
  if (end.kind === 'timed-out') return timedOut((timeoutMs ?? 0) / 1000, step);
  if (end.kind === 'not-started') return backendUnusable(program, startProblem(end.tail));
  const known = problemOfText(end.tail);
  if (known) return known;
  if (end.signal === 'SIGKILL' || end.code === 137) return outOfHostMemory();
  const how = end.signal === null ? `status ${String(end.code)}` : `signal ${end.signal}`;
  return builderDied(how, end.tail.split('\n').at(-1) ?? '');
}

/** The system's code for a program that did not start, in words. */
function startProblem(code: string): string {
  if (code === 'ENOENT') return 'there is no such program';
  return code === 'EACCES' ? 'running it is not permitted' : code;
}
