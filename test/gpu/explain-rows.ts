/** The columns of `explain`. */
export const headings = row('', ['max abs', 'rms', 'SQNR dB', 'lowest dB', '> step', 'top-1']);

/**
 * One line: how far `rows` are from `reference`, sample by sample. A step is 1/128 of the largest magnitude of the reference, which is
 * about what one step of an INT8 tensor of that range would be.
 */
export function explain(
  name: string,
  reference: readonly Float32Array[],
  rows: readonly Float32Array[],
): string {
  const each = reference.map((real, i) => compare(real, rows[i] ?? new Float32Array()));
  const sum = (of: (sample: Sample) => number): number =>
    each.reduce((total, sample) => total + of(sample), 0);
  const count = sum((sample) => sample.count);
  const noise = sum((sample) => sample.noise);
  const signal = sum((sample) => sample.signal);
  return row(name, [
    Math.max(...each.map((sample) => sample.most)).toPrecision(4),
    Math.sqrt(noise / count).toPrecision(4),
    decibels(signal, noise),
    Math.min(...each.map((sample) => Number(decibels(sample.signal, sample.noise)))).toFixed(2),
    `${((100 * sum((sample) => sample.beyond)) / count).toFixed(2)} %`,
    `${sum((sample) => (sample.isSameWinner ? 1 : 0))}/${each.length}`,
  ]);
}

interface Sample {
  readonly count: number;
  readonly signal: number;
  readonly noise: number;
  readonly most: number;
  readonly beyond: number;
  readonly isSameWinner: boolean;
}

function compare(real: Float32Array, ours: Float32Array): Sample {
  const step = real.reduce((most, x) => Math.max(most, Math.abs(x)), 0) / 128;
  const errors = Array.from(real, (x, i) => Math.abs(x - (ours[i] ?? NaN)));
  return {
    count: real.length,
    signal: real.reduce((sum, x) => sum + x * x, 0),
    noise: errors.reduce((sum, error) => sum + error * error, 0),
    most: Math.max(...errors),
    beyond: errors.filter((error) => error > step).length,
    isSameWinner: winner(real) === winner(ours),
  };
}

const winner = (numbers: Float32Array): number =>
  numbers.reduce((best, x, i) => (x > (numbers[best] ?? -Infinity) ? i : best), 0);

const decibels = (signal: number, noise: number): string =>
  (10 * Math.log10(signal / noise)).toFixed(2);

function row(name: string, columns: readonly string[]): string {
  return [name.padEnd(16), ...columns.map((text) => text.padStart(11))].join('');
}
