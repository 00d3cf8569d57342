import type { Tensor } from '../ir/tensor.ts';
import { elementCount } from '../ir/tensor.ts';

export type Granularity = 'per-tensor' | 'per-channel' | 'block';

/** Which scale belongs to which element of a row-major tensor. */
export interface ScaleLayout {
  readonly granularity: Granularity;
  /** Counted from the front; undefined for per-tensor. */
  readonly axis?: number;
  /** So many elements in a row share a scale, from each multiple of it on. */
  readonly run: number;
  /** Index into the scales of element `element`. */
  scaleOf(element: number): number;
}

/**
 * How the scales of a quantizer lie over a tensor, after ONNX's QuantizeLinear: one scale; a 1-D tensor along `axis`;
 * or, with a block size, a tensor of the same rank that is shorter along `axis`. Undefined when the shapes do not fit.
 */
export function scaleLayout(
  dims: readonly number[],
  scale: Tensor,
  axis: number,
  blockSize: number,
): ScaleLayout | undefined {
  const scaleCount = elementCount(scale.dims);
  if (scaleCount === 1 && blockSize === 0) {
    return { granularity: 'per-tensor', run: Infinity, scaleOf: () => 0 };
  }
  const front = axis < 0 ? axis + dims.length : axis;
  const length = dims[front];
  if (length === undefined) return undefined;
  const inner = elementCount(dims.slice(front + 1));
  if (blockSize === 0) {
    if (scaleCount !== length || scale.dims.length !== 1) return undefined;
    const scaleOf = (element: number) => Math.floor(element / inner) % length;
    return { granularity: 'per-channel', axis: front, run: inner, scaleOf };
  }
  const blocks = Math.ceil(length / blockSize);
  const expected = dims.map((dim, i) => (i === front ? blocks : dim));
  if (blockSize < 0 || expected.join() !== scale.dims.join()) return undefined;
  return {
    granularity: 'block',
    axis: front,
    // A last block that is cut off would break the rhythm of runs along the axis.
    run: inner === 1 && length % blockSize === 0 ? blockSize : 1,
    scaleOf: (element) => {
      const row = Math.floor(element / inner);
      const block = Math.floor((row % length) / blockSize);
      return (Math.floor(row / length) * blocks + block) * inner + (element % inner);
    },
  };
}
