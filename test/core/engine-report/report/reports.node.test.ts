import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { strFromU8, unzipSync } from 'fflate';
import { DRAWING_STYLE } from '../../../../src/core/engine-report/drawing/drawing-style.ts';
import {
  DRAWING_STYLE_HASH,
  ENGINE_SCRIPT,
  ENGINE_SCRIPT_HASH,
  ENGINE_STYLE,
  ENGINE_STYLE_HASH,
} from '../../../../src/core/engine-report/report/engine-page.ts';
import {
  jsonReport,
  reportEngines,
} from '../../../../src/core/engine-report/report/engine-report.ts';
import { csvReport } from '../../../../src/core/engine-report/report/report-csv.ts';
import { htmlReport } from '../../../../src/core/engine-report/report/report-html.ts';
import { xlsxReport } from '../../../../src/core/engine-report/report/report-xlsx.ts';
import { engineOf } from '../hand-engine.ts';
import { hostileEngine, HOSTILE_NAMES } from '../hostile-engine.ts';
import { checkXml } from '../strict-xml.ts';

const hash = (text: string): string =>
  `sha256-${createHash('sha256').update(text).digest('base64')}`;

test('the policy names the very style sheets and scripts', () => {
  assert.equal(ENGINE_STYLE_HASH, hash(ENGINE_STYLE));
  assert.equal(ENGINE_SCRIPT_HASH, hash(ENGINE_SCRIPT));
  assert.equal(DRAWING_STYLE_HASH, hash(DRAWING_STYLE));
});

test('HTML asks nothing of the network, and names stay text', () => {
  const engine = hostileEngine();
  const html = htmlReport(reportEngines([engine, engine]), [engine, engine]);
  assert.doesNotMatch(html, /<img|alert\(1\)<\/script>|onerror=alert\(1\)>/);
  assert.equal(html.match(/<script>/g)?.length, 2);
  // Links to sources are followed by people alone.
  const references = html.match(/(?:src|href|action|xlink:href)="[^"]*"/g) ?? [];
  assert.ok(references.length > 0);
  for (const reference of references)
    assert.match(reference, /^href="https:\/\/docs\.nvidia\.com\//);
  assert.doesNotMatch(html, / style="|@import|url\((?!#)/);
  assert.doesNotMatch(html, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202a-\u202e\u2066-\u2069]/);
});

test('every table and drawing of the HTML is well formed', () => {
  const engine = hostileEngine();
  const html = htmlReport(reportEngines([engine]), [engine]);
  for (const svg of html.match(/<svg[\s\S]*?<\/svg>/g) ?? []) checkXml(svg);
  for (const table of html.match(/<table>[\s\S]*?<\/table>/g) ?? []) checkXml(table);
});

test('CSV holds one table that reads back, and no formula', () => {
  const report = reportEngines([hostileEngine()]);
  const rows = parseCsv(csvReport(report));
  const [head = [], ...body] = rows;
  assert.equal(head[1], 'layer');
  assert.equal(body.length, HOSTILE_NAMES.length);
  body.forEach((row, i) => {
    assert.equal(row.length, head.length);
    const name = HOSTILE_NAMES[i]!;
    assert.equal(row[1], /^[=+\-@\t\r\n]/.test(name) ? `'${name}` : name);
  });
});

test('CSV of several engines is their comparison', () => {
  const engine = hostileEngine();
  const [head = [], ...body] = parseCsv(
    csvReport(reportEngines([engine, { ...engine, name: 'b' }])),
  );
  assert.ok(head.includes('b: change µs'));
  assert.ok(body.length > 0 && body.every((row) => row.length === head.length));
});

test('a workbook opens, with its sheets and cells', async () => {
  const engine = hostileEngine();
  const blob = await xlsxReport(reportEngines([engine, { ...engine, name: 'b' }]));
  const files = unzipSync(new Uint8Array(await blob.arrayBuffer()));
  const text = (name: string): string => strFromU8(files[name]!);
  for (const name of Object.keys(files)) if (/\.(?:xml|rels)$/.test(name)) checkXml(text(name));
  const sheets = [...text('xl/workbook.xml').matchAll(/<sheet [^>]*name="([^"]*)"/g)].map(
    ([, name]) => name,
  );
  assert.deepEqual(sheets.slice(0, 5), ['summary', 'comparison', 'totals', '1 layers', '1 types']);
  const strings = text('xl/sharedStrings.xml');
  assert.ok(strings.includes('=HYPERLINK('));
  const layers = text(`xl/worksheets/sheet${String(sheets.indexOf('1 layers') + 1)}.xml`);
  // Text is shared text, never a formula; times are numbers.
  assert.doesNotMatch(layers, /<f>/);
  assert.ok(/<c r="I2"[^>]*><v>1<\/v>/.test(layers), layers.slice(0, 1500));
});

test('JSON reads back as the report itself', () => {
  const report = reportEngines([hostileEngine()]);
  assert.deepEqual(JSON.parse(jsonReport(report)), report);
  assert.deepEqual(Object.keys(report.engines[0]!).sort(), [
    'convolutions',
    'figures',
    'fileKind',
    'findings',
    'latency',
    'layers',
    'memory',
    'name',
    'remarks',
    'tactics',
  ]);
});

test('an engine without layers makes a report too', async () => {
  const empty = engineOf([]);
  const report = reportEngines([empty]);
  assert.match(htmlReport(report, [empty]), /Nothing found/);
  assert.equal(parseCsv(csvReport(report)).length, 1);
  assert.ok((await xlsxReport(report)).size > 0);
});

/** RFC 4180, strictly: quotes inside quotes are doubled, lines end in CRLF. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let field = '';
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        assert.ok(at < text.length, 'an open quote');
        if (text[at] === '"') at++;
        field += text[at] ?? '';
      }
      at++;
    } else while (at < text.length && !/[,\r\n]/.test(text[at]!)) field += text[at++] ?? '';
    row.push(field);
    if (text[at] === ',') at++;
    else {
      assert.equal(text.slice(at, at + 2), '\r\n');
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}
