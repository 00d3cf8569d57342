/**
 * A polynomial with integer coefficients over named integers, divided by one positive integer. `terms` maps a monomial
 * (its sorted atoms joined by `SEPARATOR`) to a coefficient that is never 0.
 */
export interface Polynomial {
  readonly terms: ReadonlyMap<string, number>;
  readonly constant: number;
  readonly denominator: number;
}

const SEPARATOR = '\u001f';

export const constantPolynomial = (constant: number, denominator = 1): Polynomial =>
  normalize(new Map(), constant, denominator);

export const atomPolynomial = (name: string): Polynomial => ({
  terms: new Map([[name, 1]]),
  constant: 0,
  denominator: 1,
});

export const isInteger = (p: Polynomial): boolean => p.denominator === 1;

export function addPolynomials(a: Polynomial, b: Polynomial, factor = 1): Polynomial {
  const terms = new Map<string, number>();
  for (const [key, c] of a.terms) terms.set(key, c * b.denominator);
  for (const [key, c] of b.terms) {
    terms.set(key, (terms.get(key) ?? 0) + factor * c * a.denominator);
  }
  const constant = a.constant * b.denominator + factor * b.constant * a.denominator;
  return normalize(terms, constant, a.denominator * b.denominator);
}

export function multiplyPolynomials(a: Polynomial, b: Polynomial): Polynomial {
  const terms = new Map<string, number>();
  const put = (key: string, c: number): void => void terms.set(key, (terms.get(key) ?? 0) + c);
  for (const [keyA, ca] of a.terms) {
    for (const [keyB, cb] of b.terms) put(joinMonomials(keyA, keyB), ca * cb);
    put(keyA, ca * b.constant);
  }
  for (const [keyB, cb] of b.terms) put(keyB, cb * a.constant);
  return normalize(terms, a.constant * b.constant, a.denominator * b.denominator);
}

/** `a / b` when it comes out without rest, as `6*h*w / (2*h) = 3*w` does; else undefined. */
export function divideExactly(a: Polynomial, b: Polynomial): Polynomial | undefined {
  if (b.terms.size === 0) {
    if (b.constant === 0) return undefined;
    return multiplyPolynomials(a, constantPolynomial(b.denominator, b.constant));
  }
  if (b.terms.size > 1 || b.constant !== 0) return proportion(a, b);
  if (a.constant !== 0) return undefined;
  const [[key, coefficient]] = [...b.terms] as [[string, number]];
  const terms = new Map<string, number>();
  let constant = 0;
  for (const [keyA, c] of a.terms) {
    const rest = removeMonomial(keyA, key);
    if (rest === undefined) return undefined;
    if (rest === '') constant += c * b.denominator;
    else terms.set(rest, c * b.denominator);
  }
  return normalize(terms, constant, a.denominator * coefficient);
}

/** Splits `p` into an integer part and a rest whose coefficients are smaller than the denominator. */
export function splitInteger(p: Polynomial): { whole: Polynomial; rest: Polynomial } {
  const whole = new Map<string, number>();
  const rest = new Map<string, number>();
  for (const [key, c] of p.terms) {
    const quotient = Math.floor(c / p.denominator);
    if (quotient !== 0) whole.set(key, quotient);
    if (c !== quotient * p.denominator) rest.set(key, c - quotient * p.denominator);
  }
  const quotient = Math.floor(p.constant / p.denominator);
  return {
    whole: normalize(whole, quotient, 1),
    rest: {
      terms: rest,
      constant: p.constant - quotient * p.denominator,
      denominator: p.denominator,
    },
  };
}

/** The polynomial without its denominator, in one spelling for equal polynomials: `2*h*w - 1`. */
export function printNumerator(p: Polynomial): string {
  let text = '';
  const sorted = [...p.terms].sort(
    ([a, ca], [b, cb]) => Number(ca < 0) - Number(cb < 0) || (a < b ? -1 : 1),
  );
  for (const [key, c] of sorted) {
    const size = Math.abs(c);
    const factors = key
      .split(SEPARATOR)
      .map((atom) => (needsParentheses(atom) ? `(${atom})` : atom));
    const term = (size === 1 ? '' : `${size}*`) + factors.join('*');
    text += text === '' ? (c < 0 ? `-${term}` : term) : c < 0 ? ` - ${term}` : ` + ${term}`;
  }
  if (text === '') return String(p.constant);
  if (p.constant === 0) return text;
  return text + (p.constant < 0 ? ` - ${-p.constant}` : ` + ${p.constant}`);
}

/** Names from a file may be expressions themselves; a sum must not lose its meaning as a factor. */
const needsParentheses = (atom: string): boolean =>
  / [+-] /.test(atom) && !/^\w+\(.*\)$/.test(atom);

function proportion(a: Polynomial, b: Polynomial): Polynomial | undefined {
  const first = [...b.terms][0];
  if (first === undefined || a.terms.size !== b.terms.size) return undefined;
  const [key, coefficient] = first;
  const own = a.terms.get(key);
  if (own === undefined) return undefined;
  const matches = (x: number, y: number): boolean => x * coefficient === y * own;
  if (!matches(a.constant, b.constant)) return undefined;
  for (const [k, c] of b.terms) if (!matches(a.terms.get(k) ?? 0, c)) return undefined;
  return normalize(new Map(), own * b.denominator, coefficient * a.denominator);
}

function joinMonomials(a: string, b: string): string {
  return [...a.split(SEPARATOR), ...b.split(SEPARATOR)].sort().join(SEPARATOR);
}

function removeMonomial(from: string, what: string): string | undefined {
  const atoms = from.split(SEPARATOR);
  for (const atom of what.split(SEPARATOR)) {
    const at = atoms.indexOf(atom);
    if (at < 0) return undefined;
    atoms.splice(at, 1);
  }
  return atoms.join(SEPARATOR);
}

function normalize(terms: Map<string, number>, constant: number, denominator: number): Polynomial {
  let divisor = Math.abs(denominator);
  for (const [key, c] of terms) {
    if (c === 0) terms.delete(key);
    else divisor = greatestCommonDivisor(divisor, Math.abs(c));
  }
  if (constant !== 0) divisor = greatestCommonDivisor(divisor, Math.abs(constant));
  const by = denominator < 0 ? -divisor : divisor;
  if (by === 1) return { terms, constant, denominator };
  for (const [key, c] of terms) terms.set(key, c / by);
  return { terms, constant: constant / by, denominator: denominator / by };
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}
