import { reportTables } from './report-table.ts';
import type { Cell } from './report-table.ts';
import type { ValidationReport } from './validation-report.ts';

/**
 * A report as CSV (RFC 4180, CRLF): its tables one after the other, each with its id in the first column and a line of headings, an
 * empty line between two. Numbers are written in full; Infinity as such. Text that a spreadsheet would take for a formula gets an
 * apostrophe before it: names of nodes come from files.
 */
export const csvReport = (report: ValidationReport): string =>
  reportTables(report)
    .map(({ id, columns, rows }) =>
      [['table', ...columns], ...rows.map((row) => [id, ...row])]
        .map((row) => `${row.map(field).join(',')}\r\n`)
        .join(''),
    )
    .join('\r\n');

function field(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
