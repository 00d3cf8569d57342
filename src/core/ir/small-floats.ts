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

export const isSmallFloat = (type: string): type is SmallFloat => Object.hasOwn(SMALL_FLOATS, type);

/** The largest finite code of a format, without sign. */
function largestCode({ exponentBits, mantissaBits, specials }: FloatFormat): number {
  const all = (1 << (exponentBits + mantissaBits)) - 1;
  if (specials === 'ieee') return all - (1 << mantissaBits);
  return specials === 'nan-only' ? all - 1 : all;
}

/**
 * The code of the number of `type` that is nearest to `value`, ties to even. What is too large becomes infinity where the
 * type has one, else the largest number.
 */
export function encodeSmallFloat(type: SmallFloat, value: number): number {
  const format: FloatFormat = SMALL_FLOATS[type];
  const { exponentBits, mantissaBits, bias, specials } = format;
  const signBit = 1 << (exponentBits + mantissaBits);
  const largest = largestCode(format);
  if (Number.isNaN(value)) {
    if (specials === 'fnuz') return signBit;
    return specials === 'finite' ? largest : signBit - 1;
  }
  const isNegative = value < 0 || Object.is(value, -0);
  const size = Math.abs(value);
  const exponent = Math.max(
    1 - bias,
    Math.min(1023, Math.floor(Math.log2(size || Number.MIN_VALUE))),
  );
  const steps = roundHalfToEven(size * 2 ** (mantissaBits - exponent));
  // A mantissa that was rounded up to the next power of two carries into the exponent by itself.
  let code = (exponent - 1 + bias) * (1 << mantissaBits) + steps;
  if (code > largest) code = specials === 'ieee' ? largest + 1 : largest;
  // fnuz formats have no minus zero: its code means NaN.
  return isNegative && !(specials === 'fnuz' && code === 0) ? code | signBit : code;
}

function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** The FLOAT8E8M0 code of the power of two that is nearest to `value`. */
export function encodeE8m0(value: number): number {
  if (!(value > 0)) return 255;
  return Math.max(0, Math.min(254, Math.round(Math.log2(value)) + 127));
}
