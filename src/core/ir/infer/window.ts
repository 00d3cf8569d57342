import type { Dim } from '../graph.ts';
import { attrInt, attrInts, attrString } from '../node-attributes.ts';
import type { Shape } from './merge-shapes.ts';
import type { NodeContext } from './node-context.ts';

/** How a window moves over the spatial dimensions; every list has one entry per spatial dimension. */
export interface Window {
  readonly kernel: readonly Dim[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Pads before each spatial dimension, then pads after each. */
  readonly pads: readonly number[];
  readonly autoPad: string;
  readonly ceilMode: boolean;
}

/**
 * The window of a convolution or pooling over `rank` spatial dimensions; `kernel` is that of the weights, where there are
 * any. Undefined, with a diagnostic, when the attributes do not fit the rank.
 */
export function readWindow(
  c: NodeContext,
  rank: number,
  kernel?: readonly Dim[],
): Window | undefined {
  const { node } = c;
  const ones = new Array<number>(rank).fill(1);
  const list = (
    name: string,
    length: number,
    fallback: readonly number[],
  ): readonly number[] | undefined => {
    const given = attrInts(node, name, fallback);
    if (given.length === length) return given;
    c.attributeProblem(name, `has ${given.length} entries where ${length} are needed`);
    return undefined;
  };
  const size =
    kernel ?? (c.hasAttribute('kernel_shape') ? list('kernel_shape', rank, ones) : undefined);
  if (size === undefined && !c.hasAttribute('kernel_shape'))
    c.attributeProblem('kernel_shape', 'is missing');
  const strides = list('strides', rank, ones);
  const dilations = list('dilations', rank, ones);
  const pads = list('pads', 2 * rank, new Array<number>(2 * rank).fill(0));
  if (!size || !strides || !dilations || !pads) return undefined;
  if (strides.some((s) => s < 1)) {
    c.attributeProblem('strides', 'is not positive everywhere');
    return undefined;
  }
  const autoPad = attrString(node, 'auto_pad', 'NOTSET');
  return {
    kernel: size,
    strides,
    dilations,
    pads,
    autoPad,
    ceilMode: attrInt(node, 'ceil_mode', 0) !== 0,
  };
}

/** Sizes after moving `window` over the spatial dimensions `input`. */
export function windowOutput(c: NodeContext, input: Shape, window: Window): Shape {
  return input.map((size, i) => c.orFresh(windowDim(c, size, window, i)));
}

function windowDim(c: NodeContext, size: Dim, window: Window, i: number): Dim | undefined {
  const stride = window.strides[i] ?? 1;
  if (window.autoPad.startsWith('SAME')) return c.dims.ceilDivide(size, stride);
  const before = window.pads[i] ?? 0;
  const after = window.pads[i + window.strides.length] ?? 0;
  const padding = window.autoPad === 'VALID' ? 0 : before + after;
  const extent = kernelExtent(c, window.kernel[i] ?? 1, window.dilations[i] ?? 1);
  const padded = c.dims.add(size, padding);
  const room =
    padded === undefined || extent === undefined ? undefined : c.dims.subtract(padded, extent);
  if (room === undefined) return undefined;
  const steps = window.ceilMode
    ? c.dims.ceilDivide(room, stride)
    : c.dims.floorDivide(room, stride);
  const count = steps === undefined ? undefined : c.dims.add(steps, 1);
  // A window that would start in the padding behind the input is left out in ceil mode.
  if (window.ceilMode && typeof count === 'number' && typeof size === 'number') {
    return (count - 1) * stride >= size + before ? count - 1 : count;
  }
  return count;
}

function kernelExtent(c: NodeContext, kernel: Dim, dilation: number): Dim | undefined {
  const inner = c.dims.subtract(kernel, 1);
  const spread = inner === undefined ? undefined : c.dims.multiply(inner, dilation);
  return spread === undefined ? undefined : c.dims.add(spread, 1);
}
