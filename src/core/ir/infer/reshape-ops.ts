import { inferElementCountDisagrees } from '../../base/diagnostics.ts';
import type { Dim } from '../graph.ts';
import { attrInt, attrInts } from '../node-attributes.ts';
import { elementCount } from '../tensor.ts';
import { axesOperand } from './axes-operand.ts';
import type { NodeContext } from './node-context.ts';
import type { OperatorTable } from './operator-table.ts';
import type { Shape } from './merge-shapes.ts';

/** Elements of a constant keep their order under these operators, so only the shape is new. */
function foldReshaped(c: NodeContext): void {
  const constant = c.constant(0);
  const shape = c.node.outputs[0]?.shape;
  if (constant === undefined || !shape?.every((d) => typeof d === 'number')) return;
  if (elementCount(shape) === constant.elements.length) c.fold(0, { ...constant, shape });
}

function reshape(c: NodeContext): void {
  const data = c.required(0);
  const target = c.opset < 5 && c.hasAttribute('shape') ? attrInts(c.node, 'shape') : c.elements(1);
  const length = c.input(1) === undefined ? undefined : c.listLength(1);
  if (target === undefined && c.opset >= 5) c.required(1);
  if (target !== undefined) c.output(0, data?.dataType, reshapeTo(c, data?.shape, target));
  else c.output(0, data?.dataType, length === undefined ? undefined : c.freshShape(length));
  foldReshaped(c);
}

/** Fills in 0 (copy, unless `allowzero`) and -1 (whatever is left). */
function reshapeTo(c: NodeContext, data: Shape | undefined, target: readonly Dim[]): Shape {
  const copyZero = attrInt(c.node, 'allowzero', 0) === 0;
  const shape = target.map((d, i): Dim => {
    if (d !== 0 || !copyZero) return d;
    return data === undefined ? c.fresh() : (data[i] ?? zeroBeyondInput(c));
  });
  const open = shape.indexOf(-1);
  if (data === undefined) return shape.map((d) => (d === -1 ? c.fresh() : d));
  if (open >= 0) shape[open] = c.orFresh(restOf(c, data, shape));
  else checkCount(c, data, shape);
  return shape;
}

function checkCount(c: NodeContext, data: Shape, target: Shape): void {
  const [total, wanted] = [c.dims.product(data), c.dims.product(target)];
  if (total === undefined || wanted === undefined || c.dims.equal(total, wanted) !== false) return;
  c.problem(inferElementCountDisagrees(c.node, data, target));
}

function zeroBeyondInput(c: NodeContext): Dim {
  c.attributeProblem('shape', 'copies a dimension that the input has not');
  return c.fresh();
}

/** What -1 stands for; undefined, with a diagnostic, when the division leaves a rest. */
function restOf(c: NodeContext, data: Shape, target: Shape): Dim | undefined {
  const total = c.dims.product(data);
  const known = c.dims.product(target.filter((d) => d !== -1));
  if (total === undefined || known === undefined) return undefined;
  if (known === 0) return total === 0 ? 0 : undefined;
  const rest = c.dims.divide(total, known);
  if (typeof rest === 'number' && !Number.isInteger(rest)) {
    c.problem(inferElementCountDisagrees(c.node, data, target));
    return undefined;
  }
  return typeof rest === 'number' ? rest : c.dims.floorDivide(total, known);
}

function flatten(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  const given = attrInt(c.node, 'axis', 1);
  if (shape === undefined) return c.output(0, c.dataType(0), c.freshShape(2));
  const axis = given === shape.length ? given : c.axis(given, shape.length);
  if (axis === undefined) return c.output(0, c.dataType(0), undefined);
  const outer = c.dims.product(shape.slice(0, axis));
  const inner = c.dims.product(shape.slice(axis));
  c.output(0, c.dataType(0), [c.orFresh(outer), c.orFresh(inner)]);
  foldReshaped(c);
}

function squeeze(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  const axes = axesOperand(c, 1);
  if (shape === undefined) return c.output(0, c.dataType(0), undefined);
  if (axes === 'unknown') return c.output(0, c.dataType(0), rankChanged(c, shape, -1));
  if (axes === 'absent') {
    const certain = shape.every((d) => typeof d === 'number');
    c.output(0, c.dataType(0), certain ? shape.filter((d) => d !== 1) : undefined);
  } else {
    const drop = c.axes(axes, shape.length);
    if (drop?.some((axis) => typeof shape[axis] === 'number' && shape[axis] !== 1)) {
      c.attributeProblem('axes', 'names a dimension that is not 1');
    }
    c.output(0, c.dataType(0), drop && shape.filter((_, i) => !drop.includes(i)));
  }
  foldReshaped(c);
}

/** Which axes come or go is not known, but perhaps how many. */
function rankChanged(c: NodeContext, shape: Shape, sign: 1 | -1): Shape | undefined {
  const count = c.listLength(1);
  const rank = count === undefined ? -1 : shape.length + sign * count;
  return rank < 0 ? undefined : c.freshShape(rank);
}

function unsqueeze(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  const axes = axesOperand(c, 1);
  if (axes === 'absent') c.required(1);
  if (shape === undefined || axes === 'absent') return c.output(0, c.dataType(0), undefined);
  if (axes === 'unknown') return c.output(0, c.dataType(0), rankChanged(c, shape, 1));
  const rank = shape.length + axes.length;
  const ones = c.axes(axes, rank);
  if (ones === undefined) return c.output(0, c.dataType(0), undefined);
  if (new Set(ones).size < ones.length) c.attributeProblem('axes', 'names a dimension twice');
  const rest = shape[Symbol.iterator]();
  const at = (i: number): Dim => (ones.includes(i) ? 1 : (rest.next().value ?? 1));
  c.output(
    0,
    c.dataType(0),
    Array.from({ length: rank }, (_, i) => at(i)),
  );
  foldReshaped(c);
}

function identity(c: NodeContext): void {
  const input = c.required(0);
  c.output(0, input?.dataType, input?.shape);
  c.fold(0, c.constant(0));
}

export const reshapeOperators: OperatorTable = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Identity: identity,
};
