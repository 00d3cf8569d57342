import type { BuiltLayer, BuiltTensor } from '../../engine/built-engine.ts';
import type { EngineDataType } from '../../sim/predicted-engine.ts';

const TYPE_NAMES: Readonly<Partial<Record<EngineDataType, string>>> = {
  Float: 'FP32',
  Half: 'FP16',
  BFloat16: 'BF16',
};

/** An element type as people write it: `FP32`, `INT8`. */
export const typeText = (type: EngineDataType): string =>
  TYPE_NAMES[type] ?? (type === 'Unknown' ? 'unknown type' : type.toUpperCase());

/** `INT8 CHW32`; the format is left out where the file does not tell. */
export const tensorText = ({
  dataType,
  format,
}: Pick<BuiltTensor, 'dataType' | 'format'>): string =>
  format === 'UNKNOWN' ? typeText(dataType) : `${typeText(dataType)} ${format}`;

/** `12.3 µs`; what is not known says nothing. */
export const timeText = (timeUs: number | null): string =>
  timeUs === null ? '' : `${timeUs >= 100 ? timeUs.toFixed(0) : timeUs.toFixed(1)} µs`;

/** `4.2 %`. */
export const percentText = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** The name by which a sentence calls a layer: a long one loses its middle, separators of Myelin become `+`. */
export function calledName({ name }: Pick<BuiltLayer, 'name'>): string {
  const text = name.replace(/[\u001e\u001f]/g, '+');
  return text.length <= LONGEST ? text : `${text.slice(0, HEAD)}…${text.slice(HEAD - LONGEST + 1)}`;
}
const LONGEST = 96;
const HEAD = 40;

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${String(rest)} more`;
  const last = shown.pop();
  return shown.length === 0 ? (last ?? '') : `${shown.join(', ')} and ${last ?? ''}`;
}

/** `1 layer`, `2 layers`. */
export const counted = (count: number, singular: string): string =>
  `${String(count)} ${singular}${count === 1 ? '' : 's'}`;
