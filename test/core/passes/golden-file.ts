import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseTarget } from '../../../src/core/sim/parse-target.ts';
import type { BuildMode, Target } from '../../../src/core/sim/target.ts';

const FOLDER = new URL('../../golden/passes/', import.meta.url);

/**
 * One golden of a pass: a sentence, and lines `target: trt11.2-sm89 strong` or `settings: {…}` where they are not the usual
 * ones; `===`; a model in textual ONNX; `@@@`; what the pass makes of it, written by `npm run golden -- --update`.
 */
export interface PassGolden {
  /** `remove-identity/01-between`. */
  readonly name: string;
  readonly sentence: string;
  readonly target: Target;
  readonly settings: object;
  readonly model: string;
  readonly expectation: string;
  /** Writes the golden anew with another expectation. */
  update(expectation: string): void;
}

/** The folders of goldens, one for each pass, in order. */
export const goldenFolders = (): string[] => readdirSync(FOLDER).sort();

/** The goldens of one pass, in order. */
export function goldensOf(passId: string): PassGolden[] {
  const folder = new URL(`${passId}/`, FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((file) => readGolden(`${passId}/${file}`, fileURLToPath(new URL(file, folder))));
}

function readGolden(file: string, path: string): PassGolden {
  assert.match(file, /^[a-z0-9-]+\/\d\d-[a-z0-9-]+\.txt$/, 'goldens are called NN-slug.txt');
  const text = readFileSync(path, 'utf8');
  const parts = /^([\s\S]*?)\n===\n([\s\S]*?)\n@@@\n([\s\S]*)$/.exec(text);
  assert.ok(parts, `${path}: wants a sentence, ===, a model, @@@ and an expectation`);
  const [, head = '', model = '', expectation = ''] = parts;
  const [sentence = '', ...lines] = head.split('\n');
  assert.match(sentence, /^[A-Z].*\.$/, `${path}: starts with a sentence`);
  const settings = lines.find((line) => line.startsWith('settings: '));
  return {
    name: file.replace(/\.txt$/, ''),
    sentence,
    target: targetOf(
      lines.find((line) => line.startsWith('target: ')),
      path,
    ),
    settings: settings === undefined ? {} : (JSON.parse(settings.slice(10)) as object),
    model,
    expectation,
    update: (fresh) => {
      writeFileSync(path, `${head}\n===\n${model}\n@@@\n${fresh}`);
    },
  };
}

function targetOf(line: string | undefined, path: string): Target {
  const [, text = '', mode] =
    /^target: (\S+) (\S+)$/.exec(line ?? 'target: trt10.6-sm90 best') ?? [];
  const target = parseTarget(text, mode as BuildMode | undefined);
  assert.ok(target.ok, `${path}: ${line ?? ''} is no target`);
  return target.value;
}
