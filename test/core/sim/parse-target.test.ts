import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTarget, takenVersionRemark } from '../../../src/core/sim/parse-target.ts';
import { targetId } from '../../../src/core/sim/target.ts';
import type { BuildMode } from '../../../src/core/sim/target.ts';

function parsed(text: string, mode?: BuildMode): string {
  const result = parseTarget(text, mode);
  return result.ok ? `${targetId(result.value)} ${result.value.mode}` : result.error.code;
}

test('versions and compute capabilities', () => {
  assert.equal(parsed('trt10.6-sm90'), 'trt10.6-sm90 best');
  assert.equal(parsed('TRT8.6-SM75', 'int8'), 'trt8.6-sm75 int8');
  assert.equal(parsed('trt10.16-sm120', 'strong'), 'trt10.16-sm120 strong');
});

test('patch versions and GPU names', () => {
  assert.equal(parsed('trt10.6.0-h100'), 'trt10.6-sm90 best');
  assert.equal(parsed('trt8.6.1.6-rtx3080'), 'trt8.6-sm86 best');
  assert.equal(parsed('trt10.0-orin'), 'trt10.0-sm87 best');
  assert.equal(parsed('trt10.16-b200'), 'trt10.16-sm100 best');
});

test('unknown versions take the nearest known below, and say so', () => {
  for (const [text, trt] of [
    ['trt8.3-sm80', '8.2'],
    ['trt9.3-sm80', '8.6'],
    ['trt10.5-sm80', '10.0'],
    ['trt10.99-sm80', '10.16'],
    ['trt11.1-sm80', '11.0'],
    ['trt12.0-sm80', '11.2'],
  ] as const) {
    const result = parseTarget(text);
    assert.ok(result.ok);
    assert.equal(result.value.trt, trt);
    assert.match(takenVersionRemark(text, result.value) ?? '', new RegExp(`${trt}, the nearest`));
  }
  const known = parseTarget('trt10.6.0-h100');
  assert.ok(known.ok);
  assert.equal(takenVersionRemark('trt10.6.0-h100', known.value), undefined);
});

test('modes that a version does not have', () => {
  assert.equal(parsed('trt11.0-sm90'), 'trt11.0-sm90 strong', 'the only mode is the default');
  assert.equal(parsed('trt11.2-sm90', 'fp16'), 'target/mode-not-in-version');
  assert.equal(parsed('trt8.6-sm90', 'strong'), 'target/mode-not-in-version');
  assert.equal(parsed('trt9.0-sm90', 'strong'), 'target/mode-not-in-version');
  assert.equal(parsed('trt10.0-sm90', 'strong'), 'trt10.0-sm90 strong');
});

test('what is no target', () => {
  for (const text of [
    '',
    'trt',
    '10.6-sm90',
    'trt10-sm90',
    'trt10.6',
    'trt10.6-sm91',
    'trt10.6-gpu',
  ])
    assert.equal(parsed(text), 'target/unknown', text);
  assert.equal(parsed('trt7.2-sm75'), 'target/version-too-old');
});
