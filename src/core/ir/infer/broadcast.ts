import { inferDimsDisagree } from '../../base/diagnostics.ts';
import type { Dim } from '../graph.ts';
import type { Shape } from './merge-shapes.ts';
import type { NodeContext } from './node-context.ts';

/** The shape to which all `shapes` broadcast (numpy rules); undefined while one of them is unknown. */
export function broadcastShapes(
  c: NodeContext,
  shapes: readonly (Shape | undefined)[],
): Shape | undefined {
  let result: Shape | undefined;
  for (const shape of shapes) {
    if (shape === undefined) return undefined;
    result = result === undefined ? shape : broadcastTwo(c, result, shape);
  }
  return result;
}

function broadcastTwo(c: NodeContext, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const result: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    result.push(x === y ? x : broadcastDims(c, x, y));
  }
  return result;
}

/** A dimension of 1 stretches; a symbol next to a number above 1 must be that number or 1. */
function broadcastDims(c: NodeContext, a: Dim, b: Dim): Dim {
  if (a === 1) return b;
  if (b === 1) return a;
  if (typeof a === 'string' && typeof b === 'string') {
    return c.session.broadcastDim(a, b, c.node.outputs[0], c.node);
  }
  if (typeof a === 'number' && typeof b === 'number') c.problem(inferDimsDisagree(c.node, a, b));
  return typeof a === 'number' ? a : b;
}
