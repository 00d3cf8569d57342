import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { csvReport } from '../../../src/core/validate/report-csv.ts';
import { htmlReport } from '../../../src/core/validate/report-html.ts';
import { jsonReport, readReport } from '../../../src/core/validate/report-json.ts';
import {
  REPORT_SCRIPT,
  REPORT_SCRIPT_HASH,
  REPORT_STYLE,
  REPORT_STYLE_HASH,
} from '../../../src/core/base/report-page.ts';
import { valueOf } from '../explain/text-models.ts';
import { HOSTILE, hostileReport } from './hostile-report.ts';

test('a report comes back from JSON as it was, with names that look like numbers', () => {
  const report = hostileReport();
  assert.deepEqual(valueOf(readReport(jsonReport(report), 'r.json')), report);
});

test('what is no report is told', () => {
  const code = (text: string): string => {
    const read = readReport(text, 'r.json');
    assert.ok(!read.ok);
    assert.equal(read.error.place?.file, 'r.json');
    return read.error.code;
  };
  assert.equal(code('{'), 'validate/not-a-report');
  assert.equal(code('{}'), 'validate/not-a-report');
  assert.equal(
    code(jsonReport(hostileReport()).replace('"version": 1', '"version": 2')),
    'validate/not-a-report',
  );
});

test('CSV quotes names, disarms formulas and writes numbers in full', () => {
  const lines = csvReport(hostileReport()).split('\r\n');
  assert.equal(lines[0], 'table,pass,promise,changes');
  assert.equal(lines[1], 'passes,p,approximate,3');
  assert.equal(lines[2], '');
  const row = lines.find((line) => line.startsWith('tensors,0,')) ?? '';
  assert.ok(
    row.startsWith(
      `tensors,0,"'${HOSTILE.replaceAll('"', '""')}",n,Relu,float32,yes,approximate,30,0.123456789,`,
    ),
  );
  assert.ok(lines.some((line) => line.startsWith('tensors,1,b,') && line.includes(',Infinity,')));
});

test('HTML holds no tag, script or address that came from a model', () => {
  const html = htmlReport(hostileReport());
  assert.equal(html.match(/<script/g)?.length, 1);
  assert.ok(!html.includes('<img') && !html.includes('onerror="') && !/https?:/.test(html));
  assert.ok(html.includes('&#60;img src=x'), 'the name is there all the same');
  assert.ok(html.includes('>∞<') && html.includes('data-value="Infinity"'));
  assert.equal(html.match(/<svg/g)?.length, 2);
  assert.ok(
    !(html.match(/<svg.*<\/svg>/g)?.join('') ?? 'NaN').includes('NaN'),
    'pictures hold numbers',
  );
});

test('the policy of the HTML report knows its style sheet and its script', () => {
  const hash = (text: string): string =>
    `sha256-${createHash('sha256').update(text).digest('base64')}`;
  assert.equal(hash(REPORT_STYLE), REPORT_STYLE_HASH);
  assert.equal(hash(REPORT_SCRIPT), REPORT_SCRIPT_HASH);
  assert.ok(htmlReport(hostileReport()).includes(`script-src '${REPORT_SCRIPT_HASH}'`));
});
