import type { Dim } from '../graph.ts';
import { attrInt, attrInts } from '../node-attributes.ts';
import { elementCount } from '../tensor.ts';
import type { FoldedConstant } from './infer-report.ts';
import type { Shape } from './merge-shapes.ts';
import type { NodeContext } from './node-context.ts';
import type { OperatorTable } from './operator-table.ts';
import { broadcastShapes } from './broadcast.ts';
import { broadcastNumbers, broadcastReader } from './fold-elementwise.ts';
import { MAX_FOLDED_ELEMENTS } from './infer-session.ts';

function transpose(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  const given = attrInts(c.node, 'perm');
  if (shape === undefined) {
    return c.output(0, c.dataType(0), given && c.freshShape(given.length));
  }
  const perm = given ?? shape.map((_, i) => shape.length - 1 - i);
  const axes = c.axes(perm, shape.length);
  if (axes === undefined) return c.output(0, c.dataType(0), undefined);
  if (axes.length !== shape.length || new Set(axes).size < axes.length) {
    c.attributeProblem('perm', 'is not a permutation of the dimensions');
    return c.output(0, c.dataType(0), undefined);
  }
  c.output(
    0,
    c.dataType(0),
    axes.map((axis) => shape[axis] ?? 1),
  );
  c.fold(0, transposeConstant(c.constant(0), axes));
}

function transposeConstant(
  constant: FoldedConstant | undefined,
  perm: readonly number[],
): FoldedConstant | undefined {
  if (constant?.shape.length !== perm.length) return undefined;
  const shape = perm.map((axis) => constant.shape[axis] ?? 1);
  const strides = perm.map((axis) => elementCount(constant.shape.slice(axis + 1)));
  const elements = constant.elements.map((_, index): Dim => {
    let at = 0;
    for (let i = shape.length - 1; i >= 0; i--) {
      const size = shape[i] ?? 1;
      at += (index % size) * (strides[i] ?? 0);
      index = Math.floor(index / size);
    }
    return constant.elements[at] ?? 0;
  });
  return { dataType: constant.dataType, shape, elements };
}

function expand(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  const target = c.required(1) && c.elements(1);
  const length = c.listLength(1);
  if (shape === undefined) return c.output(0, c.dataType(0), undefined);
  if (target === undefined) {
    const rank = length === undefined ? undefined : Math.max(length, shape.length);
    return c.output(0, c.dataType(0), rank === undefined ? undefined : c.freshShape(rank));
  }
  const result = broadcastShapes(c, [shape, target]);
  c.output(0, c.dataType(0), result);
  foldExpanded(c, target);
}

function foldExpanded(c: NodeContext, target: Shape): void {
  const constant = c.constant(0);
  if (constant === undefined || !target.every((d) => typeof d === 'number')) return;
  const shape = broadcastNumbers([constant.shape, target]);
  const count = shape === undefined ? Infinity : elementCount(shape);
  if (shape === undefined || count > MAX_FOLDED_ELEMENTS) return;
  const read = broadcastReader(constant, shape);
  const elements = Array.from({ length: count }, (_, i) => read(i));
  c.fold(0, { dataType: constant.dataType, shape, elements });
}

/** Opset 1 gave the number of tiles and one axis as two inputs; later versions give the repeats of each axis. */
function tile(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  const repeats = c.opset < 6 && c.inputCount === 3 ? tilesOfOneAxis(c, shape) : c.elements(1);
  if (shape === undefined) return c.output(0, c.dataType(0), undefined);
  if (repeats === undefined) return c.output(0, c.dataType(0), c.freshShape(shape.length));
  if (repeats.length !== shape.length)
    c.attributeProblem('repeats', 'has not one entry per dimension');
  const dim = (d: Dim, i: number): Dim => c.orFresh(c.dims.multiply(d, repeats[i] ?? 1));
  c.output(0, c.dataType(0), shape.map(dim));
}

function tilesOfOneAxis(c: NodeContext, shape: Shape | undefined): readonly Dim[] | undefined {
  const tiles = c.elements(1)?.[0];
  const axis = c.numbers(2)?.[0];
  if (shape === undefined || tiles === undefined || axis === undefined) return undefined;
  return shape.map((_, i) => (i === axis ? tiles : 1));
}

function depthToSpace(c: NodeContext): void {
  const shape = c.shapeOfRank(0, 4, 4);
  const block = blockSize(c);
  if (shape === undefined || block === undefined) {
    return c.output(0, c.dataType(0), undefined);
  }
  const [n = 1, channels = 1, h = 1, w = 1] = shape;
  const scaled = [c.dims.multiply(h, block), c.dims.multiply(w, block)].map((d) => c.orFresh(d));
  const depth = c.orFresh(divisible(c, channels, block * block));
  c.output(0, c.dataType(0), [n, depth, ...scaled]);
}

function spaceToDepth(c: NodeContext): void {
  const shape = c.shapeOfRank(0, 4, 4);
  const block = blockSize(c);
  if (shape === undefined || block === undefined) {
    return c.output(0, c.dataType(0), undefined);
  }
  const [n = 1, channels = 1, h = 1, w = 1] = shape;
  const scaled = [divisible(c, h, block), divisible(c, w, block)].map((d) => c.orFresh(d));
  const depth = c.orFresh(c.dims.multiply(channels, block * block));
  c.output(0, c.dataType(0), [n, depth, ...scaled]);
}

function blockSize(c: NodeContext): number | undefined {
  const block = attrInt(c.node, 'blocksize', 0);
  if (block > 0) return block;
  c.attributeProblem('blocksize', 'is missing or not positive');
  return undefined;
}

function divisible(c: NodeContext, dim: Dim, by: number): Dim | undefined {
  if (typeof dim === 'number' && dim % by !== 0) {
    c.attributeProblem('blocksize', `does not divide the dimension ${dim} into blocks`);
    return undefined;
  }
  return c.dims.floorDivide(dim, by);
}

export const layoutOperators: OperatorTable = {
  Transpose: transpose,
  Expand: expand,
  Tile: tile,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
