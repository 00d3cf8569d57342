import writeXlsxFile from 'write-excel-file/universal';
import type { EngineReport } from './engine-report.ts';
import {
  comparedSums,
  comparisonTable,
  convolutionTable,
  findingTable,
  layerTable,
  tacticTableOf,
  typeTable,
} from './report-tables.ts';
import type { Cell, Column, ReportTable } from './report-tables.ts';
import { summaryTable } from './summary-table.ts';

/** What a cell of Excel holds at most. */
const LONGEST_CELL = 32_000;
const LONGEST_SHEET_NAME = 31;
/** What XML 1.0 has no place for. */
const UNFIT =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The report as a workbook: summary, comparison, and for each engine layers, types, tactics, convolutions and findings. */
export function xlsxReport(report: EngineReport): Promise<Blob> {
  const { engines, comparison } = report;
  const sheets = [
    { name: 'summary', table: summaryTable(engines.map(({ figures }) => figures)) },
    ...(comparison
      ? [
          { name: 'comparison', table: comparisonTable(comparison) },
          { name: 'totals', table: comparedSums(comparison) },
        ]
      : []),
    ...engines.flatMap((engine, i) =>
      [layerTable, typeTable, tacticTableOf, convolutionTable, findingTable].map((make) => {
        const table = make(engine);
        return { name: engines.length === 1 ? table.id : `${String(i + 1)} ${table.id}`, table };
      }),
    ),
  ];
  return writeXlsxFile(
    sheets.map(({ name, table }) => ({
      sheet: name.slice(0, LONGEST_SHEET_NAME),
      data: [
        table.columns.map(({ title }) => ({ value: cellText(title), fontWeight: 'bold' as const })),
        ...table.rows.map((row) => row.map((cell, i) => sheetCell(cell, table.columns[i]))),
      ],
      columns: table.columns.map((_, i) => ({ width: widthOf(table, i) })),
      stickyRowsCount: 1,
    })),
  ).toBlob();
}

const FORMATS: Readonly<Record<NonNullable<Column['unit']>, string>> = {
  us: '0.00',
  share: '0.0%',
  bytes: '#,##0',
  number: '#,##0.##',
};

/** Text stays text, also where it begins like a formula: only formulas written as such are formulas. */
function sheetCell(
  cell: Cell,
  column: Column | undefined,
): { value: number; format?: string } | { value: string; type: StringConstructor } | null {
  if (cell === null || cell === '') return null;
  if (typeof cell === 'string') return { value: cellText(cell), type: String };
  return column?.unit ? { value: cell, format: FORMATS[column.unit] } : { value: cell };
}

const cellText = (text: string): string => text.replace(UNFIT, '\ufffd').slice(0, LONGEST_CELL);

const widthOf = ({ columns, rows }: ReportTable, i: number): number => {
  const longest = rows.reduce((most, row) => {
    const cell = row[i];
    return Math.max(most, typeof cell === 'string' ? cell.length : 8);
  }, columns[i]?.title.length ?? 0);
  return Math.min(60, longest + 2);
};
