/** How far the outputs of a changed model are from those of the float model, over all batches. */
export interface OutputError {
  /** The output that is hit hardest: that with the lowest SQNR. */
  readonly output: string;
  /** 10 log10(Σ x² / Σ (x' - x)²) of that output; Infinity where nothing differs. */
  readonly sqnrDb: number;
  /** Greatest |x' - x| of that output. */
  readonly maxAbsError: number;
  /** Σ x x' / √(Σ x² Σ x'²) of that output, 1 for outputs of zeros on both sides. */
  readonly cosine: number;
}

interface Sums {
  signal: number;
  noise: number;
  changed: number;
  product: number;
  maxAbsError: number;
}

/** Sums up the error of each output, batch by batch. NaN and infinite numbers, of which float models have some in masks, count where only one side has them. */
export class OutputErrorSum {
  private readonly sums = new Map<string, Sums>();

  /** Takes one output of one batch in; both arrays are equally long. */
  add(output: string, reference: Float32Array, changed: Float32Array): void {
    const sums = this.sums.get(output) ?? {
      signal: 0,
      noise: 0,
      changed: 0,
      product: 0,
      maxAbsError: 0,
    };
    this.sums.set(output, sums);
    for (let i = 0; i < reference.length; i++) {
      const x = reference[i]!;
      const y = changed[i]!;
      const isSame = Object.is(x, y);
      if (isSame && x - x !== 0) continue;
      const difference = isSame ? 0 : Math.abs(y - x);
      sums.signal += x * x;
      sums.changed += y * y;
      sums.product += x * y;
      sums.noise += difference * difference;
      // NaN compares as nothing, and must not pass for a small error.
      if (!(difference <= sums.maxAbsError)) sums.maxAbsError = difference;
    }
  }

  /** The output that is hit hardest; undefined when nothing was added. */
  worst(): OutputError | undefined {
    let worst: OutputError | undefined;
    for (const [output, sums] of this.sums) {
      const error = errorOf(output, sums);
      if (worst === undefined || error.sqnrDb < worst.sqnrDb) worst = error;
    }
    return worst;
  }
}

function errorOf(
  output: string,
  { signal, noise, changed, product, maxAbsError }: Sums,
): OutputError {
  const isBroken = !(noise < Infinity && signal < Infinity);
  // A run that gives NaN or infinity is worse than any noise.
  if (isBroken) return { output, sqnrDb: -Infinity, maxAbsError: Infinity, cosine: 0 };
  const norm = Math.sqrt(signal * changed);
  return {
    output,
    sqnrDb: noise > 0 ? 10 * Math.log10(signal / noise) : Infinity,
    maxAbsError,
    cosine: norm > 0 ? product / norm : signal === changed ? 1 : 0,
  };
}
