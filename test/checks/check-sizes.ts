import ts from 'typescript';
import type { Ratchet } from './ratchet.ts';
import type { SourceFile } from './source-files.ts';

interface Budget {
  readonly what: string;
  readonly applies: RegExp;
  readonly soft: number;
  readonly hard: number;
}

/** Lines a file may have; the first line that applies counts. */
const FILE_BUDGETS: readonly Budget[] = [
  { what: 'rule', applies: /^src\/core\/(?:sim\/rules|passes\/rewrites)\//, soft: 120, hard: 200 },
  { what: 'worker entry', applies: /^workers\/[^/]+\.worker\.ts$/, soft: 60, hard: 100 },
  { what: 'source file', applies: /\.(?:ts|mjs|cjs)$/, soft: 300, hard: 500 },
];
const FUNCTION_SOFT = 40;
const FUNCTION_HARD = 80;

/** Tests describe and list cases in functions whose length says nothing. */
const LONG_FUNCTIONS_ALLOWED = /^test\/.*\.test\.ts$|\.d\.ts$/;

export interface SizeReport {
  readonly complaints: readonly string[];
  /** Over the soft limit, below the hard one: printed, not failed. */
  readonly notes: readonly string[];
}

/** Holds files and functions to their budgets, except for what the ratchet excuses at its present size. */
export function checkSizes(files: readonly SourceFile[], ratchet: Ratchet): SizeReport {
  const complaints: string[] = [];
  const notes: string[] = [];
  const excused = new Set(Object.keys(ratchet.hardLimitExceptions));
  const judge = (name: string, lines: number, { what, soft, hard }: Omit<Budget, 'applies'>) => {
    const limit = ratchet.hardLimitExceptions[name] ?? hard;
    excused.delete(name);
    if (lines > limit)
      complaints.push(`${name}: ${String(lines)} lines, a ${what} has at most ${String(limit)}`);
    else if (name in ratchet.hardLimitExceptions && lines < limit)
      complaints.push(`${name}: now ${String(lines)} lines, lower its exception in ratchet.json`);
    else if (lines > soft)
      notes.push(`${name}: ${String(lines)} lines, better under ${String(soft)}`);
  };
  for (const file of files) {
    if (file.generated) continue;
    const budget = FILE_BUDGETS.find(({ applies }) => applies.test(file.path));
    if (!budget) continue;
    judge(file.path, file.text.trimEnd().split('\n').length, budget);
    if (LONG_FUNCTIONS_ALLOWED.test(file.path)) continue;
    const limits = { what: 'function', soft: FUNCTION_SOFT, hard: FUNCTION_HARD };
    for (const { name, lines } of functionLengths(file))
      judge(`${file.path}#${name}`, lines, limits);
  }
  for (const name of excused) complaints.push(`${name}: excused in ratchet.json, but it is gone`);
  return { complaints, notes };
}

/** Every function with a block body, with its lines from signature to closing brace. */
function functionLengths(file: SourceFile): { name: string; lines: number }[] {
  const tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2022, true);
  const found: { name: string; lines: number }[] = [];
  const lineOf = (position: number) => tree.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body && ts.isBlock(node.body)) {
      const lines = lineOf(node.getEnd()) - lineOf(node.getStart()) + 1;
      found.push({ name: nameOf(node), lines });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name) return node.name.getText();
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  const { parent } = node;
  const named = ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent);
  return named ? parent.name.getText() : '(anonymous)';
}
