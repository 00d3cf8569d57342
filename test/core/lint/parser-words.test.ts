import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../src/core/lint/finding.ts';
import { findingsOf, pair } from './lint-text.ts';
import type { ModelText } from './lint-text.ts';

/** The findings of a weight `v` quantized by `scale` and `zero` along `axis`. */
function weightFindings(v: string, scale: string, zero: string, axis: number): Finding[] {
  return findingsOf({
    body: [
      `[Q_v] v_q = QuantizeLinear <axis = ${String(axis)}> (v, sc, zc)`,
      `[DQ_v] v_d = DequantizeLinear <axis = ${String(axis)}> (v_q, sc, zc)`,
      'y = MatMul (x, v_d)',
    ],
    constants: `${v}, ${scale}, ${zero}`,
    input: 'float[1, 64] x',
  });
}
const words = (findings: readonly Finding[], id: string): (string | undefined)[] =>
  findings.filter(({ ruleId }) => ruleId === id).map(({ parserMessage }) => parserMessage);
const MISMATCH = 'scale-shape-mismatch';

test('the shapes of scales are judged as the parser judges them, in its words', () => {
  const v = 'float[64, 96] v = {0.5 ...}';
  assert.deepEqual(
    words(weightFindings(v, 'float[96] sc = {1 ...}', 'int8[96] zc = {0 ...}', 1), MISMATCH),
    [],
  );
  assert.deepEqual(
    words(weightFindings(v, 'float[96] sc = {1 ...}', 'int8[96] zc = {0 ...}', -1), MISMATCH),
    [],
  );
  assert.deepEqual(words(weightFindings(v, 'float[1] sc = {1}', 'int8 zc = {0}', 0), MISMATCH), []);
  const [swapped] = words(
    weightFindings(v, 'float[96] sc = {1 ...}', 'int8[96] zc = {0 ...}', 0),
    MISMATCH,
  );
  assert.equal(
    swapped,
    'The number of scales is not equal to the number of output channels. Number of output channels = 64, number of scales = 96.',
  );
  const [uneven] = words(
    weightFindings(v, 'float[96] sc = {1 ...}', 'int8[64] zc = {0 ...}', 1),
    MISMATCH,
  );
  assert.equal(
    uneven,
    'The scale and zero point must have the same volume. Size of zero point = 64, size of the scale = 96.',
  );
});

test('blocks: one dimension, and even ones', () => {
  const v = 'float[64, 96] v = {0.5 ...}';
  const block = (rows: number, columns: number): (string | undefined)[] => {
    const dims = `[${String(rows)}, ${String(columns)}]`;
    return words(
      weightFindings(v, `float${dims} sc = {1 ...}`, `int8${dims} zc = {0 ...}`, 0),
      MISMATCH,
    );
  };
  assert.deepEqual(block(2, 96), []);
  assert.equal(block(2, 3)[0], 'Only a single blocking dimension is allowed.');
  assert.match(
    block(5, 96)[0] ?? '',
    /^Inferred block size is not an integer\. Input volume = 6144/,
  );
});

test('the words for a zero point are those of the version', () => {
  const shifted: ModelText = {
    body: [pair('x', 's', 'z3'), 'y = Relu (x_d)'],
    constants: 'int8 z3 = {3}',
  };
  const of = (target: string): string =>
    words(findingsOf({ ...shifted, target }), 'nonzero-zero-point')[0] ?? '';
  assert.match(of('trt10.6-sm90'), /^Assertion failed: shiftIsAllZeros/);
  assert.match(of('trt11.0-sm90'), /^Non-zero zero point is not supported/);
});

test('numbers that are not in memory are not guessed', () => {
  const findings = findingsOf({
    body: [pair('x', 'far', 'z'), 'y = Relu (x_d)'],
    constants: 'float far = {...}',
  });
  assert.deepEqual(
    findings.filter(({ severity }) => severity === 'error'),
    [],
  );
});

test('nodes that no output needs are not looked at', () => {
  const dead = '[Dead] d = DynamicQuantizeLinear (x)';
  const findings = findingsOf({
    body: [dead.replace('d =', 'd, ds, dz ='), 'y = Relu (x)'],
    mode: 'fp16',
  });
  assert.deepEqual(findings, []);
});

test('operators of other domains are refused by name too', () => {
  const findings = findingsOf({
    body: ['[A] y = com.microsoft.QLinearAdd (x, s, z, x, s, z, s, z)'],
  });
  assert.equal(
    words(findings, 'integer-operator')[0],
    'No importer registered for op: QLinearAdd. Attempting to import as plugin.',
  );
});
