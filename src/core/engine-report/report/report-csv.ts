import type { EngineReport } from './engine-report.ts';
import { comparisonTable, layerTable } from './report-tables.ts';
import type { Cell } from './report-tables.ts';

/**
 * The layers of the engine, or of several engines their comparison, as one table in CSV (RFC 4180, CRLF, UTF-8). Numbers are written in
 * full, shares as 0 to 1. Text that a spreadsheet would take for a formula gets an apostrophe before it: names come from files.
 */
export function csvReport({ engines, comparison }: EngineReport): string {
  const [first] = engines;
  const table = comparison ? comparisonTable(comparison) : first ? layerTable(first) : undefined;
  if (!table) return '';
  const rows: readonly (readonly Cell[])[] = [
    table.columns.map(({ title }) => title),
    ...table.rows,
  ];
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
