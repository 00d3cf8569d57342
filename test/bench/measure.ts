/** Times of one thing, in milliseconds. */
export interface Timing {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
  /** The fastest run: what a busy machine disturbs least. */
  readonly best: number;
  readonly runs: number;
}

type Work = () => unknown;

/** The time below which the share `share` of the sorted `times` lies: nearest rank. */
const percentile = (times: readonly number[], share: number): number =>
  times[Math.max(0, Math.ceil(share * times.length) - 1)] ?? NaN;

/**
 * Times several things in turn, so that what disturbs the machine disturbs all of them: each first `warmUp` times
 * unmeasured, then `runs` times. Promises are waited for.
 */
export async function measure(
  works: Readonly<Record<string, Work>>,
  { warmUp = 3, runs = 20 }: { readonly warmUp?: number; readonly runs?: number } = {},
): Promise<Timing[]> {
  const times = new Map<string, number[]>(Object.keys(works).map((name) => [name, []]));
  for (let round = -warmUp; round < runs; round++) {
    for (const [name, work] of Object.entries(works)) {
      const start = performance.now();
      await work();
      const spent = performance.now() - start;
      if (round >= 0) times.get(name)?.push(spent);
    }
  }
  return [...times].map(([name, all]) => {
    const sorted = all.sort((a, b) => a - b);
    const best = sorted[0] ?? NaN;
    return { name, best, p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), runs };
  });
}

/** Prints timings as a table; `note` says more about a line, such as whether a goal is met. */
export function printTimings(
  title: string,
  timings: readonly Timing[],
  note: (timing: Timing) => string = () => '',
): void {
  const ms = (time: number): string => `${time.toFixed(1)} ms`.padStart(12);
  const width = Math.max(...timings.map(({ name }) => name.length)) + 2;
  console.log(`\n${title}`);
  console.log(`  ${''.padEnd(width)}${'p50'.padStart(12)}${'p95'.padStart(12)}`);
  for (const timing of timings)
    console.log(
      `  ${timing.name.padEnd(width)}${ms(timing.p50)}${ms(timing.p95)}  ${note(timing)}`.trimEnd(),
    );
}

/** `goal 60 ms: met`, by the median. */
export const goal = (limitMs: number, { p50 }: Timing): string =>
  `goal ${String(limitMs)} ms: ${p50 <= limitMs ? 'met' : `MISSED by ${(p50 - limitMs).toFixed(1)} ms`}`;
