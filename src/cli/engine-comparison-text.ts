import type {
  ComparedGroup,
  EngineComparison,
} from '../core/engine-report/compare/engine-comparison.ts';
import { timeText } from '../core/engine-report/lint/engine-words.ts';
import { engineTitle } from '../core/engine-report/report/engine-title.ts';
import { typesOf } from '../core/engine-report/report/report-tables.ts';
import { paint } from './layer-style.ts';
import type { Style } from './layer-style.ts';
import { counted, printable } from './plain-text.ts';
import { textColumns } from './text-columns.ts';

/** Less than this is noise of the measurement, in microseconds. */
const LEAST_US = 0.05;

/** For each engine after the first, the groups of layers that won or lost time against it, most first. */
export function comparisonText(
  comparison: EngineComparison,
  top: number | undefined,
  style: Style,
): string {
  return comparison.engines
    .slice(1)
    .map((_, i) => againstFirst(comparison, i + 1, top, style))
    .join('\n');
}

function againstFirst(
  { engines, groups, namesDiffer, unaligned }: EngineComparison,
  i: number,
  top: number | undefined,
  style: Style,
): string {
  const name = engineTitle(engines[i]?.name ?? '');
  const first = engineTitle(engines[0]?.name ?? '');
  const delta = ({ sides }: ComparedGroup): number => sides[i]?.deltaUs ?? 0;
  const changed = groups
    .filter(
      (group) => Math.abs(delta(group)) >= LEAST_US || (group.sides[i]?.changes.length ?? 0) > 0,
    )
    .sort((a, b) => Math.abs(delta(b)) - Math.abs(delta(a)));
  const shown = changed.slice(0, top ?? changed.length);
  const total = groups.reduce((sum, group) => sum + delta(group), 0);
  const isTimed = engines[i]?.layerTimeUs !== null && engines[0]?.layerTimeUs !== null;
  const alone = unaligned[i];
  return [
    paint(style, '1', printable(`${name} against ${first}${isTimed ? `: ${signed(total)}` : ''}`)),
    textColumns(
      [...(isTimed ? ['change'] : []), 'what', 'types before', 'after'],
      shown.map((group) => ({
        cells: [
          ...(isTimed ? [signed(delta(group))] : []),
          group.sides[i]?.changes.join(', ') ?? '',
          group.sides[0] ? short(typesOf(group.sides[0])) : '',
          group.sides[i] ? short(typesOf(group.sides[i])) : '',
        ],
        last: printable(group.title),
        colour: delta(group) < -LEAST_US ? '32' : delta(group) > LEAST_US ? '31' : undefined,
      })),
      { last: 'nodes', right: isTimed ? [0] : [], style },
    ),
    ...(changed.length > shown.length
      ? [paint(style, '2', `and ${counted(changed.length - shown.length, 'more group')}`)]
      : []),
    ...(namesDiffer[i]
      ? [
          `note: ${printable(name)} shares hardly a node name with ${printable(first)}: layers are aligned by type and shapes`,
        ]
      : []),
    ...(alone && alone.layers > 0
      ? [`note: ${counted(alone.layers, 'layer')} of ${printable(name)} could not be aligned`]
      : []),
    '',
  ].join('\n');
}

/** `−8.8 µs`, `+0.5 µs`. */
const signed = (us: number): string => `${us < 0 ? '−' : '+'}${timeText(Math.abs(us))}`;

/** Groups of many layers name the first two. */
function short(types: string): string {
  const parts = types === '' ? [] : types.split(' | ');
  return parts.length <= 2 ? parts.join(' | ') : `${parts.slice(0, 2).join(' | ')} | …`;
}
