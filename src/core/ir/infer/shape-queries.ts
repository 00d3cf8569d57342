import type { Dim } from '../graph.ts';
import { attrInt } from '../node-attributes.ts';
import type { NodeContext } from './node-context.ts';
import type { OperatorTable } from './operator-table.ts';

/** From opset 15 `start` and `end` cut a part out of the shape, clamped like a slice. */
function shapeOf(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  if (shape === undefined) return c.output(0, 'int64', c.freshShape(1));
  const clamp = (at: number): number =>
    Math.max(0, Math.min(shape.length, at < 0 ? at + shape.length : at));
  const start = clamp(attrInt(c.node, 'start', 0));
  const end = clamp(attrInt(c.node, 'end', shape.length));
  const elements: readonly Dim[] = shape.slice(start, end);
  c.output(0, 'int64', [elements.length]);
  c.fold(0, { dataType: 'int64', shape: [elements.length], elements });
}

function size(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  c.output(0, 'int64', []);
  const count = shape && c.dims.product(shape);
  if (count !== undefined) c.fold(0, { dataType: 'int64', shape: [], elements: [count] });
}

export const shapeQueryOperators: OperatorTable = { Shape: shapeOf, Size: size };
