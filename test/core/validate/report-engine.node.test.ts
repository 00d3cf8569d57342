import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvReport } from '../../../src/core/validate/report-csv.ts';
import { engineSummary } from '../../../src/core/validate/report-engine.ts';
import { htmlReport } from '../../../src/core/validate/report-html.ts';
import { jsonReport, readReport } from '../../../src/core/validate/report-json.ts';
import { valueOf } from '../explain/text-models.ts';
import { HOSTILE, hostileEngine, hostileEngineReport, hostileReport } from './hostile-report.ts';

const csv = csvReport(hostileEngineReport()).split('\r\n');
const rowsOf = (id: string): readonly string[] => csv.filter((line) => line.startsWith(`${id},`));
const quoted = `"'${HOSTILE.replaceAll('"', '""')}"`;

test('an engine comes back from JSON as it was, with names that look like numbers', () => {
  const report = hostileEngineReport();
  assert.deepEqual(valueOf(readReport(jsonReport(report), 'r.json')), report);
});

test('CSV tells each output by what changes it', () => {
  const head = csv.find((line) => line.startsWith('table,output,what'));
  assert.equal(
    head,
    'table,output,what,between,SQNR dB,max abs error,max error in steps,share beyond a step,unequal',
  );
  assert.deepEqual(rowsOf('engine-outputs'), [
    'engine-outputs,y,rewrite,before → model,Infinity,0.123456789,0.493827156,0,0',
    'engine-outputs,y,Q/DQ,float → model,20,0.123456789,0.493827156,0,2',
    'engine-outputs,y,fusion,model → engine,35.5,0.123456789,0.493827156,0,2',
    'engine-outputs,y,rewrite and fusion,before → engine,35.5,0.123456789,0.493827156,0,2',
    'engine-outputs,y,Q/DQ and fusion,float → engine,19.5,0.123456789,0.493827156,0,2',
  ]);
});

test('CSV lists what the engine stores, the worst first, what is exact last', () => {
  const rows = rowsOf('engine');
  assert.equal(rows.length, 3);
  assert.ok(rows[0]!.startsWith('engine,3,y,,,yes,Infinity,'));
  assert.ok(rows[1]!.startsWith(`engine,2,${quoted},conv + relu,Int8,,45,`));
  // Without a model before its five cells are empty.
  assert.ok(rows[2]!.startsWith('engine,1,Infinity,NaN,Int8,,,,,,,30,'));
  const head = csv.find((line) => line.startsWith('table,order,tensor,layer')) ?? '';
  assert.ok(head.includes(',fusion: SQNR dB,fusion: max abs error,fusion: max error in steps,'));
  assert.equal(head.split(',').length, rows[2]!.split(',').length);
});

test('CSV tells what was not followed, and where', () => {
  const text = 'FP32 or FP16 is decided by timing, and FP32 is taken';
  const names = `"'${HOSTILE.replaceAll('"', '""')}, b"`;
  assert.deepEqual(rowsOf('engine-remarks'), [
    `engine-remarks,"${text}",2,${names}`,
    'engine-remarks,INT8 without Q/DQ,,',
  ]);
});

test('without a model before, or without Q/DQ beside one, no figures of it are told', () => {
  const { tensors, ...rest } = hostileEngine();
  const alone = tensors.map(({ rewrite: _, rewriteTotal: __, ...tensor }) => tensor);
  const figures = (engine: ReturnType<typeof hostileEngine>): readonly string[] =>
    csvReport({ ...hostileReport(), engine })
      .split('\r\n')
      .filter((line) => line.startsWith('engine-outputs,'))
      .map((line) => line.split(',')[2]!);
  assert.deepEqual(figures({ ...rest, tensors: alone }), ['Q/DQ', 'fusion', 'Q/DQ and fusion']);
  const float = tensors.map((tensor) => ({
    ...tensor,
    quantization: { ...tensor.quantization, unequal: 0 },
  }));
  assert.deepEqual(figures({ ...rest, tensors: float }), [
    ...['rewrite', 'fusion', 'rewrite and fusion'],
  ]);
});

test('HTML says it in a sentence, escaped, with a picture of the engine', () => {
  const html = htmlReport(hostileEngineReport());
  assert.ok(
    html.includes(
      '<p>In the arithmetic of the engine predicted for trt10.6-sm90 best, fusion changes 2 of 3 tensors: first =cmd|&#39;/c&#39; ',
    ),
  );
  assert.ok(html.includes(', most y.</p>'));
  assert.ok(html.includes('<h2>Tensors as written and in the engine</h2>'));
  assert.equal(html.match(/<script/g)?.length, 1);
  assert.ok(!html.includes('<img') && !/https?:/.test(html));
});

test('an engine that changes nothing is told so', () => {
  const exact = { ...hostileEngine(), worst: [] };
  assert.equal(
    engineSummary(exact),
    'In the arithmetic of the engine predicted for trt10.6-sm90 best, all 3 tensors are equal to the bit to the model as written.',
  );
});

test('an engine that could not be followed is told with the reason', () => {
  const engineProblem = {
    code: 'x/y',
    severity: 'error',
    message: 'It <broke>.',
    advice: 'Mend it.',
  } as const;
  const html = htmlReport({ ...hostileReport(), engineProblem });
  assert.ok(
    html.includes(
      '<p class="error">The engine could not be followed: It &#60;broke&#62;. Mend it.</p>',
    ),
  );
});
