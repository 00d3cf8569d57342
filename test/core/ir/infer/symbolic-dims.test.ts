import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dim } from '../../../../src/core/ir/graph.ts';
import { SymbolicDims } from '../../../../src/core/ir/infer/symbolic-dims.ts';

type Operation =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'floorDivide'
  | 'ceilDivide'
  | 'modulo'
  | 'min'
  | 'max';

/** Works out `a op b` steps written as nested arrays. */
type Expression = Dim | readonly [Operation, Expression, Expression];

function evaluate(dims: SymbolicDims, expression: Expression): Dim | undefined {
  if (typeof expression === 'number' || typeof expression === 'string') return expression;
  const [operation, left, right] = expression;
  const [a, b] = [evaluate(dims, left), evaluate(dims, right)];
  return a === undefined || b === undefined ? undefined : dims[operation](a, b);
}

const rows: readonly (readonly [Expression, Dim | undefined])[] = [
  [['add', 'h', 0], 'h'],
  [['add', 'h', 'h'], '2*h'],
  [['add', ['multiply', 'h', 2], ['subtract', 1, 'h']], 'h + 1'],
  [['subtract', 'h', 'h'], 0],
  [['subtract', 1, 'h'], '-h + 1'],
  [['multiply', 'w', 'h'], 'h*w'],
  [['multiply', ['add', 'h', 1], ['subtract', 'h', 1]], 'h*h - 1'],
  [['divide', ['multiply', 'n', 12], 4], '3*n'],
  [['divide', ['multiply', ['multiply', 'n', 'c'], 'h'], ['multiply', 'h', 'n']], 'c'],
  [['divide', ['add', 'h', 1], ['add', 'h', 1]], 1],
  [['divide', 'h', 0], undefined],
  [['floorDivide', 'h', 2], 'floor(h/2)'],
  [['floorDivide', ['add', ['multiply', 'h', 2], 3], 2], 'h + 1'],
  [['floorDivide', ['multiply', 'h', 3], 2], 'floor(h/2) + h'],
  [['floorDivide', 'h', 'w'], 'floor(h/w)'],
  [['ceilDivide', 'h', 2], 'floor((h + 1)/2)'],
  [['ceilDivide', 7, 2], 4],
  [['multiply', ['divide', 'h', 2], 2], 'h'],
  [['multiply', 'h', 0.5], 'h/2'],
  [['modulo', ['multiply', 'h', 2], 2], 0],
  [['max', 'h', ['subtract', 'h', 1]], 'h'],
  [['min', 'h', 0], 0],
  [['max', 'h', 'w'], 'max(h, w)'],
  [['max', 'w', 'h'], 'max(h, w)'],
];

function show(expression: Expression): string {
  if (typeof expression === 'number' || typeof expression === 'string') return String(expression);
  const [operation, left, right] = expression;
  return `${operation}(${show(left)}, ${show(right)})`;
}

for (const [expression, result] of rows) {
  test(`${show(expression)} is ${result}`, () => {
    assert.equal(evaluate(new SymbolicDims(), expression), result);
  });
}

test('expressions agree with numbers when the symbols get values', () => {
  const operations: Operation[] = ['add', 'subtract', 'multiply', 'floorDivide', 'ceilDivide'];
  let seed = 5;
  const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
  const grow = (depth: number): Expression => {
    if (depth === 0) return random(2) === 0 ? (['h', 'w', 'n'][random(3)] ?? 'h') : 1 + random(5);
    const operation = operations[random(operations.length)] ?? 'add';
    const right = operation.endsWith('Divide') ? 1 + random(4) : grow(depth - 1);
    return [operation, grow(depth - 1), right];
  };
  for (let round = 0; round < 400; round++) {
    const expression = grow(1 + random(3));
    const dims = new SymbolicDims();
    const symbolic = evaluate(dims, expression);
    if (symbolic === undefined) continue;
    const values = { h: 1 + random(30), w: 1 + random(30), n: 1 + random(9) };
    const substituted = evaluate(new SymbolicDims(), substitute(expression, values));
    assert.equal(valueOf(symbolic, values), substituted, `${show(expression)} = ${symbolic}`);
  }
});

type Values = Readonly<Record<string, number>>;

function substitute(expression: Expression, values: Values): Expression {
  if (typeof expression === 'number') return expression;
  if (typeof expression === 'string') return values[expression] ?? 0;
  const [operation, left, right] = expression;
  return [operation, substitute(left, values), substitute(right, values)];
}

/** Works out a printed dimension: sums of products of names, numbers, quotients and `floor(…)`. */
function valueOf(dim: Dim, values: Values): number {
  const tokens = String(dim).match(/floor|\w+|[-+*/()]/g) ?? [];
  const factor = (): number => {
    const token = tokens.shift() ?? '';
    if (token === '-') return -factor();
    if (token !== 'floor' && token !== '(') return values[token] ?? Number(token);
    if (token === 'floor') tokens.shift();
    const inner = sum();
    tokens.shift();
    return token === 'floor' ? Math.floor(inner) : inner;
  };
  const product = (): number => {
    let result = factor();
    while (tokens[0] === '*' || tokens[0] === '/') {
      result = tokens.shift() === '*' ? result * factor() : result / factor();
    }
    return result;
  };
  const sum = (): number => {
    let result = product();
    while (tokens[0] === '+' || tokens[0] === '-') {
      result = tokens.shift() === '+' ? result + product() : result - product();
    }
    return result;
  };
  return sum() + 0;
}

test('long expressions are given up instead of growing', () => {
  const dims = new SymbolicDims();
  let dim: Dim | undefined = 0;
  for (let i = 0; i < 40 && dim !== undefined; i++) dim = dims.add(dim, `a_rather_long_name_${i}`);
  assert.equal(dim, undefined);
});
