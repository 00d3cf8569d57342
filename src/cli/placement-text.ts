import type { Diagnostic } from '../core/base/diagnostic.ts';
import type { AppliedPlacement } from '../core/placement/apply-placement.ts';
import { readerText } from '../core/placement/placement-file.ts';
import type { Placement, StoredPair } from '../core/placement/placement-file.ts';
import { counted, printable, truncateMiddle } from './plain-text.ts';
import type { Terminal } from './terminal.ts';

type Style = Pick<Terminal, 'columns' | 'colour'>;

const bold = ({ colour }: Style, text: string): string =>
  colour ? `\u001b[1m${text}\u001b[0m` : text;

/** The pairs of a placement as a table: tensor, scale, who reads it. */
export function placementTable(placement: Placement, name: string, style: Style): string {
  const { model, pairs, scales } = placement;
  const rows = pairs.map((pair) => [
    printable(pair.tensor),
    scaleText(pair, placement),
    printable(readersText(pair)),
  ]);
  const head = ['tensor', 'scale', 'read by'];
  const widest = (column: number, most: number): number =>
    Math.min(most, Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const widths = [widest(0, 60), widest(1, 40)];
  const line = (cells: readonly string[]): string => {
    const left = cells.slice(0, 2).map((cell, i) => {
      const width = widths[i] ?? 0;
      return truncateMiddle(cell, width).padEnd(width);
    });
    return [...left, cells[2] ?? ''].join('  ').trimEnd();
  };
  const summary = `${counted(pairs.length, 'pair')}, ${counted(scales.size, 'scale constant')}`;
  return [
    `${bold(style, printable(name))}  ${counted(model.nodes, 'node')} without Q/DQ, fingerprint ${model.fingerprint}`,
    ...(rows.length > 0 ? [bold(style, line(head)), ...rows.map(line)] : []),
    bold(style, summary),
    '',
  ].join('\n');
}

function scaleText({ settings }: StoredPair, { scales }: Placement): string {
  const numbers = scales.get(settings.scale)?.numbers ?? [];
  const short = (number: number): string => String(Number(number.toPrecision(6)));
  const [first = NaN] = numbers;
  const type = settings.type === 'int8' ? '' : ` ${settings.type}`;
  if (numbers.length === 1) return `${short(first)}${type}`;
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const where = settings.blockSize
    ? `blocks of ${String(settings.blockSize)}`
    : `axis ${String(settings.axis ?? 1)}`;
  return `${short(least)} to ${short(most)}, ${String(numbers.length)} on ${where}${type}`;
}

function readersText({ all, behind, dequantizers }: StoredPair): string {
  const readers = dequantizers.flatMap((dequantizer) => dequantizer.readers).map(readerText);
  const text = readers.join(', ') || (all ? 'all readers' : 'another pair');
  return behind === undefined ? text : `${text}, behind ${behind}`;
}

/** What applying a placement did: how pairs were found, and in full what was not as it was. */
export function appliedText({ applied, kept, unmatched, isSameExport }: AppliedPlacement): string {
  const lines = [
    `${counted(applied.length, 'pair')} placed${isSameExport ? '; the same export of the model' : ''}`,
  ];
  for (const { tensor, value, by, readers } of applied)
    if (by !== 'name')
      lines.push(
        `  ${tensor} → ${value}, found by ${by === 'reader' ? 'its readers' : 'their place in the network'} (${readers.join(', ') || 'an output'})`,
      );
  if (kept.length > 0)
    lines.push(`${String(kept.length)} left as they are: the model quantizes these reads already`);
  if (unmatched.length > 0) lines.push(`${String(unmatched.length)} without a place:`);
  lines.push(...unmatched.map(({ message }: Diagnostic) => `  ${message}`));
  return lines.map((line) => `${printable(line)}\n`).join('');
}
