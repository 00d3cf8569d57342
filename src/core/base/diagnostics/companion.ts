import type { Diagnostic } from '../diagnostic.ts';

const problem = (code: string, message: string, advice: string): Diagnostic => ({
  code: `companion/${code}`,
  severity: 'error',
  message,
  advice,
});

/** The server that builds does not answer any more. */
export const companionGone = (): Diagnostic =>
  problem(
    'gone',
    'The server that builds for this page does not answer.',
    'If it was stopped, start it again with npx qdq-lab serve and open the address that it prints; else try again.',
  );

/** Something answers, but not as our server does. */
export const companionAnswerOdd = (status: number): Diagnostic =>
  problem(
    'answer-odd',
    `What answers here (status ${String(status)}) is not the server that builds.`,
    'Start npx qdq-lab serve again and open the address that it prints.',
  );

/** Built, but what TensorRT told of its layers is not among the files. */
export const builtWithoutLayers = (): Diagnostic => ({
  ...problem(
    'no-layers',
    'The engine was built, but there is no file of its layers to show.',
    'The build log says why; an engine for an older TensorRT may not tell.',
  ),
  severity: 'warning',
});
