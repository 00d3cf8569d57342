import type { Diagnostic } from '../diagnostic.ts';

/** A step of a rewrite that cannot be understood. `why` is a clause without a full stop. */
export const stepNotUnderstood = (why: string): Diagnostic => ({
  code: 'optimize/step',
  severity: 'error',
  message: `This step cannot be made: ${why}.`,
  advice: 'List the passes that there are with `qdq-lab optimize --list-passes`.',
});
