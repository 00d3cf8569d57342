import { readFile } from 'node:fs/promises';
import { cannotRead, corpusColumnMissing } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import { reasonOf } from './file-byte-source.ts';

/** One real engine of a corpus: which model it was built from, and how. */
export interface CorpusRow {
  /** Folder of the target: `trt10.6.0-h100`. */
  readonly target: string;
  readonly kind: string;
  readonly model: string;
  readonly mode: string;
}

const COLUMNS = ['target', 'kind', 'model', 'mode'] as const;

/** Reads the table of a corpus: tab separated, columns found by the names in its first line. */
export async function readCorpusIndex(file: string): Promise<readonly CorpusRow[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new Refusal(cannotRead(file, reasonOf(error)));
  }
  const [head = '', ...lines] = text.split(/\r?\n/);
  const names = head.split('\t');
  const missing = COLUMNS.find((column) => !names.includes(column));
  if (missing !== undefined) throw new Refusal(corpusColumnMissing(file, missing));
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const cells = line.split('\t');
      const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
      return {
        target: cell('target'),
        kind: cell('kind'),
        model: cell('model'),
        mode: cell('mode'),
      };
    });
}
