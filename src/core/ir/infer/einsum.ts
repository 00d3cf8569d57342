import type { Dim } from '../graph.ts';
import { attrString } from '../node-attributes.ts';
import { inferRankUnexpected } from '../../base/diagnostics.ts';
import { broadcastShapes } from './broadcast.ts';
import type { Shape } from './merge-shapes.ts';
import type { NodeContext } from './node-context.ts';
import type { OperatorTable } from './operator-table.ts';

/** What the letters of an equation stand for; `ellipsis` collects what `...` covers, broadcast over all terms. */
interface Bindings {
  readonly letters: Map<string, Dim>;
  ellipsis: Shape;
}

interface Term {
  readonly term: string;
  readonly shape: Shape;
  readonly index: number;
}

function einsum(c: NodeContext): void {
  const dataType = c.required(0)?.dataType;
  const equation = attrString(c.node, 'equation', '').replaceAll(' ', '');
  const [left = '', right] = equation.split('->');
  const terms = left.split(',');
  if (equation === '' || terms.length !== c.inputCount) {
    c.attributeProblem('equation', `has ${terms.length} terms for ${c.inputCount} inputs`);
    return c.output(0, dataType, undefined);
  }
  const bindings: Bindings = { letters: new Map(), ellipsis: [] };
  for (const [index, term] of terms.entries()) {
    const shape = c.required(index)?.shape;
    if (shape === undefined || !bindTerm(c, bindings, { term, shape, index })) {
      return c.output(0, dataType, undefined);
    }
  }
  c.output(0, dataType, outputShape(c, bindings, right ?? implicitOutput(left)));
}

function bindTerm(c: NodeContext, bindings: Bindings, { term, shape, index }: Term): boolean {
  const dots = term.indexOf('...');
  const before = dots < 0 ? term : term.slice(0, dots);
  const after = dots < 0 ? '' : term.slice(dots + 3);
  const named = before.length + after.length;
  if (shape.length < named || (dots < 0 && shape.length > named)) {
    c.problem(
      inferRankUnexpected(c.node, index, shape.length, {
        min: named,
        max: dots < 0 ? named : Infinity,
      }),
    );
    return false;
  }
  const bind = (letter: string, dim: Dim): void => {
    const old = bindings.letters.get(letter);
    bindings.letters.set(
      letter,
      old === undefined || old === 1 ? dim : dim === 1 ? old : c.same(old, dim),
    );
  };
  [...before].forEach((letter, i) => bind(letter, shape[i] ?? 1));
  [...after].forEach((letter, i) => bind(letter, shape[shape.length - after.length + i] ?? 1));
  const covered = shape.slice(before.length, shape.length - after.length);
  if (dots >= 0) bindings.ellipsis = broadcastShapes(c, [bindings.ellipsis, covered]) ?? covered;
  return true;
}

/** Without an arrow: what `...` covers, then the letters that stand only once, sorted. */
function implicitOutput(left: string): string {
  const letters = [...left.replaceAll(/[^A-Za-z]/g, '')];
  const once = letters.filter((l) => letters.indexOf(l) === letters.lastIndexOf(l)).sort();
  return (left.includes('...') ? '...' : '') + once.join('');
}

function outputShape(c: NodeContext, bindings: Bindings, term: string): Shape {
  const result: Dim[] = [];
  for (const part of term.match(/\.\.\.|[A-Za-z]/g) ?? []) {
    if (part === '...') result.push(...bindings.ellipsis);
    else result.push(c.orFresh(bindings.letters.get(part)));
  }
  return result;
}

export const einsumOperators: OperatorTable = { Einsum: einsum };
