import type { EngineDataType } from '../sim/predicted-engine.ts';

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${String(rest)} more`;
  const last = shown.pop();
  return shown.length === 0 ? (last ?? '') : `${shown.join(', ')} and ${last ?? ''}`;
}

/** A number with at most five digits that matter. */
export const shortNumber = (value: number): string => String(Number(value.toPrecision(5)));

/** `1 layer`, `2 layers`. */
export const counted = (count: number, singular: string): string =>
  `${String(count)} ${singular}${count === 1 ? '' : 's'}`;

/** `784 KB`: binary units, as little as fits. */
export function byteText(bytes: number): string {
  if (bytes < 1024) return `${String(bytes)} B`;
  if (bytes < 1024 * 1024) return `${String(Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

const TYPE_NAMES: Readonly<Partial<Record<EngineDataType, string>>> = {
  Float: 'FP32',
  Half: 'FP16',
  BFloat16: 'BF16',
  Int8: 'INT8',
  Int4: 'INT4',
  UInt8: 'UINT8',
};

/** An engine's element type as people write it; `float` where TensorRT settles it by timing. */
export const typeText = (tensor: {
  readonly dataType: EngineDataType;
  readonly uncertain?: boolean;
}): string =>
  tensor.uncertain ? 'float' : (TYPE_NAMES[tensor.dataType] ?? tensor.dataType.toUpperCase());
