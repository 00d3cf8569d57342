import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CATALOGUE } from '../../../src/core/lint/catalogue.ts';
import type { Finding } from '../../../src/core/lint/finding.ts';
import { ADVICE_CASES } from './advice-cases.ts';
import { LEGALITY_CASES } from './legality-cases.ts';
import { findingsOf } from './lint-text.ts';

const FINDING_CASES = { ...LEGALITY_CASES, ...ADVICE_CASES };
const folder = fileURLToPath(new URL('../../../src/core/lint/rules', import.meta.url));

test('each finding stands in a file of its name, once in the catalogue, and has a case', () => {
  const ids = CATALOGUE.map(({ id }) => id).sort();
  assert.deepEqual(
    readdirSync(folder)
      .map((name) => basename(name, '.ts'))
      .sort(),
    ids,
  );
  assert.deepEqual(Object.keys(FINDING_CASES).sort(), ids);
});

test('each finding has sources, and whole sentences', () => {
  for (const { id, title, docs, consequence, advice } of CATALOGUE) {
    for (const { title: page, url, says } of docs)
      assert.ok(/^https:\/\/\S+$/.test(url) && page !== '' && says !== '', id);
    assert.match(title, /^[A-Z][^.]*$/, id);
    for (const sentence of [consequence, advice]) assert.match(sentence, /^[A-Z].*[^.][."]$/s, id);
  }
});

const told = (findings: readonly Finding[]): string =>
  findings.map(({ ruleId, message }) => `${ruleId}: ${message}`).join('\n');

for (const rule of CATALOGUE)
  test(`${rule.id} fires, and is silent in the nearest case`, () => {
    const example = FINDING_CASES[rule.id];
    assert.ok(example);
    const all = findingsOf(example.fires);
    const found = all.filter(({ ruleId }) => ruleId === rule.id);
    const [first] = found;
    assert.ok(first, `nothing said; but:\n${told(all)}`);
    assert.match(first.message, example.says);
    for (const finding of found) {
      assert.match(finding.message, /^.+\.$/);
      assert.ok(finding.costBytes >= 0);
      assert.deepEqual(structuredClone(finding), finding, 'it crosses the worker line');
    }
    const quiet = findingsOf(example.silent).filter(({ ruleId }) => ruleId === rule.id);
    assert.equal(told(quiet), '');
  });

test('findings are sorted: errors before warnings before infos, then by bytes', () => {
  const rank = { error: 0, warning: 1, info: 2 };
  for (const { fires } of Object.values(FINDING_CASES)) {
    const keys = findingsOf(fires).map(
      ({ severity, costBytes }) => [rank[severity], -costBytes] as const,
    );
    for (let i = 1; i < keys.length; i++) {
      const [a, b] = [keys[i - 1]!, keys[i]!];
      assert.ok(a[0] < b[0] || (a[0] === b[0] && a[1] <= b[1]));
    }
  }
});
