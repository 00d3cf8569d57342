import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** The lines of a file beside this one, without remarks. */
export const linesOf = (file: string): string[] =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

/** Lines of `miss: reason`, by miss. */
export function knownMisses(file: string): Map<string, string> {
  return new Map(
    linesOf(file).map((line) => {
      const at = line.indexOf(': ');
      assert.ok(at > 0, `${line}: wants a reason`);
      return [line.slice(0, at), line.slice(at + 2)];
    }),
  );
}
