import type { DataType } from '../data-type.ts';
import type { Dim } from '../graph.ts';
import { attrInt, attrInts } from '../node-attributes.ts';
import type { NodeContext } from './node-context.ts';
import type { InferOperator, OperatorTable } from './operator-table.ts';
import { sameFor } from './operator-table.ts';
import { readWindow, windowOutput } from './window.ts';

/** MaxPool has the indices as second output. */
function pool(c: NodeContext): void {
  const shape = c.shapeOfRank(0, 3);
  // com.microsoft: channels last, which only its own optimizer writes.
  if (attrInt(c.node, 'channels_last', 0) !== 0) {
    return c.output(0, c.dataType(0), shape && c.freshShape(shape.length));
  }
  const spatial = shape?.slice(2);
  const window = spatial && readWindow(c, spatial.length);
  const sizes =
    spatial && (window ? windowOutput(c, spatial, window) : c.freshShape(spatial.length));
  const output = shape && sizes && [...shape.slice(0, 2), ...sizes];
  c.output(0, c.dataType(0), output);
  c.output(1, 'int64', output);
}

/** Spatial dimensions become 1. */
const globalPool =
  (resultType: (c: NodeContext) => DataType | undefined): InferOperator =>
  (c) => {
    const shape = c.shapeOfRank(0, 2);
    c.output(
      0,
      resultType(c),
      shape?.map((d, i) => (i < 2 ? d : 1)),
    );
  };

/** The inverse of MaxPool: the size comes from input 2 or from the window read backwards. */
function maxUnpool(c: NodeContext): void {
  const shape = c.shapeOfRank(0, 3);
  const stated = c.elements(2);
  if (stated !== undefined && shape !== undefined) return c.output(0, c.dataType(0), stated);
  const window = shape && readWindow(c, shape.length - 2);
  if (shape === undefined || window === undefined || c.input(2) !== undefined) {
    return c.output(0, c.dataType(0), shape && c.freshShape(shape.length));
  }
  const spatial = shape.slice(2).map((size, i): Dim => {
    const pads = (window.pads[i] ?? 0) + (window.pads[i + shape.length - 2] ?? 0);
    const steps = c.dims.subtract(size, 1);
    const start = steps === undefined ? undefined : c.dims.multiply(steps, window.strides[i] ?? 1);
    const spread = c.dims.subtract(window.kernel[i] ?? 1, pads);
    return c.orFresh(
      start === undefined || spread === undefined ? undefined : c.dims.add(start, spread),
    );
  });
  c.output(0, c.dataType(0), [...shape.slice(0, 2), ...spatial]);
}

/** Regions of interest: one output image per region. */
function roi(heightName: string, widthName: string, fallback: number): InferOperator {
  return (c) => {
    const shape = c.shapeOfRank(0, 4, 4);
    const regions = c.required(1)?.shape?.[0];
    const pooled = attrInts(c.node, 'pooled_shape');
    const height = pooled?.[0] ?? attrInt(c.node, heightName, fallback);
    const width = pooled?.[1] ?? attrInt(c.node, widthName, fallback);
    c.output(0, c.dataType(0), [regions ?? c.fresh(), shape?.[1] ?? c.fresh(), height, width]);
  };
}

/** Columns of `[n, c * product(block), l]` put back as an image of the size in input 1. */
function columnsToImage(c: NodeContext): void {
  const shape = c.shapeOfRank(0, 3, 3);
  const image = c.elements(1);
  const block = c.elements(2);
  const rank = image?.length ?? c.listLength(1);
  if (shape === undefined || rank === undefined) return c.output(0, c.dataType(0), undefined);
  const perColumn = block && c.dims.product(block);
  const channels =
    perColumn === undefined ? undefined : c.dims.floorDivide(shape[1] ?? 1, perColumn);
  c.output(0, c.dataType(0), [
    shape[0] ?? 1,
    c.orFresh(channels),
    ...(image ?? c.freshShape(rank)),
  ]);
}

export const poolingOperators: OperatorTable = {
  ...sameFor('MaxPool AveragePool LpPool QLinearAveragePool', pool),
  ...sameFor(
    'GlobalAveragePool GlobalMaxPool GlobalLpPool',
    globalPool((c) => c.dataType(0)),
  ),
  MaxUnpool: maxUnpool,
  RoiAlign: roi('output_height', 'output_width', 1),
  MaxRoiPool: roi('', '', 1),
  Col2Im: columnsToImage,
};
