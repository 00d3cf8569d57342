import type { DataType } from '../data-type.ts';
import { isFloatType } from '../data-type.ts';
import type { Dim } from '../graph.ts';
import type { ElementFunction } from './fold-elementwise.ts';
import type { SymbolicDims } from './symbolic-dims.ts';

type MakeFunction = (dims: SymbolicDims, dataType: DataType) => ElementFunction;

const numeric =
  (f: (...x: number[]) => number): MakeFunction =>
  () =>
  (...operands) =>
    operands.every((o) => typeof o === 'number') ? f(...operands) : undefined;

const fold =
  (f: (dims: SymbolicDims, a: Dim, b: Dim) => Dim | undefined): MakeFunction =>
  (dims) =>
  (...operands) => {
    let result = operands[0];
    for (const operand of operands.slice(1)) {
      result = result === undefined ? undefined : f(dims, result, operand);
    }
    return result;
  };

const comparison =
  (f: (difference: number) => boolean): MakeFunction =>
  (dims) =>
  (a = 0, b = 0) => {
    const difference = dims.subtract(a, b);
    return typeof difference === 'number' ? Number(f(difference)) : undefined;
  };

const rounding =
  (f: (dims: SymbolicDims, a: Dim) => Dim | undefined): MakeFunction =>
  (dims) =>
  (a = 0) =>
    f(dims, a);

/** ONNX `Div` truncates on integers; for dimensions, which are not negative, that is rounding down. */
const divide: MakeFunction = (dims, dataType) => {
  if (isFloatType(dataType)) return (a = 0, b = 1) => dims.divide(a, b);
  return (a = 0, b = 1) => {
    if (typeof a === 'number' && typeof b === 'number')
      return b === 0 ? undefined : Math.trunc(a / b);
    return dims.floorDivide(a, b);
  };
};

const equal: MakeFunction =
  (dims) =>
  (a = 0, b = 0) => {
    const same = dims.equal(a, b);
    return same === undefined ? undefined : Number(same);
  };

/** Round half to even, as ONNX `Round` does. */
function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Operators that shape arithmetic uses, as functions of elements; the result type is decided by the caller. */
export const elementMath: Readonly<Record<string, MakeFunction>> = {
  Abs: numeric(Math.abs),
  Add: fold((dims, a, b) => dims.add(a, b)),
  And: numeric((a = 0, b = 0) => Number(a !== 0 && b !== 0)),
  Ceil: rounding((dims, a) => dims.ceil(a)),
  Div: divide,
  Equal: equal,
  Exp: numeric((a = 0) => Math.exp(a)),
  Floor: rounding((dims, a) => dims.floor(a)),
  Greater: comparison((d) => d > 0),
  GreaterOrEqual: comparison((d) => d >= 0),
  Less: comparison((d) => d < 0),
  LessOrEqual: comparison((d) => d <= 0),
  Log: numeric((a = 1) => Math.log(a)),
  Max: fold((dims, a, b) => dims.max(a, b)),
  Min: fold((dims, a, b) => dims.min(a, b)),
  Mod: fold((dims, a, b) => dims.modulo(a, b)),
  Mul: fold((dims, a, b) => dims.multiply(a, b)),
  Neg: rounding((dims, a) => dims.negate(a)),
  Not: numeric((a = 0) => Number(a === 0)),
  Or: numeric((a = 0, b = 0) => Number(a !== 0 || b !== 0)),
  Pow: numeric((a = 0, b = 1) => a ** b),
  Reciprocal: numeric((a = 1) => 1 / a),
  Relu:
    (dims) =>
    (a = 0) =>
      dims.max(a, 0),
  Round: numeric((a = 0) => roundHalfEven(a)),
  Sign: numeric((a = 0) => Math.sign(a)),
  Sqrt: numeric((a = 0) => Math.sqrt(a)),
  Sub: fold((dims, a, b) => dims.subtract(a, b)),
  Sum: fold((dims, a, b) => dims.add(a, b)),
  Xor: numeric((a = 0, b = 0) => Number((a !== 0) !== (b !== 0))),
};
