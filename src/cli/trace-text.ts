import type { PredictedEngine, TraceEvent } from '../core/sim/predicted-engine.ts';
import { counted, printable } from './plain-text.ts';

/**
 * The builder's events as lines of TensorRT's verbose log, phase by phase, so that the two can be compared. The log does
 * not tell what a rule declined: those lines begin with `Refused:`.
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
    // Some phases the log names only by the count behind them: `After tensor merging: 32 layers`.
    const namedAfter = phase.startsWith('After ');
    if (!namedAfter) lines.push(phase);
    lines.push(...(events.get(phase) ?? []).flatMap(eventLines));
    const layers = layersAfter.get(phase);
    const count = layers === undefined ? '' : `: ${counted(layers, 'layer')}`;
    if (namedAfter || count !== '')
      lines.push(`${namedAfter ? phase : 'After this phase'}${count}`);
  }
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function eventLines({ outcome, pass, node, text, ruleId }: TraceEvent): string[] {
  if (outcome === 'refused') return [`Refused: ${pass} on ${node}: ${text} [${ruleId}]`];
  return [`Running: ${pass} on ${node}`, ...(text === '' ? [] : text.split('\n'))];
}
