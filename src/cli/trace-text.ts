import type { PredictedEngine, TraceEvent } from '../core/sim/predicted-engine.ts';
import { printable } from './plain-text.ts';

/**
 * The builder's events in the words of TensorRT's verbose log, phase by phase. `Running:` is the log's own line; what a
 * rule declined, which the real log leaves out, is `Refused:`.
 */
export function traceText(engine: PredictedEngine): string {
  const lines: string[] = [];
  const events = new Map<string, TraceEvent[]>();
  for (const event of engine.trace) {
    const group = events.get(event.phase);
    if (group) group.push(event);
    else events.set(event.phase, [event]);
  }
  const layersAfter = new Map(engine.counts.map((count) => [count.phase, count.layers]));
  // A phase in which nothing happened still counts its layers, as the log does.
  for (const phase of new Set([...layersAfter.keys(), ...events.keys()])) {
    lines.push(phase, ...(events.get(phase) ?? []).map(eventLine));
    const layers = layersAfter.get(phase);
    if (layers !== undefined) lines.push(`After ${phase}: ${String(layers)} layers`);
  }
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function eventLine({ outcome, pass, node, text, ruleId }: TraceEvent): string {
  const what = text === '' ? '' : `: ${text}`;
  return outcome === 'fired'
    ? `  Running: ${pass} on ${node}${what}`
    : `  Refused: ${pass} on ${node}${what} [${ruleId}]`;
}
