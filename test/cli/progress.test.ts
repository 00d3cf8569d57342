import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressOf } from '../../src/cli/progress.ts';
import type { Terminal } from '../../src/cli/terminal.ts';

function terminalFor(columns: number): Terminal & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    write: () => Promise.resolve(),
    warn: (line) => lines.push(line),
    columns,
    colour: false,
  };
}

test('without a terminal each step is one line', () => {
  const terminal = terminalFor(Infinity);
  const progress = progressOf(terminal);
  for (const [step, fraction] of [
    ['Placing', 0],
    ['Placing', 0.5],
    ['Running', 0],
  ] as const)
    progress.update(step, fraction);
  progress.end();
  assert.deepEqual(terminal.lines, ['qdq-lab: Placing …', 'qdq-lab: Running …']);
});

test('on a terminal a bar moves on one line, fits it, and goes away', () => {
  const texts: string[] = [];
  const terminal = { ...terminalFor(40), status: (text: string): void => void texts.push(text) };
  const progress = progressOf(terminal);
  progress.update('Placing quantizers everywhere', 0.5);
  progress.update('Placing quantizers everywhere', 0.51);
  progress.update('Running', 7);
  progress.end();
  // The second one came too soon after the first.
  assert.equal(texts.length, 3);
  assert.match(texts[0] ?? '', /^█{12}░{12} {2}50 % {2}Placi/);
  assert.match(texts[1] ?? '', /^█{24} 100 % {2}Running$/);
  assert.equal(texts[2], '');
  assert.ok(texts.every((text) => [...text].length < 40));
});

test('quiet says nothing', () => {
  const terminal = terminalFor(Infinity);
  const progress = progressOf(terminal, true);
  progress.update('Placing', 0);
  progress.end();
  assert.deepEqual(terminal.lines, []);
});
