import { inferRankUnexpected } from '../../base/diagnostics.ts';
import type { Dim } from '../graph.ts';
import { attrInt, attrInts } from '../node-attributes.ts';
import { elementCount } from '../tensor.ts';
import type { FoldedConstant } from './infer-report.ts';
import type { Shape } from './merge-shapes.ts';
import type { NodeContext } from './node-context.ts';
import type { OperatorTable } from './operator-table.ts';

function concat(c: NodeContext): void {
  const first = c.required(0);
  const shapes = c.node.inputs.map((_, i) => c.required(i)?.shape);
  // Opset 1 to 3 may leave the axis out, which meant 1.
  const given = attrInt(c.node, 'axis', 1);
  if (!c.hasAttribute('axis') && c.opset >= 4) c.attributeProblem('axis', 'is missing');
  const known = shapes.find((s) => s !== undefined);
  const axis = known && c.axis(given, known.length);
  if (axis === undefined || known === undefined) return c.output(0, first?.dataType, undefined);
  c.output(0, first?.dataType, concatShapes(c, shapes, axis, known.length));
  c.fold(0, concatConstants(c, axis));
}

function concatShapes(
  c: NodeContext,
  shapes: readonly (Shape | undefined)[],
  axis: number,
  rank: number,
): Shape | undefined {
  let total: Dim | undefined = 0;
  let result: Dim[] | undefined;
  for (const [index, shape] of shapes.entries()) {
    if (shape === undefined) {
      total = undefined;
      continue;
    }
    if (shape.length !== rank) {
      c.problem(inferRankUnexpected(c.node, index, shape.length, { min: rank, max: rank }));
      return undefined;
    }
    const here = shape[axis] ?? 0;
    total = total === undefined ? undefined : c.dims.add(total, here);
    const before: Dim[] | undefined = result;
    result = shape.map((d, i) =>
      i === axis || before === undefined ? d : c.same(before[i] ?? d, d),
    );
  }
  return result?.map((d, i) => (i === axis ? c.orFresh(total) : d));
}

/** Joins constants along `axis`; an input that is not constant leaves made-up elements if its length is known. */
function concatConstants(c: NodeContext, axis: number): FoldedConstant | undefined {
  const parts = c.node.inputs.map((_, i) => c.constant(i));
  const known = parts.find((p) => p !== undefined);
  if (known === undefined) return undefined;
  const complete = parts.map((p, i) => p ?? unknownList(c, i, known));
  if (complete.some((p) => p?.shape.length !== known.shape.length)) return undefined;
  const all = complete.filter((p) => p !== undefined);
  const outer = elementCount(known.shape.slice(0, axis));
  const elements: Dim[] = [];
  for (let o = 0; o < outer; o++) {
    for (const part of all) {
      const chunk = part.elements.length / outer;
      for (let i = o * chunk; i < (o + 1) * chunk; i++) elements.push(part.elements[i] ?? 0);
    }
  }
  const length = all.reduce((n, p) => n + (p.shape[axis] ?? 0), 0);
  const shape = known.shape.map((d, i) => (i === axis ? length : d));
  if (elementCount(shape) !== elements.length) return undefined;
  return { dataType: known.dataType, shape, elements };
}

/** `[batch, 3, ?]` is worth more than nothing: lists of integers keep their known part. */
function unknownList(
  c: NodeContext,
  index: number,
  like: FoldedConstant,
): FoldedConstant | undefined {
  const length = c.listLength(index);
  if (like.shape.length !== 1 || length === undefined || length > 16) return undefined;
  if (c.dataType(index) !== like.dataType) return undefined;
  const elements = Array.from({ length }, () => c.fresh());
  return { dataType: like.dataType, shape: [length], elements };
}

function split(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  const axis = shape && c.axis(attrInt(c.node, 'axis', 0), shape.length);
  if (shape === undefined || axis === undefined) {
    for (let i = 0; i < c.outputCount; i++) c.output(i, c.dataType(0), undefined);
    return;
  }
  const lengths = splitLengths(c, shape[axis] ?? 0);
  let start = 0;
  for (let i = 0; i < c.outputCount; i++) {
    const length = lengths[i] ?? c.fresh(i);
    c.output(
      i,
      c.dataType(0),
      shape.map((d, k) => (k === axis ? length : d)),
    );
    foldPart(c, i, start, length);
    start += typeof length === 'number' ? length : NaN;
  }
}

/** Opset 1 to 12: attribute; from 13: input; from 18: `num_outputs` equal parts, of which the last may be smaller. */
function splitLengths(c: NodeContext, total: Dim): readonly Dim[] {
  const given = c.input(1) === undefined ? attrInts(c.node, 'split') : c.elements(1);
  if (given !== undefined) {
    if (given.length !== c.outputCount) c.attributeProblem('split', 'has not one entry per output');
    const sum = given.reduce<Dim | undefined>(
      (n, d) => (n === undefined ? n : c.dims.add(n, d)),
      0,
    );
    if (sum !== undefined && c.dims.equal(sum, total) === false) {
      c.attributeProblem('split', `adds up to ${sum} where the dimension is ${total}`);
    }
    return given;
  }
  if (c.input(1) !== undefined) return [];
  const parts = c.outputCount;
  const chunk = c.opset < 18 ? c.dims.floorDivide(total, parts) : c.dims.ceilDivide(total, parts);
  if (chunk === undefined) return [];
  const exact = typeof total === 'number' && total % parts === 0;
  const last = exact ? chunk : lastChunk(c, total, chunk, parts);
  return Array.from({ length: parts }, (_, i) => (i < parts - 1 ? chunk : c.orFresh(last, i)));
}

function lastChunk(c: NodeContext, total: Dim, chunk: Dim, parts: number): Dim | undefined {
  if (c.opset < 18) {
    if (typeof total === 'number') {
      c.attributeProblem(
        'split',
        `is missing, and ${total} does not divide into ${parts} equal parts`,
      );
    }
    return chunk;
  }
  const before = c.dims.multiply(chunk, parts - 1);
  return before === undefined ? undefined : c.dims.subtract(total, before);
}

function foldPart(c: NodeContext, index: number, start: number, length: Dim): void {
  const constant = c.constant(0);
  if (constant?.shape.length !== 1 || typeof length !== 'number' || Number.isNaN(start)) return;
  const elements = constant.elements.slice(start, start + length);
  c.fold(index, { dataType: constant.dataType, shape: [elements.length], elements });
}

export const concatSplitOperators: OperatorTable = { Concat: concat, Split: split };
