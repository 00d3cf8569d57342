import type { Precision } from '../../sim/predicted-engine.ts';
import type { ComparedGroup, EngineComparison } from '../compare/engine-comparison.ts';
import type { ConvolutionFigures } from '../convolution-efficiency.ts';
import { escapeMarkup, fitText, place, tooltip } from '../drawing/markup.ts';
import type { TypeLatency } from '../latency-breakdown.ts';
import type { LayerLine } from '../layer-lines.ts';
import { calledName, percentText, timeText } from '../lint/engine-words.ts';
import { engineTitle } from './engine-title.ts';
import { byteText } from './summary-table.ts';

/*
 * Charts of the HTML report: SVG without script and style of its own, coloured by the classes of the drawing. Each says in words what
 * it shows; every figure is also in a table.
 */

const WIDTH = 720;
const LABELS = 250;
const VALUES = 110;
const BARS = WIDTH - LABELS - VALUES;
const ROW = 22;

const chart = (title: string, height: number, parts: readonly string[]): string =>
  `<svg class="engine chart" viewBox="0 0 ${String(WIDTH)} ${String(height)}" role="img">${tooltip(title)}${parts.join('')}</svg>`;

const text = (x: number, y: number, className: string, words: string): string =>
  `<text class="${className}" x="${place(x)}" y="${place(y)}">${escapeMarkup(words)}</text>`;

/** A piece at x, y of some width. */
const bar = (
  [x, y, width]: readonly [number, number, number],
  className: string,
  words: string,
): string =>
  `<g class="${className}"><rect class="band" x="${place(x)}" y="${place(y)}" width="${place(Math.max(width, 0.6))}" height="14">${tooltip(words)}</rect></g>`;

/** One bar a type, made of pieces by precision; lengths are times, without a profile counts. */
export function typeChart(types: readonly TypeLatency[], most = 14): string {
  const shown = types.slice(0, most);
  const amount = ({ timeUs, layers }: { timeUs: number | null; layers: number }): number =>
    timeUs ?? layers;
  const longest = Math.max(...shown.map(amount), 0.001);
  const rows = shown.map((type, i) => {
    const y = i * ROW + 4;
    let x = LABELS;
    const pieces = type.precisions.map((each) => {
      const width = (amount(each) / longest) * BARS;
      const piece = bar(
        [x, y, width],
        each.precision,
        `${type.type}, ${each.precision.toUpperCase()}: ${String(each.layers)} layers${each.timeUs === null ? '' : `, ${timeText(each.timeUs)}`}`,
      );
      x += width;
      return piece;
    });
    const value =
      type.timeUs === null
        ? `${String(type.layers)} layers`
        : `${timeText(type.timeUs)} · ${percentText(type.timeShare ?? 0)}`;
    return `${text(LABELS - 8, y + 11, 'end', `${fitText(type.type, 26)} (${String(type.layers)})`)}${pieces.join('')}${text(x + 6, y + 11, 'soft', value)}`;
  });
  return chart('Latency by type, coloured by precision', shown.length * ROW + 6, rows);
}

/** The slowest layers, coloured by precision. */
export function topChart(layers: readonly LayerLine[], most = 15): string {
  const timed = layers.filter(({ timeUs }) => timeUs !== null);
  const shown = [...timed].sort((a, b) => (b.timeUs ?? 0) - (a.timeUs ?? 0)).slice(0, most);
  const longest = shown[0]?.timeUs ?? 1;
  const rows = shown.map((line, i) => {
    const y = i * ROW + 4;
    const width = ((line.timeUs ?? 0) / (longest || 1)) * BARS;
    return `${text(LABELS - 8, y + 11, 'end', fitText(calledName(line), 38))}${bar([LABELS, y, width], line.precision, `${line.name}\n${line.layerType}`)}${text(LABELS + width + 6, y + 11, 'soft', `${timeText(line.timeUs)} · ${percentText(line.timeShare ?? 0)}`)}`;
  });
  return chart('The slowest layers', shown.length * ROW + 6, rows);
}

/** Time of every layer in the order of execution. */
export function timelineChart(layers: readonly LayerLine[]): string {
  const height = 120;
  const longest = layers.reduce((most, { timeUs }) => Math.max(most, timeUs ?? 0), 0.001);
  const step = WIDTH / Math.max(layers.length, 1);
  const bars = layers.map(({ timeUs, precision, name, index }, i) => {
    const size = ((timeUs ?? 0) / longest) * (height - 20);
    return `<g class="${precision}"><rect class="band" x="${place(i * step)}" y="${place(height - 16 - size)}" width="${place(Math.max(0.5, step - (step > 4 ? 1 : 0)))}" height="${place(size)}">${tooltip(`${String(index)} ${name}\n${timeText(timeUs)}`)}</rect></g>`;
  });
  return chart('Time of each layer in the order of execution', height, [
    ...bars,
    text(0, height - 3, 'soft', `first layer; the highest bar is ${timeText(longest)}`),
    text(WIDTH, height - 3, 'soft end', 'last layer'),
  ]);
}

/** Arithmetic intensity across, rate up, both by their logarithms: what is low on the left is bound by memory. */
export function efficiencyChart(convolutions: readonly ConvolutionFigures[]): string {
  const points = convolutions.filter(
    ({ macsPerUs, macsPerByte }) => macsPerUs !== null && macsPerUs > 0 && macsPerByte > 0,
  );
  if (points.length < 2) return '';
  const height = 260;
  const [left, bottom] = [64, height - 30];
  const xs = range(points.map(({ macsPerByte }) => macsPerByte));
  const ys = range(points.map(({ macsPerUs }) => macsPerUs ?? 1));
  const x = (value: number): number => left + scaled(value, xs) * (WIDTH - left - 20);
  const y = (value: number): number => bottom - scaled(value, ys) * (bottom - 14);
  const dots = points.map(
    (each) =>
      `<g class="${each.precision}"><circle class="band dot" cx="${place(x(each.macsPerByte))}" cy="${place(y(each.macsPerUs ?? 1))}" r="5">${tooltip(`${each.name}\nM ${String(each.gemm.m)}, N ${String(each.gemm.n)}, K ${String(each.gemm.k)}\n${(each.macsPerUs ?? 0).toFixed(0)} MACs a µs, ${each.macsPerByte.toFixed(1)} MACs a byte\n${byteText(each.bytes)}, ${timeText(each.timeUs)}`)}</circle></g>`,
  );
  return chart('Efficiency of convolutions and products', height, [
    `<path class="axis" d="M${String(left)} 8V${String(bottom)}H${String(WIDTH - 12)}"/>`,
    ...ticks(xs).map((at) => text(x(at), bottom + 14, 'soft mid', amount(at))),
    ...ticks(ys).map((at) => text(left - 6, y(at) + 4, 'soft end', amount(at))),
    text(WIDTH - 12, bottom + 27, 'soft end', 'MACs a byte'),
    text(left + 8, 12, 'soft', 'MACs a µs'),
    ...dots,
  ]);
}

const range = (values: readonly number[]): readonly [number, number] => [
  10 ** Math.floor(Math.log10(Math.min(...values))),
  10 ** Math.ceil(Math.log10(Math.max(...values))),
];
const scaled = (value: number, [from, to]: readonly [number, number]): number =>
  from === to ? 0.5 : (Math.log10(value) - Math.log10(from)) / (Math.log10(to) - Math.log10(from));
function ticks([from, to]: readonly [number, number]): readonly number[] {
  const found: number[] = [];
  for (let at = from; at <= to * 1.0001; at *= 10) found.push(at);
  return found;
}
const amount = (value: number): string =>
  value >= 1e6
    ? `${String(value / 1e6)} M`
    : value >= 1e3
      ? `${String(value / 1e3)} k`
      : String(Number(value.toPrecision(3)));

/** Time won (to the left) and lost (to the right) by one engine against the first, group by group. */
export function movementChart({ groups }: EngineComparison, engine: number, most = 24): string {
  const delta = ({ sides }: ComparedGroup): number => sides[engine]?.deltaUs ?? 0;
  const moved = groups.filter((group) => Math.abs(delta(group)) >= 0.05);
  const shown = [...moved].sort((a, b) => Math.abs(delta(b)) - Math.abs(delta(a))).slice(0, most);
  const longest = Math.max(...shown.map((group) => Math.abs(delta(group))), 0.001);
  const half = BARS / 2 - 70;
  const middle = LABELS + 40 + BARS / 2 - 40;
  const rows = shown.map((group, i) => {
    const y = i * ROW + 4;
    const change = delta(group);
    const width = (Math.abs(change) / longest) * half;
    const won = change < 0;
    const words = `${won ? '−' : '+'}${timeText(Math.abs(change))} ${group.sides[engine]?.changes.join(', ') ?? ''}`;
    return `${text(LABELS + 40, y + 11, 'end', fitText(group.title, 46))}${bar([won ? middle - width : middle, y, width], won ? 'won' : 'lost', `${group.title}\n${words}`)}${text(won ? middle + 6 : middle + width + 6, y + 11, 'soft', words)}`;
  });
  return chart('Time won and lost', shown.length * ROW + 8, [
    `<path class="axis" d="M${place(middle)} 0V${String(shown.length * ROW + 4)}"/>`,
    ...rows,
  ]);
}

/** One bar an engine, made of pieces by precision. */
export function precisionChart({ engines, byPrecision }: EngineComparison): string {
  const totals = engines.map(({ layerTimeUs }) => layerTimeUs ?? 0);
  const longest = Math.max(...totals, 0.001);
  const rows = engines.map(({ name }, i) => {
    const y = i * ROW + 4;
    let x = LABELS;
    const pieces = byPrecision.map(
      ({
        key,
        sides,
      }: {
        key: Precision;
        sides: EngineComparison['byPrecision'][number]['sides'];
      }) => {
        const timeUs = sides[i]?.timeUs ?? 0;
        if (timeUs === 0) return '';
        const width = (timeUs / longest) * BARS;
        const piece = bar([x, y, width], key, `${name}, ${key.toUpperCase()}: ${timeText(timeUs)}`);
        x += width;
        return piece;
      },
    );
    const change = i === 0 || !totals[0] ? '' : ` (${percentText((totals[i] ?? 0) / totals[0])})`;
    return `${text(LABELS - 8, y + 11, 'end', fitText(engineTitle(name), 38))}${pieces.join('')}${text(x + 6, y + 11, 'soft', `${timeText(totals[i] ?? null)}${change}`)}`;
  });
  return chart('Time of all layers by precision', engines.length * ROW + 6, rows);
}
