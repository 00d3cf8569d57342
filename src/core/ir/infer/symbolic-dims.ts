import type { Dim } from '../graph.ts';
import type { Polynomial } from './polynomial.ts';
import {
  addPolynomials,
  atomPolynomial,
  constantPolynomial,
  divideExactly,
  isInteger,
  multiplyPolynomials,
  printNumerator,
  splitInteger,
} from './polynomial.ts';

/** Longer expressions help nobody and would make chains of operators quadratic. */
const MAX_EXPRESSION_LENGTH = 160;
const MAX_TERMS = 12;
/** Remembers that an operation has no answer; no dimension has an empty name. */
const NO_RESULT = '';
/** Floats with a larger denominator are not taken as fractions. */
const MAX_DENOMINATOR = 64;

/**
 * Exact arithmetic on dimensions. A result that is not a number is an expression in one spelling, so that equal
 * dimensions have equal names wherever they were computed: `floor((h - 1)/2) + 1`. Operations answer undefined when they
 * cannot say; symbols stand for integers >= 0.
 */
export class SymbolicDims {
  private readonly polynomials = new Map<string, Polynomial>();
  /** Networks repeat the same few sums over and over. */
  private readonly results = new Map<string, Dim>();

  add(a: Dim, b: Dim): Dim | undefined {
    if (typeof a === 'number' && typeof b === 'number') return a + b;
    return this.combine('+', a, b, addPolynomials);
  }
  subtract(a: Dim, b: Dim): Dim | undefined {
    if (typeof a === 'number' && typeof b === 'number') return a - b;
    if (a === b) return 0;
    return this.combine('-', a, b, (p, q) => addPolynomials(p, q, -1));
  }
  multiply(a: Dim, b: Dim): Dim | undefined {
    // Adding 0 turns -0 into 0.
    if (typeof a === 'number' && typeof b === 'number') return a * b + 0;
    if (a === 1) return b;
    if (b === 1) return a;
    if (a === 0 || b === 0) return 0;
    return this.combine('*', a, b, multiplyPolynomials);
  }
  /** Quotient without rounding; undefined for a division by zero. */
  divide(a: Dim, b: Dim): Dim | undefined {
    if (b === 0) return undefined;
    if (typeof a === 'number' && typeof b === 'number') return a / b;
    return this.combine('/', a, b, divideExactly);
  }
  /** Quotient rounded down, which for dimensions is what integer division means. */
  floorDivide(a: Dim, b: Dim): Dim | undefined {
    if (b === 0) return undefined;
    if (typeof a === 'number' && typeof b === 'number') return Math.floor(a / b) + 0;
    const exact = this.divide(a, b);
    if (exact !== undefined) return this.floor(exact);
    return this.name(`floor(${grouped(String(a))}/${grouped(String(b))})`);
  }
  ceilDivide(a: Dim, b: Dim): Dim | undefined {
    if (typeof b === 'number' && b > 0 && Number.isInteger(b)) {
      const raised = this.add(a, b - 1);
      if (typeof raised !== 'number') return raised && this.floorDivide(raised, b);
    }
    const down = this.negate(a);
    return down === undefined ? undefined : this.negate(this.floorDivide(down, b));
  }
  modulo(a: Dim, b: Dim): Dim | undefined {
    const quotient = this.floorDivide(a, b);
    const product = quotient === undefined ? undefined : this.multiply(quotient, b);
    return product === undefined ? undefined : this.subtract(a, product);
  }
  floor(a: Dim): Dim | undefined {
    if (typeof a === 'number') return Math.floor(a);
    const p = this.polynomialOf(a);
    if (p === undefined || isInteger(p)) return a;
    const { whole, rest } = splitInteger(p);
    if (rest.terms.size === 0) return this.spell(whole);
    const atom = this.name(`floor(${grouped(printNumerator(rest))}/${rest.denominator})`);
    return atom === undefined ? undefined : this.spell(addPolynomials(whole, atomPolynomial(atom)));
  }
  ceil(a: Dim): Dim | undefined {
    if (typeof a === 'number') return Math.ceil(a);
    const down = this.negate(a);
    return down === undefined ? undefined : this.negate(this.floor(down));
  }
  negate(a: Dim | undefined): Dim | undefined {
    return a === undefined ? undefined : this.multiply(a, -1);
  }
  min(a: Dim, b: Dim): Dim | undefined {
    return this.extreme('min', a, b);
  }
  max(a: Dim, b: Dim): Dim | undefined {
    return this.extreme('max', a, b);
  }
  /** Product of all; 1 for none. */
  product(dims: readonly Dim[]): Dim | undefined {
    let result: Dim | undefined = 1;
    for (const d of dims) result = result === undefined ? undefined : this.multiply(result, d);
    return result;
  }
  /** True when both are the same whatever the symbols stand for, false when they differ in any case, else undefined. */
  equal(a: Dim, b: Dim): boolean | undefined {
    if (a === b) return true;
    const difference = this.subtract(a, b);
    if (typeof difference === 'number') return difference === 0;
    // A plain symbol is a dimension, so it is never negative.
    if (typeof a === 'number' && a < 0 && !this.polynomials.has(String(b))) return false;
    if (typeof b === 'number' && b < 0 && !this.polynomials.has(String(a))) return false;
    return undefined;
  }

  private extreme(kind: 'min' | 'max', a: Dim, b: Dim): Dim | undefined {
    const difference = this.subtract(a, b);
    if (typeof difference === 'number') return (kind === 'min') === difference < 0 ? a : b;
    if (typeof a === 'number' && a <= 0 && !this.polynomials.has(String(b)))
      return kind === 'min' ? a : b;
    if (typeof b === 'number' && b <= 0 && !this.polynomials.has(String(a)))
      return kind === 'min' ? b : a;
    const [first, second] = String(a) < String(b) ? [a, b] : [b, a];
    return this.name(`${kind}(${first}, ${second})`);
  }
  private combine(
    operation: '+' | '-' | '*' | '/',
    a: Dim,
    b: Dim,
    f: (p: Polynomial, q: Polynomial) => Polynomial | undefined,
  ): Dim | undefined {
    const key = `${a}${operation}\u001f${b}`;
    const known = this.results.get(key);
    if (known !== undefined) return known === NO_RESULT ? undefined : known;
    const p = this.polynomialOf(a);
    const q = this.polynomialOf(b);
    const made = p === undefined || q === undefined ? undefined : f(p, q);
    const result = made === undefined ? undefined : this.spell(made);
    this.results.set(key, result ?? NO_RESULT);
    return result;
  }
  private polynomialOf(dim: Dim): Polynomial | undefined {
    if (typeof dim === 'string') return this.polynomials.get(dim) ?? atomPolynomial(dim);
    if (Number.isSafeInteger(dim)) return constantPolynomial(dim);
    for (let denominator = 2; denominator <= MAX_DENOMINATOR; denominator++) {
      const numerator = Math.round(dim * denominator);
      if (Number.isSafeInteger(numerator) && Math.abs(numerator / denominator - dim) < 1e-7) {
        return constantPolynomial(numerator, denominator);
      }
    }
    return undefined;
  }
  private spell(p: Polynomial): Dim | undefined {
    if (p.terms.size === 0) return p.constant / p.denominator;
    if (p.terms.size > MAX_TERMS || !allSafe(p)) return undefined;
    const numerator = printNumerator(p);
    const name = this.name(isInteger(p) ? numerator : `${grouped(numerator)}/${p.denominator}`);
    if (name === undefined) return undefined;
    const single = p.terms.size === 1 && p.terms.get(name) === 1;
    if (!single) this.polynomials.set(name, p);
    return name;
  }
  private name(text: string): string | undefined {
    return text.length > MAX_EXPRESSION_LENGTH ? undefined : text;
  }
}

/** Parentheses around sums, so that an expression can stand under a fraction bar. */
const grouped = (text: string): string => (/^[\w.]+$/.test(text) ? text : `(${text})`);

function allSafe(p: Polynomial): boolean {
  if (!Number.isSafeInteger(p.constant) || !Number.isSafeInteger(p.denominator)) return false;
  for (const c of p.terms.values()) if (!Number.isSafeInteger(c)) return false;
  return true;
}
