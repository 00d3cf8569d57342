import type { GpuFacts } from './backend.ts';

/** What the Python program tells, a line of JSON each; see `python/build_engine.py`. */
export type PythonEvent =
  | {
      readonly event: 'hello';
      readonly trt: string;
      readonly python: string;
      readonly gpu: HelloGpu;
    }
  | { readonly event: 'progress'; readonly step: string; readonly fraction: number }
  | { readonly event: 'note'; readonly text: string }
  | { readonly event: 'refused'; readonly reason: string }
  | { readonly event: 'failed'; readonly code: string; readonly reason: string }
  | DoneEvent;

interface HelloGpu {
  readonly name: string;
  readonly sm: number;
  readonly memoryBytes: number;
  readonly driver: string | null;
}

export interface DoneEvent {
  readonly event: 'done';
  readonly layers: number;
  readonly buildSeconds: number;
  readonly engineBytes: number;
  readonly runs: number;
  readonly computeMedianMs: number;
  readonly computeP95Ms: number;
  readonly smClockMhz: number | null;
  readonly memoryClockMhz: number | null;
}

const EVENTS: ReadonlySet<unknown> = new Set([
  'hello',
  'progress',
  'note',
  'refused',
  'failed',
  'done',
]);

/** The event of a line; undefined for a line that is none, such as a warning of some library. */
export function pythonEvent(line: string): PythonEvent | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const found = JSON.parse(line) as Partial<PythonEvent>;
    return EVENTS.has(found.event) ? (found as PythonEvent) : undefined;
  } catch {
    // Not ours: an event is always one whole line.
    return undefined;
  }
}

/** The GPU of a hello, without clocks. */
export const gpuOfHello = ({ name, sm, driver, memoryBytes }: HelloGpu): GpuFacts => ({
  name,
  sm,
  driver,
  memoryBytes,
  smClockMhz: null,
  memoryClockMhz: null,
});
