import { DATA_TYPES } from '../data-type.ts';
import type { Dim } from '../graph.ts';
import { attrInt } from '../node-attributes.ts';
import type { NodeContext } from './node-context.ts';
import type { OperatorTable } from './operator-table.ts';
import { sameFor } from './operator-table.ts';

/** Bins of a one-sided spectrum. */
function oneSided(c: NodeContext, length: Dim | undefined): Dim | undefined {
  const half = length === undefined ? undefined : c.dims.floorDivide(length, 2);
  return half === undefined ? undefined : c.dims.add(half, 1);
}

/** Samples behind a one-sided spectrum, taken as even. */
function fullLength(c: NodeContext, bins: Dim | undefined): Dim | undefined {
  const steps = bins === undefined ? undefined : c.dims.subtract(bins, 1);
  return steps === undefined ? undefined : c.dims.multiply(steps, 2);
}

/** The last dimension is 1 for real and 2 for complex data; opset 20 made the axis an input. */
function dft(c: NodeContext): void {
  const shape = c.shapeOfRank(0, 2);
  if (shape === undefined) return c.output(0, c.dataType(0), undefined);
  const stated = c.input(2) === undefined ? undefined : c.numbers(2)?.[0];
  const fallback = c.opset >= 20 ? -2 : attrInt(c.node, 'axis', 1);
  const axis =
    c.input(2) !== undefined && stated === undefined
      ? undefined
      : c.axis(stated ?? fallback, shape.length);
  if (axis === undefined) return c.output(0, c.dataType(0), c.freshShape(shape.length));
  const inverse = attrInt(c.node, 'inverse', 0) !== 0;
  const half = attrInt(c.node, 'onesided', 0) !== 0;
  const own = half && inverse ? fullLength(c, shape[axis]) : shape[axis];
  const length = c.input(1) === undefined ? own : c.elements(1)?.[0];
  const bins = half && !inverse ? oneSided(c, length) : length;
  const parts = half && inverse ? 1 : 2;
  c.output(0, c.dataType(0), [
    ...shape.slice(0, -1).map((d, i) => (i === axis ? c.orFresh(bins) : d)),
    parts,
  ]);
}

/** Frames of `frame_length` (or the window's length), one every `frame_step` samples. */
function stft(c: NodeContext): void {
  const shape = c.shapeOfRank(0, 2);
  const step = c.required(1) && c.elements(1)?.[0];
  const size = c.elements(3)?.[0] ?? c.shape(2)?.[0];
  const [batch = c.fresh(), samples] = shape ?? [];
  const room =
    samples === undefined || size === undefined ? undefined : c.dims.subtract(samples, size);
  const steps =
    room === undefined || step === undefined ? undefined : c.dims.floorDivide(room, step);
  const frames = steps === undefined ? undefined : c.dims.add(steps, 1);
  const bins = attrInt(c.node, 'onesided', 1) !== 0 ? oneSided(c, size) : size;
  c.output(0, c.dataType(0), [batch, c.orFresh(frames), c.orFresh(bins), 2]);
}

/** A window function of the length in input 0. */
function signalWindow(c: NodeContext): void {
  const dataType = DATA_TYPES[attrInt(c.node, 'output_datatype', 1)];
  c.output(0, dataType, [(c.required(0) && c.elements(0)?.[0]) ?? c.fresh()]);
}

/** Filter bank: number of mel bins (input 0) for each bin of a one-sided spectrum of length input 1. */
function melWeightMatrix(c: NodeContext): void {
  const dataType = DATA_TYPES[attrInt(c.node, 'output_datatype', 1)];
  const bins = c.required(0) && c.elements(0)?.[0];
  const spectrum = oneSided(c, c.required(1) && c.elements(1)?.[0]);
  c.output(0, dataType, [c.orFresh(spectrum), bins ?? c.fresh()]);
}

export const signalOperators: OperatorTable = {
  DFT: dft,
  STFT: stft,
  ...sameFor('HannWindow HammingWindow BlackmanWindow', signalWindow),
  MelWeightMatrix: melWeightMatrix,
};
