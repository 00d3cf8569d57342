import type { Dim } from '../graph.ts';
import { attrInts } from '../node-attributes.ts';
import type { FoldedConstant } from './infer-report.ts';
import type { Shape } from './merge-shapes.ts';
import type { NodeContext } from './node-context.ts';
import type { OperatorTable } from './operator-table.ts';

interface SliceOperands {
  readonly starts: readonly Dim[];
  readonly ends: readonly Dim[];
  readonly axes: readonly number[];
  readonly steps: readonly Dim[];
}

/** Version 1 takes attributes, from 10 on they are inputs and steps exist; undefined when an input is not constant. */
function sliceOperands(c: NodeContext): SliceOperands | undefined {
  const asInputs = c.inputCount > 1;
  const starts = asInputs ? c.elements(1) : attrInts(c.node, 'starts');
  const ends = asInputs ? c.elements(2) : attrInts(c.node, 'ends');
  if (starts === undefined || ends === undefined) return undefined;
  const all = starts.map((_, i) => i);
  const hasAxes = asInputs ? c.input(3) !== undefined : c.hasAttribute('axes');
  const axes = !hasAxes ? all : asInputs ? c.numbers(3) : attrInts(c.node, 'axes');
  const steps = c.input(4) === undefined ? all.map(() => 1) : c.elements(4);
  return axes === undefined || steps === undefined ? undefined : { starts, ends, axes, steps };
}

function slice(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  if (shape === undefined) return c.output(0, c.dataType(0), undefined);
  const operands = sliceOperands(c);
  if (operands === undefined) {
    if (c.inputCount < 2 && !c.hasAttribute('starts')) c.required(1);
    return c.output(0, c.dataType(0), slicedSomewhere(c, shape));
  }
  const axes = c.axes(operands.axes, shape.length);
  if (axes === undefined) return c.output(0, c.dataType(0), undefined);
  const result = [...shape];
  axes.forEach((axis, i) => {
    const length = sliceLength(c, shape[axis] ?? 0, operands, i);
    result[axis] = c.orFresh(length);
  });
  c.output(0, c.dataType(0), result);
  c.fold(0, foldSlice(c.constant(0), operands));
}

/** Without the bounds only the axes that are named lose their size; without names all of them do. */
function slicedSomewhere(c: NodeContext, shape: Shape): Shape {
  const axes = c.input(3) === undefined ? undefined : c.numbers(3);
  const touched = axes?.map((a) => (a < 0 ? a + shape.length : a));
  const first = c.input(3) === undefined ? (c.listLength(1) ?? shape.length) : shape.length;
  return shape.map((d, i) =>
    (touched === undefined ? i < first : touched.includes(i)) ? c.fresh() : d,
  );
}

function sliceLength(
  c: NodeContext,
  size: Dim,
  operands: SliceOperands,
  i: number,
): Dim | undefined {
  const start = operands.starts[i];
  const end = operands.ends[i];
  const step = operands.steps[i] ?? 1;
  if (start === undefined || end === undefined) {
    c.attributeProblem('ends', 'has not one entry per start');
    return undefined;
  }
  if (step === 0) {
    c.attributeProblem('steps', 'contains 0');
    return undefined;
  }
  if (
    typeof size === 'number' &&
    typeof start === 'number' &&
    typeof end === 'number' &&
    typeof step === 'number'
  ) {
    const [from, to] = clampRange(size, start, end, step);
    return Math.max(0, Math.ceil((to - from) / step));
  }
  return symbolicLength(c, size, { start, end, step });
}

/** Start and end as indices inside the dimension, as numpy clamps them. */
function clampRange(size: number, start: number, end: number, step: number): [number, number] {
  const wrap = (at: number): number => (at < 0 ? at + size : at);
  const clamp = (at: number, low: number, high: number): number =>
    Math.max(low, Math.min(high, at));
  if (step > 0) return [clamp(wrap(start), 0, size), clamp(wrap(end), 0, size)];
  return [clamp(wrap(start), 0, size - 1), clamp(wrap(end), -1, size - 1)];
}

/** Bounds beyond this mean "to the end" for a dimension of unknown size. */
const FAR = 2 ** 31 - 1;

interface Bounds {
  readonly start: Dim;
  readonly end: Dim;
  readonly step: Dim;
}

/** For symbolic sizes we take the slice as written, that is inside the dimension. */
function symbolicLength(c: NodeContext, size: Dim, { start, end, step }: Bounds): Dim | undefined {
  if (typeof step !== 'number') return undefined;
  if (step < 0) {
    const whole = (start === -1 || isFar(start, 1)) && isFar(end, -1);
    return whole ? c.dims.ceilDivide(size, -step) : undefined;
  }
  const from = typeof start === 'number' && start < 0 ? c.dims.add(size, start) : start;
  const to = endOf(c, size, end);
  if (from === undefined || to === undefined) return undefined;
  const length = c.dims.subtract(to, from);
  if (length === undefined) return undefined;
  if (typeof length === 'number' && length < 0) return 0;
  return step === 1 ? length : c.dims.ceilDivide(length, step);
}

const isFar = (bound: Dim, sign: number): boolean =>
  typeof bound === 'number' && bound * sign >= FAR;

function endOf(c: NodeContext, size: Dim, end: Dim): Dim | undefined {
  if (isFar(end, 1)) return size;
  if (typeof end === 'number' && end < 0) return c.dims.add(size, end);
  if (end === size) return size;
  // Which of the two is smaller is not known unless both are numbers.
  return typeof size === 'number' && typeof end === 'number'
    ? Math.min(size, end)
    : boundedEnd(c, size, end);
}

/** `x[:n]` of a symbolic dimension is min(n, size); exporters write it only where n fits when it is 0 or 1. */
function boundedEnd(c: NodeContext, size: Dim, end: Dim): Dim | undefined {
  if (end === 0) return 0;
  return c.dims.min(size, end);
}

function foldSlice(
  constant: FoldedConstant | undefined,
  operands: SliceOperands,
): FoldedConstant | undefined {
  if (constant?.shape.length !== 1 || operands.starts.length !== 1) return undefined;
  const [start, end, step] = [operands.starts[0], operands.ends[0], operands.steps[0] ?? 1];
  if (
    typeof start !== 'number' ||
    typeof end !== 'number' ||
    typeof step !== 'number' ||
    step === 0
  ) {
    return undefined;
  }
  const [from, to] = clampRange(constant.elements.length, start, end, step);
  const elements: Dim[] = [];
  for (let i = from; step > 0 ? i < to : i > to; i += step)
    elements.push(constant.elements[i] ?? 0);
  return { dataType: constant.dataType, shape: [elements.length], elements };
}

/** Opset 1 to 10 take the pads as attribute, later ones as input 1, and from 18 on for some axes only. */
function pad(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  const pads = attrInts(c.node, 'pads') ?? attrInts(c.node, 'paddings') ?? c.elements(1);
  if (shape === undefined) return c.output(0, c.dataType(0), undefined);
  const given = c.input(3) === undefined ? shape.map((_, i) => i) : c.numbers(3);
  if (pads === undefined || given === undefined) {
    if (!c.hasAttribute('pads')) c.required(1);
    return c.output(0, c.dataType(0), c.freshShape(shape.length));
  }
  const axes = c.axes(given, shape.length);
  if (axes === undefined || pads.length !== 2 * axes.length) {
    if (axes !== undefined) c.attributeProblem('pads', 'has not two entries per padded dimension');
    return c.output(0, c.dataType(0), c.freshShape(shape.length));
  }
  const result = [...shape];
  axes.forEach((axis, i) => {
    const before = c.dims.add(shape[axis] ?? 0, pads[i] ?? 0);
    result[axis] = c.orFresh(
      before === undefined ? undefined : c.dims.add(before, pads[i + axes.length] ?? 0),
    );
  });
  c.output(0, c.dataType(0), result);
}

export const slicePadOperators: OperatorTable = { Slice: slice, Pad: pad };
