import { attrFloat, attrFloats, attrInts, attrString } from '../node-attributes.ts';
import type { Dim } from '../graph.ts';
import type { Shape } from './merge-shapes.ts';
import type { NodeContext } from './node-context.ts';
import type { OperatorTable } from './operator-table.ts';

/** Opset 10 has scales as input 1; from 11 on: region 1, scales 2, sizes 3; from 18 on both may be for some axes only. */
function resize(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  if (shape === undefined) return c.output(0, c.dataType(0), undefined);
  const scaleInput = c.opset < 11 ? 1 : 2;
  const axes = c.axes(attrInts(c.node, 'axes') ?? shape.map((_, i) => i), shape.length);
  const sizes = c.opset < 11 ? undefined : c.elements(3);
  const given = c.numbers(scaleInput);
  const scales = given && croppedScales(c, given);
  if (axes === undefined) return c.output(0, c.dataType(0), undefined);
  if (sizes !== undefined && sizes.length > 0) {
    return c.output(0, c.dataType(0), resizeTo(c, shape, axes, sizes));
  }
  if (scales !== undefined && scales.length > 0) {
    return c.output(0, c.dataType(0), scaleBy(c, shape, axes, scales));
  }
  if (c.opset < 11 || c.input(3) === undefined) c.required(scaleInput);
  c.output(
    0,
    c.dataType(0),
    shape.map((d, i) => (axes.includes(i) ? c.fresh() : d)),
  );
}

function fits(c: NodeContext, what: string, length: number, axes: readonly number[]): boolean {
  if (length === axes.length) return true;
  c.attributeProblem(what, `has ${length} entries for ${axes.length} dimensions`);
  return false;
}

function scaleBy(
  c: NodeContext,
  shape: Shape,
  axes: readonly number[],
  scales: readonly number[],
): Shape | undefined {
  if (!fits(c, 'scales', scales.length, axes)) return undefined;
  const result = [...shape];
  axes.forEach((axis, i) => {
    const scaled = scaleDim(c, shape[axis] ?? 1, scales[i] ?? 1);
    result[axis] = c.orFresh(scaled);
  });
  return result;
}

/** `tf_crop_and_resize` scales only the part of each axis between two fractions, which input 1 lists. */
function croppedScales(c: NodeContext, scales: readonly number[]): readonly number[] | undefined {
  const mode = attrString(c.node, 'coordinate_transformation_mode', 'half_pixel');
  if (mode !== 'tf_crop_and_resize') return scales;
  const region = c.numbers(1);
  if (region?.length !== 2 * scales.length) return undefined;
  return scales.map((s, i) => s * ((region[i + scales.length] ?? 1) - (region[i] ?? 0)));
}

/** Scales are float32, so the product is rounded as such before the floor: 0.6 * 5 must not become 2. */
function scaleDim(c: NodeContext, size: Dim, scale: number): Dim | undefined {
  if (typeof size === 'number') return Math.floor(Math.fround(size * scale));
  const scaled = c.dims.multiply(size, scale);
  return scaled === undefined ? undefined : c.dims.floor(scaled);
}

/** With an aspect ratio policy (opset 18) one scale, the smallest or largest, holds for all resized axes. */
function resizeTo(
  c: NodeContext,
  shape: Shape,
  axes: readonly number[],
  sizes: readonly Dim[],
): Shape | undefined {
  if (!fits(c, 'sizes', sizes.length, axes)) return undefined;
  const policy = attrString(c.node, 'keep_aspect_ratio_policy', 'stretch');
  const result = [...shape];
  const ratios = axes.map((axis, i) => Number(sizes[i]) / Number(shape[axis]));
  const scale = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios);
  axes.forEach((axis, i) => {
    const size = shape[axis];
    const kept = typeof size === 'number' ? Math.round(scale * size) : undefined;
    result[axis] = policy === 'stretch' ? (sizes[i] ?? 1) : c.orFresh(kept);
  });
  return result;
}

function oldestScales(c: NodeContext): readonly number[] | undefined {
  const height = attrFloat(c.node, 'height_scale', 0);
  const width = attrFloat(c.node, 'width_scale', 0);
  return height > 0 && width > 0 ? [1, 1, height, width] : undefined;
}

/** Opset 1: attributes per axis; 7: attribute `scales`; 9: input 1. */
function upsample(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  if (shape === undefined) return c.output(0, c.dataType(0), undefined);
  const scales = attrFloats(c.node, 'scales') ?? oldestScales(c) ?? c.numbers(1);
  if (scales === undefined && !c.hasAttribute('scales')) c.required(1);
  const all = shape.map((_, i) => i);
  c.output(0, c.dataType(0), scales ? scaleBy(c, shape, all, scales) : c.freshShape(shape.length));
}

/** One output place per place of the grid, which is `[n, ...places, rank]`. */
function gridSample(c: NodeContext): void {
  const shape = c.shapeOfRank(0, 3);
  const grid = c.shapeOfRank(1, 3);
  if (shape === undefined || grid === undefined) {
    return c.output(0, c.dataType(0), shape && c.freshShape(shape.length));
  }
  c.output(0, c.dataType(0), [shape[0] ?? 1, shape[1] ?? 1, ...grid.slice(1, -1)]);
}

/** `size` holds n, c and the spatial sizes; the grid has one coordinate list per place. */
function affineGrid(c: NodeContext): void {
  const size = c.required(1) && c.elements(1);
  const rank = size?.length ?? c.listLength(1);
  if (rank === undefined) return c.output(0, c.dataType(0), undefined);
  const places = size?.slice(2) ?? c.freshShape(rank - 2);
  c.output(0, c.dataType(0), [size?.[0] ?? c.fresh(), ...places, rank - 2]);
}

/** The crop takes its size from the other input, or from an attribute. */
function centerCropPad(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  const target = c.required(1) && c.elements(1);
  if (shape === undefined) return c.output(0, c.dataType(0), undefined);
  const axes = c.axes(attrInts(c.node, 'axes') ?? shape.map((_, i) => i), shape.length);
  const result = shape.map((d, i) => {
    const at = axes?.indexOf(i) ?? i;
    return at < 0 ? d : (target?.[at] ?? c.fresh());
  });
  c.output(0, c.dataType(0), result);
}

export const resizeOperators: OperatorTable = {
  Resize: resize,
  Upsample: upsample,
  GridSample: gridSample,
  AffineGrid: affineGrid,
  CenterCropPad: centerCropPad,
};
