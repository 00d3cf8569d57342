import type { BuiltEngine, BuiltLayer } from '../../engine/built-engine.ts';
import { groupChange } from '../../explain/group-layers.ts';
import { EngineFlow } from '../engine-flow.ts';
import { engineFigures, sumLayers } from '../engine-summary.ts';
import { grouped } from '../latency-breakdown.ts';
import { layerKind } from '../layer-kind.ts';
import { layerLines } from '../layer-lines.ts';
import type { LayerLine } from '../layer-lines.ts';
import { sumTimeUs } from '../layer-time.ts';
import { memoryFootprint } from '../memory-footprint.ts';
import { alignBuiltEngines } from './align-built-engines.ts';
import type { BuiltGroup, BuiltSide } from './align-built-engines.ts';
import type {
  ComparedChange,
  ComparedGroup,
  ComparedSum,
  EngineComparison,
  GroupSide,
} from './engine-comparison.ts';

/**
 * Two or more engines of one network side by side, aligned by the ONNX nodes that their layers run: where time is won and lost, and
 * by what change. The first engine is what the others are held against.
 */
export function compareEngines(engines: readonly BuiltEngine[]): EngineComparison {
  const { groups, namesDiffer } = alignBuiltEngines(engines);
  const lines = engines.map(linesOf);
  const totals = engines.map(({ layers }) => sumTimeUs(layers));
  const compared = groups.map((group) => comparedGroup(group, lines, totals));
  return {
    engines: engines.map((engine) =>
      engineFigures(engine, memoryFootprint(engine, new EngineFlow(engine))),
    ),
    groups: compared.sort((a, b) => movement(b) - movement(a)),
    byType: sums(engines, layerKind),
    byPrecision: sums(engines, ({ precision }) => precision),
    unaligned: engines.map((_, i) => {
      const alone = groups.filter(({ alignedBy }) => alignedBy === 'none');
      const layers = alone.flatMap(({ sides }) => [...sides[i]!.layers, ...sides[i]!.copies]);
      return sumLayers(layers, totals[i] ?? null);
    }),
    namesDiffer,
  };
}

function linesOf(engine: BuiltEngine): ReadonlyMap<BuiltLayer, LayerLine> {
  const lines = layerLines(engine, new EngineFlow(engine));
  return new Map(engine.layers.map((layer, i) => [layer, lines[i]!]));
}

function comparedGroup(
  { nodes, alignedBy, sides }: BuiltGroup,
  lines: readonly ReadonlyMap<BuiltLayer, LayerLine>[],
  totals: readonly (number | null)[],
): ComparedGroup {
  const [first] = sides;
  const time = ({ layers, copies }: BuiltSide, i: number): number | null =>
    (totals[i] ?? null) === null ? null : (sumTimeUs([...layers, ...copies]) ?? 0);
  const before = first ? time(first, 0) : null;
  const rowsOf = (layers: readonly BuiltLayer[], i: number): readonly LayerLine[] =>
    layers.map((layer) => lines[i]!.get(layer)!);
  return {
    nodes,
    title: titleOf(nodes, sides),
    alignedBy,
    sides: sides.map((side, i): GroupSide => {
      const timeUs = time(side, i);
      return {
        layers: rowsOf(side.layers, i),
        copies: rowsOf(side.copies, i),
        timeUs,
        deltaUs: timeUs === null || before === null ? null : timeUs - before,
        changes: i === 0 || !first ? [] : changesOf(first, side),
      };
    }),
  };
}

/** The most time that an engine wins or loses in a group. */
const movement = ({ sides }: ComparedGroup): number =>
  Math.max(...sides.map(({ deltaUs }) => Math.abs(deltaUs ?? 0)));

function changesOf(before: BuiltSide, after: BuiltSide): readonly ComparedChange[] {
  const change = groupChange(before.layers, after.layers);
  const found: ComparedChange[] = change ? [change] : [];
  if (before.layers.length > 0 && change === null) {
    const differ = (of: (layer: BuiltLayer) => string | null): boolean =>
      before.layers.some((layer, i) => of(layer) !== of(after.layers[i]!));
    if (differ(exactTypes)) found.push('precision');
    else if (differ(formats)) found.push('format');
    if (differ(({ tactic }) => tactic)) found.push('tactic');
  }
  if (before.copies.length !== after.copies.length) found.push('copies');
  return found;
}

/** Types of all tensors: FP32 and FP16 count as different here. */
const exactTypes = ({ inputs, outputs }: BuiltLayer): string =>
  [inputs[0], outputs[0]].map((tensor) => tensor?.dataType ?? '').join(' ');
const formats = ({ inputs, outputs }: BuiltLayer): string =>
  [inputs[0], outputs[0]].map((tensor) => tensor?.format ?? '').join(' ');

/** By the nodes that the first layer of the group runs, in the order of the model where the engine keeps it. */
function titleOf(nodes: readonly string[], sides: readonly BuiltSide[]): string {
  const layer = sides.flatMap(({ layers, copies }) => [...layers, ...copies])[0];
  if (nodes.length === 0) return layer?.name ?? '';
  const [first = '', ...rest] = nodes;
  const tails = rest.map((node) => node.slice(node.lastIndexOf('/') + 1));
  return tails.length <= MOST_TAILS
    ? [first, ...tails].join(' + ')
    : `${[first, ...tails.slice(0, 2)].join(' + ')} … (${String(nodes.length)} nodes)`;
}
/** Nodes that a title names beside the first. */
const MOST_TAILS = 3;

/** Count, time and share of the layers under each key, the heaviest of the first engine first. */
function sums<Key extends string>(
  engines: readonly BuiltEngine[],
  keyOf: (layer: BuiltLayer) => Key,
): readonly ComparedSum<Key>[] {
  const tables = engines.map(({ layers }) => new Map(grouped(layers, keyOf)));
  const totals = engines.map(({ layers }) => sumTimeUs(layers));
  const keys = new Set(tables.flatMap((table) => [...table.keys()]));
  const weight = ({ sides }: ComparedSum<Key>): number =>
    Math.max(...sides.map(({ timeUs, layers }) => timeUs ?? layers));
  return [...keys]
    .map((key) => ({
      key,
      sides: tables.map((table, i) => sumLayers(table.get(key) ?? [], totals[i] ?? null)),
    }))
    .sort((a, b) => weight(b) - weight(a));
}
