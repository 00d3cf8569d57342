import type { TraceEvent } from '../../core/sim/predicted-engine.ts';
import { tsvLine } from './layer-columns.ts';

/** Which events of the trace to show. Empty texts let everything through. */
export interface TraceFilter {
  readonly pass: string;
  readonly outcome: '' | TraceEvent['outcome'];
  readonly text: string;
  /** Only events about one of these ONNX nodes; null for all. */
  readonly nodes: readonly string[] | null;
}

/** The events that a filter lets through, in the order in which they happened. */
export function filteredTrace(
  trace: readonly TraceEvent[],
  { pass, outcome, text, nodes }: TraceFilter,
): readonly TraceEvent[] {
  const wanted = text.trim().toLowerCase();
  const about = nodes === null ? null : new Set(nodes);
  return trace.filter(
    (event) =>
      (pass === '' || event.pass === pass) &&
      (outcome === '' || event.outcome === outcome) &&
      (about === null || about.has(event.node) || event.nodes.some((node) => about.has(node))) &&
      (wanted === '' || `${event.node} ${event.text} ${event.pass}`.toLowerCase().includes(wanted)),
  );
}

/** Passes in the order of their first event, each with the number of its events. */
export function passCounts(trace: readonly TraceEvent[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { pass } of trace) counts.set(pass, (counts.get(pass) ?? 0) + 1);
  return counts;
}

/** The events as tab-separated text with a head line. */
export function traceAsTsv(events: readonly TraceEvent[]): string {
  const lines = events.map(({ phase, pass, node, outcome, text }) =>
    tsvLine([phase, pass, node, outcome, text]),
  );
  return tsvLine(['Phase', 'Pass', 'Node', 'Outcome', 'What']) + lines.join('');
}
