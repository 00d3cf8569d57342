import type { EngineDataType, TensorFormat } from '../sim/predicted-engine.ts';

/** What a file says of an element type and a storage order. */
export interface FormatWords {
  readonly dataType: EngineDataType;
  readonly format: TensorFormat;
}

/** Words for element types, the longer before the shorter that they contain. */
const TYPES: readonly (readonly [RegExp, EngineDataType])[] = [
  [/\b(?:BFloat16|BF16)\b/i, 'BFloat16'],
  [/\b(?:FP16|Float16|Half)\b/i, 'Half'],
  [/\b(?:FP8|Float8)(?:E4M3|E5M2)?(?:FN)?\b/i, 'FP8'],
  [/\b(?:FP4|Float4)(?:E2M1)?\b/i, 'FP4'],
  [/\b(?:FP32|Float32|Float)\b/i, 'Float'],
  [/\b(?:FP64|Float64|Double)\b/i, 'Double'],
  [/\bUInt8\b/i, 'UInt8'],
  [/\bUInt16\b/i, 'UInt16'],
  [/\bUInt32\b/i, 'UInt32'],
  [/\bUInt64\b/i, 'UInt64'],
  [/\bInt2\b/i, 'Int2'],
  [/\bInt4\b/i, 'Int4'],
  [/\bInt8\b/i, 'Int8'],
  [/\bInt16\b/i, 'Int16'],
  [/\bInt32\b/i, 'Int32'],
  [/\bInt64\b/i, 'Int64'],
  [/\bBool(?:ean)?\b/i, 'Bool'],
];

/** `TensorFormat` of the API, which newer files add in brackets: `(kLINEAR)`. DLA's formats by what they are like. */
const API_NAMES: Readonly<Record<string, TensorFormat>> = {
  LINEAR: 'LINEAR',
  CHW2: 'CHW2',
  CHW4: 'CHW4',
  CHW16: 'CHW16',
  CHW32: 'CHW32',
  CHW64: 'CHW64',
  HWC: 'HWC',
  HWC4: 'HWC4',
  HWC8: 'HWC8',
  HWC16: 'HWC16',
  DHWC: 'DHWC',
  DHWC8: 'DHWC8',
  CDHW32: 'CDHW32',
  DLA_LINEAR: 'LINEAR',
  DLA_HWC4: 'HWC4',
};
const WIDTHS: Readonly<Record<string, number>> = {
  two: 2,
  four: 4,
  sixteen: 16,
  'thirty-two': 32,
  'sixty-four': 64,
};

/**
 * Reads `Format/Datatype` of every generation by its grammar: an order of storage (`Row major linear`, `Thirty-two wide channel
 * vectorized row major`, `Channel major … where channel % 8 == 0`, `(kHWC8)`) around a type, or the type alone from TensorRT 9 on.
 */
export const parseTensorFormat = (text: string): FormatWords => ({
  dataType: TYPES.find(([words]) => words.test(text))?.[1] ?? 'Unknown',
  format: formatOf(text),
});

function formatOf(text: string): TensorFormat {
  const named = /(?:^|[\s(])k?([A-Z]+(?:_[A-Z]+)?\d*)(?=$|[\s)])/g;
  for (const [, name = ''] of text.matchAll(named)) {
    const format = API_NAMES[name];
    if (format) return format;
  }
  const spatial3 = /3 spatial dimensions/i.test(text);
  const wide = /\b(two|four|sixteen|thirty-two|sixty-four) wide channel/i.exec(text);
  if (wide) return vectorFormat(WIDTHS[wide[1]?.toLowerCase() ?? ''] ?? 0, spatial3);
  if (/channel major/i.test(text)) return channelLast(text, spatial3);
  return /row major/i.test(text) || /^\s*linear\b/i.test(text) ? 'LINEAR' : 'UNKNOWN';
}

/** The format that packs `width` channels: `CHW4`; width 1 is linear. Three spatial dimensions have one such format. */
export function vectorFormat(width: number, spatial3 = false): TensorFormat {
  if (width === 1) return 'LINEAR';
  if (width === 32 && spatial3) return 'CDHW32';
  return API_NAMES[`CHW${String(width)}`] ?? 'UNKNOWN';
}

function channelLast(text: string, spatial3: boolean): TensorFormat {
  const multiple = /channel (?:%|==) (\d+)/i.exec(text)?.[1] ?? '';
  if (spatial3) return multiple === '8' ? 'DHWC8' : 'DHWC';
  return API_NAMES[`HWC${multiple}`] ?? 'HWC';
}

const BITS: Readonly<Partial<Record<EngineDataType, number>>> = {
  Bool: 8,
  Int8: 8,
  UInt8: 8,
  FP8: 8,
  Int4: 4,
  FP4: 4,
  Int2: 2,
  Half: 16,
  BFloat16: 16,
  Int16: 16,
  UInt16: 16,
  Float: 32,
  Int32: 32,
  UInt32: 32,
  Double: 64,
  Int64: 64,
  UInt64: 64,
};

/** Bytes of `count` elements; 0 where the type is unknown. */
export const bytesOf = (type: EngineDataType, count: number): number =>
  Math.ceil((count * (BITS[type] ?? 0)) / 8);
