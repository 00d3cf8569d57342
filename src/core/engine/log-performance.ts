import type { LatencyFigures } from './built-engine.ts';
import type { PerformanceSummary, Statistics } from './build-log.ts';

type Draft = { -readonly [K in keyof PerformanceSummary]: PerformanceSummary[K] };

const FIELDS: readonly (readonly [RegExp, keyof PerformanceSummary])[] = [
  [/^Latency: /, 'latency'],
  [/^Enqueue Time: /, 'enqueue'],
  [/^H2D Latency: /, 'hostToDevice'],
  [/^GPU Compute(?: Time)?: /, 'compute'],
  [/^D2H Latency: /, 'deviceToHost'],
];

/** Collects trtexec's performance summary line by line. */
export class PerformanceReader {
  private readonly draft: Draft = {
    runs: null,
    queriesPerSecond: null,
    latency: null,
    enqueue: null,
    hostToDevice: null,
    compute: null,
    deviceToHost: null,
  };
  private any = false;

  take(text: string): void {
    const queries =
      /^Timing trace has (\d+) queries/.exec(text) ?? /^=+ Profile \((\d+) /.exec(text);
    if (queries) this.draft.runs ??= Number(queries[1]);
    const throughput = /^Throughput: ([\d.eE+-]+) qps/.exec(text);
    if (throughput) this.set('queriesPerSecond', Number(throughput[1]));
    for (const [pattern, field] of FIELDS)
      if (pattern.test(text)) this.set(field, statisticsOf(text));
  }

  summary(): PerformanceSummary | null {
    return this.any ? { ...this.draft } : null;
  }

  private set(field: keyof PerformanceSummary, value: Statistics | number | null): void {
    if (value === null) return;
    Object.assign(this.draft, { [field]: value });
    this.any = true;
  }
}

/** `min = 0.1 ms, max = …, mean = …, median = …, percentile(90%) = …`; before 8.5 the 99th percentile alone. */
function statisticsOf(text: string): Statistics | null {
  const figure = (name: string): number | null => {
    const at = text.indexOf(`${name} = `);
    const value = at < 0 ? NaN : Number.parseFloat(text.slice(at + name.length + 3));
    return Number.isFinite(value) ? value * 1000 : null;
  };
  const minUs = figure('min');
  const maxUs = figure('max');
  const meanUs = figure('mean');
  const medianUs = figure('median');
  if (minUs === null || maxUs === null || meanUs === null || medianUs === null) return null;
  return {
    minUs,
    maxUs,
    meanUs,
    medianUs,
    p90Us: figure('percentile(90%)'),
    p95Us: figure('percentile(95%)'),
    p99Us: figure('percentile(99%)'),
  };
}

/** What the summary says of one inference; null where it lacks the 95th percentile, as before TensorRT 8.5. */
export function latencyOfSummary(summary: PerformanceSummary | null): LatencyFigures | null {
  const compute = summary?.compute ?? summary?.latency ?? null;
  if (summary === null || compute === null) return null;
  const { medianUs, p95Us } = compute;
  if (p95Us === null) return null;
  return {
    runs: summary.runs ?? 0,
    computeMedianUs: medianUs,
    computeP95Us: p95Us,
    latencyMedianUs: summary.latency?.medianUs ?? medianUs,
  };
}
