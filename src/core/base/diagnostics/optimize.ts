import type { Diagnostic } from '../diagnostic.ts';

/** A step of a rewrite that cannot be understood. `why` is a clause without a full stop. */
export const stepNotUnderstood = (why: string): Diagnostic => ({
  code: 'optimize/step',
  severity: 'error',
  message: `This step cannot be made: ${why}.`,
  advice: 'List the passes that there are with `qdq-lab optimize --list-passes`.',
});

/** The model to be quantized has Q/DQ. `nodes` are their names. */
export const quantizedAlready = (nodes: readonly string[]): Diagnostic => ({
  code: 'quantize/quantized-already',
  severity: 'error',
  message: `The model is quantized already: it has ${String(nodes.length)} Q/DQ nodes, ${nodes[0] ?? ''} first.`,
  advice:
    'Improve its placement with `qdq-lab optimize`, or give the float model that it was made from.',
  ...(nodes[0] === undefined ? {} : { place: { node: nodes[0] } }),
});
