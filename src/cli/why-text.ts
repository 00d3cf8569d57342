import type { Change } from '../core/explain/change.ts';
import type { EngineScore } from '../core/explain/engine-cost.ts';
import type { Explanation } from '../core/explain/explanation.ts';
import { typeWord } from '../core/explain/low-types.ts';
import { targetId } from '../core/sim/target.ts';
import type { Target } from '../core/sim/target.ts';
import type { TraceEvent } from '../core/sim/predicted-engine.ts';
import { counted, printable } from './plain-text.ts';
import type { Terminal } from './terminal.ts';

/** What is known about one node: where it is, why, and what would change it. */
export interface Answer {
  readonly model: string;
  readonly target: Target;
  readonly explanation: Explanation;
  /** Null where the search found none. */
  readonly change: Change | null;
}

/** The answer of `qdq-lab why` as lines: layer, reason, events, smallest change. */
export function whyText({ model, target, explanation, change }: Answer, style: Style): string {
  const { node, opType, layer, takes, gives, reason, events } = explanation;
  const sure = explanation.confidence === null ? '' : `, ${percent(explanation.confidence)} sure`;
  const bold = (text: string): string => (style.colour ? `\u001b[1m${text}\u001b[0m` : text);
  const types = `${typeWord(takes ?? undefined)} → ${typeWord(gives ?? undefined)}`;
  const lines = [
    `${bold(printable(node))} (${printable(opType)}) of ${printable(model)}, ${targetId(target)} ${target.mode}`,
    layer
      ? `layer ${String(layer.index)}: ${printable(layer.name)} (${printable(layer.layerType)}), ${types}${sure}`
      : 'layer: none',
    `why: ${bold(printable(reason.text))}${reason.ruleId === undefined ? '' : ` [${reason.ruleId}]`}`,
    '',
    events.length === 0 ? 'No rule had a say about it.' : 'What happened, in order:',
    ...events.map((event, i) => eventLine(event, i + 1)),
    '',
    ...(change ? changeLines(change) : ['No small change of the Q/DQ placement helps here.']),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** Never `100 %`: nothing is. */
const percent = (share: number): string => `${String(Math.min(99, Math.floor(100 * share)))} %`;

type Style = Pick<Terminal, 'colour'>;

function eventLine({ outcome, pass, node, text, ruleId }: TraceEvent, number: number): string {
  // the builder's lines often begin with the name of the pass, which stands before them here
  const lines = text.split('\n').map((line) => line.replace(`${pass}: `, ''));
  const what = text === '' ? '' : `: ${lines.map(printable).join('; ')}`;
  const verb = outcome === 'refused' ? 'refused' : 'fired';
  return `${String(number).padStart(3)}. ${verb} ${pass} on ${printable(node)}${what} [${ruleId}]`;
}

function changeLines({
  descriptions,
  reaches,
  numbers,
  differences,
  before,
  after,
}: Change): string[] {
  const gives =
    reaches === 'int8'
      ? 'the layer is quantized then'
      : 'the layer stays, but the engine is cheaper';
  return [
    `Smallest change (${gives}):`,
    ...descriptions.map((text) => `  - ${printable(text)}`),
    ...(numbers === 'function' ? ['  It changes what the network computes.'] : []),
    `It gives: ${scoresText(before, after)}`,
    ...differences.map((difference) => `  ${printable(difference.text)}`),
  ];
}

/** `7 → 6 layers, 4 → 4 in INT8, 2 → 1 surviving Q/DQ, 1 → 1 reformats, 1.61 → 1.46 MB of activations moved`. */
export function scoresText(before: EngineScore, after: EngineScore): string {
  const from = (key: keyof EngineScore): string => `${String(before[key])} → ${String(after[key])}`;
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(2);
  return [
    `${from('layers')} layers`,
    `${from('int8Layers')} in INT8`,
    `${from('survivingQdq')} surviving Q/DQ`,
    `${from('reformats')} reformats`,
    `${megabytes(before.bytes)} → ${megabytes(after.bytes)} MB of activations moved`,
  ].join(', ');
}

/** `3 differences`, for the line above a list. */
export const differencesTitle = (count: number): string =>
  count === 0 ? 'The predicted engines are the same.' : `${counted(count, 'difference')}:`;
