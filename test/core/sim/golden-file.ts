import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseTarget } from '../../../src/core/sim/parse-target.ts';
import type { BuildMode, Target } from '../../../src/core/sim/target.ts';

const FOLDER = new URL('../../golden/sim/', import.meta.url);

/**
 * One golden of a rule: a sentence, and a line `target: trt8.6-sm90 best` where the target is not the usual one; `===`;
 * a model in textual ONNX; `@@@`; what the simulator makes of it, written by `npm run golden -- --update`.
 */
export interface Golden {
  readonly ruleId: string;
  /** `01-conv-and-relu`, without the ending. */
  readonly name: string;
  readonly sentence: string;
  readonly target: Target;
  readonly model: string;
  readonly expectation: string;
  /** True where the rule must leave no trace: its neighbour, which does not match. */
  readonly isSilent: boolean;
  /** Writes the golden anew with another expectation. */
  update(expectation: string): void;
}

/** The folders of goldens, one for each rule, in order. */
export const goldenFolders = (): string[] => readdirSync(FOLDER).sort();

/** The goldens of one rule, in order. */
export function goldensOf(ruleId: string): Golden[] {
  const folder = new URL(`${ruleId}/`, FOLDER);
  return readdirSync(folder)
    .sort()
    .map((file) => readGolden(ruleId, file, fileURLToPath(new URL(file, folder))));
}

function readGolden(ruleId: string, file: string, path: string): Golden {
  const match = /^(\d\d-(silent-)?[a-z0-9-]+)\.txt$/.exec(file);
  assert.ok(match, `${path}: goldens are called NN-slug.txt or NN-silent-slug.txt`);
  const text = readFileSync(path, 'utf8');
  const parts = /^([\s\S]*?)\n===\n([\s\S]*?)\n@@@\n([\s\S]*)$/.exec(text);
  assert.ok(parts, `${path}: wants a sentence, ===, a model, @@@ and an expectation`);
  const [, head = '', model = '', expectation = ''] = parts;
  const [sentence = '', target] = head.split('\n');
  assert.match(sentence, /^[A-Z].*\.$/, `${path}: starts with a sentence`);
  return {
    ruleId,
    name: match[1] ?? '',
    sentence,
    target: targetOf(target, path),
    model,
    expectation,
    isSilent: match[2] !== undefined,
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
