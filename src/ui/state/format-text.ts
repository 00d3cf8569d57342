import type { Dim } from '../../core/ir/graph.ts';

/** `1×64×56×56`; `scalar` without dimensions; `?` where not even the rank is known. */
export function shapeText(shape: readonly Dim[] | undefined): string {
  if (shape === undefined) return '?';
  return shape.length === 0 ? 'scalar' : shape.join('×');
}

/** `812 B`, `46.8 MB`: decimal units, as file managers count. */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let amount = bytes;
  let unit = 0;
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000;
    unit++;
  }
  return `${unit === 0 || amount >= 100 ? amount.toFixed(0) : amount.toFixed(1)} ${units[unit] ?? ''}`;
}

/** A number to four significant digits, without a trailing zero: `0.03152`, `-1.2e-7`. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-4 && magnitude < 1e6) return String(Number(value.toPrecision(4)));
  return value.toExponential(2);
}

/** `1 layer`, `3 layers`. */
export const countText = (count: number, singular: string, plural = `${singular}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? singular : plural}`;

/** `95 %`; a share that is not quite all or not quite nothing never rounds to it. */
export function percentText(share: number): string {
  const percent = Math.round(share * 100);
  if (percent === 100 && share < 1) return '99 %';
  if (percent === 0 && share > 0) return '1 %';
  return `${String(percent)} %`;
}

/** `41.3`, `exact` where nothing differs, `broken` where one side is. */
export function decibelText(decibels: number): string {
  if (decibels === Infinity) return 'exact';
  if (decibels === -Infinity || Number.isNaN(decibels)) return 'broken';
  return decibels.toFixed(1);
}
