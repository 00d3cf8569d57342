/** A binary float format of at most 16 bits: sign, exponent, mantissa, and what its largest codes mean. */
interface FloatFormat {
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly bias: number;
  /**
   * What the codes at the end of the range mean: `ieee` infinity and NaN; `nan-only` the all-ones code is NaN; `fnuz`
   * minus zero is NaN; `finite` every code is a number.
   */
  readonly specials: 'ieee' | 'nan-only' | 'fnuz' | 'finite';
}

/** The 16, 8 and 4 bit float formats of ONNX. Source: "Float stored in 8 bits" and "4 bits" in the ONNX documentation. */
export const SMALL_FLOATS = {
  float16: { exponentBits: 5, mantissaBits: 10, bias: 15, specials: 'ieee' },
  bfloat16: { exponentBits: 8, mantissaBits: 7, bias: 127, specials: 'ieee' },
  float8e4m3fn: { exponentBits: 4, mantissaBits: 3, bias: 7, specials: 'nan-only' },
  float8e4m3fnuz: { exponentBits: 4, mantissaBits: 3, bias: 8, specials: 'fnuz' },
  float8e5m2: { exponentBits: 5, mantissaBits: 2, bias: 15, specials: 'ieee' },
  float8e5m2fnuz: { exponentBits: 5, mantissaBits: 2, bias: 16, specials: 'fnuz' },
  float4e2m1: { exponentBits: 2, mantissaBits: 1, bias: 1, specials: 'finite' },
} as const satisfies Record<string, FloatFormat>;

export type SmallFloat = keyof typeof SMALL_FLOATS;

/** The number that `code` stands for in `type`. */
export function decodeSmallFloat(type: SmallFloat, code: number): number {
  const { exponentBits, mantissaBits, bias, specials }: FloatFormat = SMALL_FLOATS[type];
  const ones = (1 << exponentBits) - 1;
  const sign = (code >> (exponentBits + mantissaBits)) & 1 ? -1 : 1;
  const exponent = (code >> mantissaBits) & ones;
  const mantissa = code & ((1 << mantissaBits) - 1);
  if (specials === 'fnuz' && sign < 0 && exponent === 0 && mantissa === 0) return NaN;
  if (specials === 'ieee' && exponent === ones) return mantissa === 0 ? sign * Infinity : NaN;
  if (specials === 'nan-only' && exponent === ones && mantissa === (1 << mantissaBits) - 1)
    return NaN;
  const fraction = mantissa / (1 << mantissaBits);
  return exponent === 0
    ? sign * fraction * 2 ** (1 - bias)
    : sign * (1 + fraction) * 2 ** (exponent - bias);
}

/** The number that a FLOAT8E8M0 code stands for: a power of two, or NaN. */
export const decodeE8m0 = (code: number): number => (code === 255 ? NaN : 2 ** (code - 127));
