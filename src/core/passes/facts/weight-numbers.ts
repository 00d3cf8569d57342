import { isFloatType } from '../../ir/data-type.ts';
import { constantOf } from '../../ir/quantizer-nodes.ts';
import { scaleLayout } from '../../quant/scale-layout.ts';
import type { ScaleLayout } from '../../quant/scale-layout.ts';
import type { PassContext } from '../rewrite-pass.ts';
import type { QuantizerParts } from './quantizer-parts.ts';

/** Float weights, row major, and which scale each has. */
export interface FloatWeights {
  readonly numbers: Float64Array;
  readonly layout: ScaleLayout;
}

/** The float constant that a Q reads; undefined where it reads none, or the scales do not fit it. */
export function floatsOf(parts: QuantizerParts, context: PassContext): FloatWeights | undefined {
  const tensor = constantOf(parts.data);
  if (!tensor || !isFloatType(tensor.dataType)) return undefined;
  const numbers = context.numbers(parts.data);
  const layout = scaleLayout(tensor.dims, parts.scaleTensor, parts.axis, 0);
  return numbers && layout && { numbers, layout };
}

/** The largest magnitude that each of `count` scales has to serve; what is not finite does not count. */
export function largestOf({ numbers, layout }: FloatWeights, count: number): Float64Array {
  const largest = new Float64Array(count);
  for (let i = 0; i < numbers.length; i++) {
    const magnitude = Math.abs(numbers[i]!);
    const at = layout.scaleOf(i);
    if (magnitude > largest[at]! && magnitude < Infinity) largest[at] = magnitude;
  }
  return largest;
}

/** What QuantizeLinear makes of the numbers with zero point 0: divided in float32, rounded half to even, clamped to INT8. */
export function quantizeNumbers(
  { numbers, layout }: FloatWeights,
  scales: ArrayLike<number>,
): Float64Array {
  return numbers.map((number, i) => {
    const quotient = Math.fround(number / scales[layout.scaleOf(i)]!);
    return Math.min(127, Math.max(-128, roundHalfEven(quotient)));
  });
}

/** Halves go to the even neighbour; NaN becomes 0, as no integer stands for it. */
function roundHalfEven(number: number): number {
  if (Number.isNaN(number)) return 0;
  const floor = Math.floor(number);
  if (number - floor !== 0.5) return Math.round(number);
  return floor % 2 === 0 ? floor : floor + 1;
}
