import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkNames } from './check-names.ts';
import { checkSizes } from './check-sizes.ts';
import { checkRatchet } from './ratchet.ts';
import type { SourceFile } from './source-files.ts';

const none = { suppressions: 0, expectMismatchLines: 0, hardLimitExceptions: {} };

function file(path: string, text = ''): SourceFile {
  return { path, text, generated: false };
}
const lines = (count: number) => 'const a = 1;\n'.repeat(count);
const longFunction = (body: number) => `export function long() {\n${'  a();\n'.repeat(body)}}\n`;

test('a file over its hard limit fails, over the soft one it is named', () => {
  const { complaints, notes } = checkSizes(
    [
      file('src/core/a.ts', lines(501)),
      file('src/core/b.ts', lines(301)),
      file('src/core/sim/rules/c.ts', lines(201)),
      file('workers/d.worker.ts', lines(101)),
      file('src/core/e.ts', lines(300)),
    ],
    none,
  );
  assert.deepEqual(
    complaints.map((line) => line.replace(/:.*/, '')),
    ['src/core/a.ts', 'src/core/sim/rules/c.ts', 'workers/d.worker.ts'],
  );
  assert.deepEqual(
    notes.map((line) => line.replace(/:.*/, '')),
    ['src/core/b.ts'],
  );
});

test('a long function fails by name; generated files are free', () => {
  const long = file('src/core/a.ts', longFunction(80));
  assert.match(checkSizes([long], none).complaints.join(), /a\.ts#long: 82 lines/);
  assert.deepEqual(checkSizes([file('src/core/a.ts', longFunction(38))], none).notes, []);
  assert.deepEqual(checkSizes([{ ...long, generated: true }], none).complaints, []);
});

test('the ratchet excuses at the recorded size, and must be lowered when that falls', () => {
  const excused = { ...none, hardLimitExceptions: { 'src/core/a.ts': 600 } };
  const complaints = (count: number) =>
    checkSizes([file('src/core/a.ts', lines(count))], excused).complaints;
  assert.deepEqual(complaints(600), []);
  assert.match(complaints(601).join(), /at most 600/);
  assert.match(complaints(550).join(), /lower its exception/);
  assert.match(checkSizes([], excused).complaints.join(), /it is gone/);
});

test('suppressions are counted and may only fall', () => {
  const silenced = [file('src/core/a.ts', ['// eslint', 'disable-next-line x -- why'].join('-'))];
  assert.match(checkRatchet(silenced, none).join(), /suppressions: 1, may only fall from 0/);
  assert.deepEqual(checkRatchet(silenced, { ...none, suppressions: 1 }), []);
  assert.match(checkRatchet([], { ...none, suppressions: 1 }).join(), /lower it/);
  const list = [file('test/engines/expect-mismatch.txt', '# known\nmodel: reason\n\n')];
  assert.deepEqual(checkRatchet(list, { ...none, expectMismatchLines: 1 }), []);
});

for (const [path, text] of [
  ['src/core/utils.ts', ''],
  ['src/core/common/thing.ts', ''],
  ['src/core/sim/index.ts', ''],
  ['src/core/CamelCase.ts', ''],
  ['notes.txt', ''],
  ['src/core/a.ts', `see ${['', 'home', 'someone', 'x'].join('/')}`],
  ['package-lock.json', '"resolved": "https://registry.example/x.tgz"'],
] as const)
  test(`refuses ${path} ${text === '' ? 'by its name' : 'for what it says'}`, () => {
    assert.equal(checkNames([file(path, text)]).length, 1);
  });

test('lets ordinary names and texts through', () => {
  const files = [
    file('src/core/ir/index.ts'),
    file('wasm/assembly/index.ts'),
    file('.ci/run', 'cd work/area'),
    file('test/core/x.browser.test.ts', 'https://example.com/home/a/b'),
  ];
  assert.deepEqual(checkNames(files), []);
});
