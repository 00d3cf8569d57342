import { paint } from './layer-style.ts';
import type { Style } from './layer-style.ts';
import { truncateMiddle } from './plain-text.ts';

/** The last column keeps at least this much of a line, so that a narrow terminal wraps rather than hides it. */
const SHORTEST_LAST = 12;
const GAP = '  ';

/** A row: cells of even width, and a last one that takes the rest of the line. */
export interface TextRow {
  readonly cells: readonly string[];
  readonly last: string;
  /** Colour code of all but the last. */
  readonly colour?: string | undefined;
}

export interface TextLayout {
  /** Heading of the last column. */
  readonly last: string;
  /** Columns that stand to the right. */
  readonly right: readonly number[];
  readonly style: Style;
}

/** Rows below their headings, as wide as the terminal at most. */
export function textColumns(
  heads: readonly string[],
  rows: readonly TextRow[],
  { last, right, style }: TextLayout,
): string {
  const width = (text: string): number => [...text].length;
  const widths = heads.map((head, i) =>
    rows.reduce((most, { cells }) => Math.max(most, width(cells[i] ?? '')), width(head)),
  );
  const before = widths.reduce((sum, each) => sum + each + GAP.length, 0);
  const room = Math.max(SHORTEST_LAST, style.columns - before);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => {
        const missing = ' '.repeat(Math.max(0, (widths[i] ?? 0) - width(cell)));
        return (right.includes(i) ? missing + cell : cell + missing) + GAP;
      })
      .join('');
  return [
    paint(style, '2', `${line(heads)}${last}`.trimEnd()),
    ...rows.map(
      (row) => paint(style, row.colour, line(row.cells)) + truncateMiddle(row.last, room),
    ),
  ].join('\n');
}
