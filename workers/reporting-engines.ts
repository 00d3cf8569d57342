import type { BuiltEngine, EngineFileFormat } from '../src/api/engine-api.ts';
import { engineSvg } from '../src/core/engine-report/drawing/engine-svg.ts';
import { jsonReport, reportEngines } from '../src/core/engine-report/report/engine-report.ts';
import { csvReport } from '../src/core/engine-report/report/report-csv.ts';
import { htmlReport } from '../src/core/engine-report/report/report-html.ts';

/**
 * A file about engines, the others held against the first; a drawing is of the first alone. A chunk of its own, because hardly a
 * visit needs it.
 */
export async function reportBuilt(
  built: readonly BuiltEngine[],
  format: EngineFileFormat,
): Promise<Blob> {
  const [first] = built;
  if (!first) throw new Error('a report is about at least one engine');
  switch (format) {
    case 'svg':
      return textFile(engineSvg(first), 'image/svg+xml');
    case 'svg-time':
      return textFile(engineSvg(first, { colour: 'heat' }), 'image/svg+xml');
    case 'html':
      return textFile(htmlReport(reportEngines(built), built), 'text/html');
    case 'csv':
      // The mark tells spreadsheets that the text is UTF-8.
      return textFile(`\ufeff${csvReport(reportEngines(built))}`, 'text/csv');
    case 'json':
      return textFile(jsonReport(reportEngines(built)), 'application/json');
    case 'xlsx': {
      const { xlsxReport } = await import('../src/core/engine-report/report/report-xlsx.ts');
      return xlsxReport(reportEngines(built));
    }
  }
}

const textFile = (text: string, type: string): Blob => new Blob([text], { type });
