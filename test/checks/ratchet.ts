import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './source-files.ts';
import type { SourceFile } from './source-files.ts';

/** Counted sins. They may only fall: a figure that is too high fails, and so does one that could be lowered. */
export interface Ratchet {
  /** Comments that silence the linter or the compiler. */
  readonly suppressions: number;
  /** Lines of files named `expect-mismatch.txt`: known differences between prediction and real engine. */
  readonly expectMismatchLines: number;
  /** Path, or `path#function`, and the lines it has in spite of its hard limit. */
  readonly hardLimitExceptions: Readonly<Record<string, number>>;
}

const PATH = 'test/checks/ratchet.json';

/** Reads the recorded figures. */
export function readRatchet(): Ratchet {
  return JSON.parse(readFileSync(join(ROOT, PATH), 'utf8')) as Ratchet;
}

// Put together so that this file does not count itself.
const SUPPRESSION = new RegExp(
  ['eslint-dis' + 'able', '@ts-' + '(?:ignore|expect-error|nocheck)'].join('|'),
  'g',
);

/** Compares the recorded counts with what the files hold. */
export function checkRatchet(files: readonly SourceFile[], ratchet: Ratchet): string[] {
  const code = files.filter(({ path }) => /\.(?:ts|mjs|cjs|js)$/.test(path));
  const suppressions = code.reduce(
    (sum, { text }) => sum + (text.match(SUPPRESSION) ?? []).length,
    0,
  );
  const lists = files.filter(({ path }) => path.endsWith('expect-mismatch.txt'));
  const mismatches = lists.reduce(
    (sum, { text }) => sum + text.split('\n').filter((line) => /^[^#\s]/.test(line)).length,
    0,
  );
  return [
    ...compare('suppressions', suppressions, ratchet.suppressions),
    ...compare('expectMismatchLines', mismatches, ratchet.expectMismatchLines),
    ...(existsSync(join(ROOT, PATH)) ? [] : [`${PATH} is missing`]),
  ];
}

function compare(name: keyof Ratchet, now: number, recorded: number): string[] {
  if (now > recorded) return [`${name}: ${String(now)}, may only fall from ${String(recorded)}`];
  if (now < recorded) return [`${name}: now ${String(now)}, lower it in ${PATH}`];
  return [];
}
