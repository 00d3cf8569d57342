import type { DataType } from '../ir/data-type.ts';
import type { QuantGrid } from './quant-kernels.ts';

const integers = (lowest: number, highest: number): QuantGrid => ({ lowest, highest });

/** A float type with `mantissaBits` whose normal numbers start at 2^`lowestExponent` and end at `highest`. */
function floats(mantissaBits: number, lowestExponent: number, highest: number): QuantGrid {
  const perExponent = 2 ** -mantissaBits;
  const smallest = 2 ** lowestExponent * perExponent;
  return { lowest: -highest, highest, steps: { smallest, perExponent } };
}

/**
 * What the types that QuantizeLinear can give hold. Sources: QuantizeLinear in the ONNX operator documentation;
 * its pages "Float stored in 8 bits" and "Float stored in 4 bits".
 */
const GRIDS: Readonly<Partial<Record<DataType, QuantGrid>>> = {
  int2: integers(-2, 1),
  uint2: integers(0, 3),
  int4: integers(-8, 7),
  uint4: integers(0, 15),
  int8: integers(-128, 127),
  uint8: integers(0, 255),
  int16: integers(-32768, 32767),
  uint16: integers(0, 65535),
  float8e4m3fn: floats(3, -6, 448),
  float8e4m3fnuz: floats(3, -7, 240),
  float8e5m2: floats(2, -14, 57344),
  float8e5m2fnuz: floats(2, -15, 57344),
  float4e2m1: floats(1, 0, 6),
};

/** The grid of a quantized type; undefined for types that no quantizer gives. */
export const quantGrid = (dataType: DataType): QuantGrid | undefined => GRIDS[dataType];
