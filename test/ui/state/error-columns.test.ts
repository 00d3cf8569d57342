import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuantizerError } from '../../../src/core/validate/validation-report.ts';
import {
  QUANTIZER_COLUMNS,
  TENSOR_COLUMNS,
  errorsAsTsv,
  shareText,
  sortedErrors,
} from '../../../src/ui/state/error-columns.ts';
import { decibelText } from '../../../src/ui/state/format-text.ts';
import { sampleReport } from '../sample-validation.ts';

const tensors = sampleReport.equivalence!.tensors;
const column = (id: string) => TENSOR_COLUMNS.find((one) => one.id === id)!;
const named = (id: string, descending: boolean): readonly string[] =>
  sortedErrors(tensors, column(id), descending).map(({ tensor }) => tensor);

test('tables sort by any measure; what is missing comes last either way', () => {
  assert.deepEqual(named('order', false), ['a', 'b', 'y']);
  assert.deepEqual(named('sqnr', false), ['y', 'b', 'a']);
  assert.deepEqual(named('sqnr', true), ['a', 'b', 'y']);
  assert.deepEqual(named('max', true), ['y', 'b', 'a']);
  // Only b and y have a quantizer.
  assert.deepEqual(named('step', false), ['b', 'y', 'a']);
  assert.deepEqual(named('step', true), ['y', 'b', 'a']);
  assert.deepEqual(named('tensor', true), ['y', 'b', 'a']);
});

test('infinities are told in words, and shares that are not nothing never look like it', () => {
  assert.equal(decibelText(Infinity), 'exact');
  assert.equal(decibelText(-Infinity), 'broken');
  assert.equal(decibelText(41.26), '41.3');
  assert.equal(shareText(0), '0');
  assert.equal(shareText(1e-7), '< 0.01 %');
  assert.equal(shareText(0.25), '25 %');
});

test('a table is copied with its head, one line a row', () => {
  const rows: readonly QuantizerError[] = sampleReport.float!.quantizers;
  const lines = errorsAsTsv(rows, QUANTIZER_COLUMNS).trimEnd().split('\n');
  assert.equal(lines.length, rows.length + 1);
  assert.match(lines[0]!, /^Quantized tensor\tSQNR dB\tScale\tCut off/);
  assert.match(lines[1]!, /^x\t30\.0\t0\.1\t1 %\t50 %\t-5\t6\.3\t0\.05\t\+6\.0$/);
});
