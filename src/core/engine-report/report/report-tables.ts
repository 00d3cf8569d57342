import type { ComparedGroup, EngineComparison, GroupSide } from '../compare/engine-comparison.ts';
import type { LayerSum } from '../engine-summary.ts';
import type { LayerLine, TypeAndFormat } from '../layer-lines.ts';
import { tensorText } from '../lint/engine-words.ts';
import type { ReportedEngine } from './engine-report.ts';
import { engineTitle } from './engine-title.ts';

/** Text, a number that the reader of the table formats, or nothing. */
export type Cell = string | number | null;

/** A column; `unit` says how a number is shown: `us` microseconds, `share` 0 to 1, `bytes`, `number`. */
export interface Column {
  readonly title: string;
  readonly unit?: 'us' | 'share' | 'bytes' | 'number';
}

/** A table of the report, the same in every format. */
export interface ReportTable {
  /** Short and stable. */
  readonly id: string;
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

const us = (title: string): Column => ({ title, unit: 'us' });
const share = (title: string): Column => ({ title, unit: 'share' });
const bytes = (title: string): Column => ({ title, unit: 'bytes' });
const number = (title: string): Column => ({ title, unit: 'number' });
const words = (title: string): Column => ({ title });

const tensor = (value: TypeAndFormat | null): string => (value === null ? '' : tensorText(value));
const sums = ({ layers, timeUs, timeShare }: LayerSum): Cell[] => [layers, timeUs, timeShare];

/** All layers of an engine, in its order. */
export const layerTable = ({ layers }: ReportedEngine): ReportTable => ({
  id: 'layers',
  title: 'Layers',
  columns: [
    number('#'),
    words('layer'),
    words('type'),
    words('implementation'),
    words('role'),
    words('precision'),
    words('in'),
    words('out'),
    us('time µs'),
    share('share'),
    bytes('activations'),
    bytes('weights'),
    words('tactic'),
    words('nodes'),
  ],
  rows: layers.map((line) => [
    line.index,
    line.name,
    line.type,
    line.layerType,
    line.role,
    line.precision,
    tensor(line.takes),
    tensor(line.gives),
    line.timeUs,
    line.timeShare,
    line.activationBytes,
    line.weightBytes,
    line.tactic,
    line.nodes.join(' + '),
  ]),
});

export const typeTable = ({ latency }: ReportedEngine): ReportTable => ({
  id: 'types',
  title: 'Latency by type and precision',
  columns: [words('type'), words('precision'), number('layers'), us('time µs'), share('share')],
  rows: [
    ...latency.byType.flatMap((type): Cell[][] => [
      [type.type, 'all', ...sums(type)],
      ...type.precisions.map((each): Cell[] => [type.type, each.precision, ...sums(each)]),
    ]),
    ...latency.byPrecision.map((each): Cell[] => ['all', each.precision, ...sums(each)]),
  ],
});

export const tacticTableOf = ({ tactics }: ReportedEngine): ReportTable => ({
  id: 'tactics',
  title: 'Tactics',
  columns: [
    words('tactic'),
    words('tensor cores'),
    number('layers'),
    us('time µs'),
    share('share'),
  ],
  rows: tactics.map((use) => [use.tactic ?? '(not named)', use.tensorCores, ...sums(use)]),
});

export const convolutionTable = ({ convolutions }: ReportedEngine): ReportTable => ({
  id: 'convolutions',
  title: 'Convolutions and matrix products',
  columns: [
    number('#'),
    words('layer'),
    words('kind'),
    words('precision'),
    words('kernel'),
    number('M'),
    number('N'),
    number('K'),
    number('groups'),
    number('MACs'),
    bytes('bytes'),
    number('MACs a byte'),
    us('time µs'),
    number('MACs a µs'),
    number('bytes a µs'),
    words('tensor cores'),
  ],
  rows: convolutions.convolutions.map((each) => [
    each.index,
    each.name,
    each.kind,
    each.precision,
    each.kernel.join('×'),
    each.gemm.m,
    each.gemm.n,
    each.gemm.k,
    each.gemm.groups,
    each.macs,
    each.bytes,
    each.macsPerByte,
    each.timeUs,
    each.macsPerUs,
    each.bytesPerUs,
    each.tensorCores,
  ]),
});

export const findingTable = ({ findings }: ReportedEngine): ReportTable => ({
  id: 'findings',
  title: 'Findings',
  columns: [
    words('severity'),
    words('finding'),
    words('what'),
    us('lost µs'),
    words('why'),
    words('do'),
    words('layers'),
  ],
  rows: findings.map((finding) => [
    finding.severity,
    finding.ruleId,
    finding.message,
    finding.lostUs,
    finding.consequence,
    finding.advice,
    finding.layers.map(({ index }) => String(index)).join(', '),
  ]),
});

/** All groups of a comparison, those with most time won or lost first. */
export function comparisonTable({ engines, groups }: EngineComparison): ReportTable {
  const perEngine = engines
    .map(({ name }) => engineTitle(name))
    .flatMap((name, i): Column[] => [
      ...(i === 0 ? [] : [us(`${name}: change µs`), words(`${name}: what changed`)]),
      us(`${name}: time µs`),
      number(`${name}: layers`),
      number(`${name}: copies`),
      words(`${name}: types`),
      words(`${name}: tactics`),
    ]);
  return {
    id: 'comparison',
    title: 'Groups of layers, aligned by ONNX nodes',
    columns: [words('nodes'), words('aligned by'), ...perEngine],
    rows: groups.map((group) => [
      nodesOf(group),
      group.alignedBy,
      ...group.sides.flatMap((side, i): Cell[] => [
        ...(i === 0 ? [] : [side.deltaUs, side.changes.join(', ')]),
        side.timeUs,
        side.layers.length,
        side.copies.length,
        typesOf(side),
        side.layers.map(({ tactic }) => tactic ?? '').join(' | '),
      ]),
    ]),
  };
}

const nodesOf = ({ nodes, title }: ComparedGroup): string =>
  nodes.length === 0 ? title : nodes.join(' + ');

/** `INT8 CHW32 → FP16`, one for each layer. */
export const typesOf = ({ layers }: GroupSide): string =>
  layers.map((line: LayerLine) => `${tensor(line.takes)} → ${tensor(line.gives)}`).join(' | ');

/** Sums by type and precision, for each engine. */
export const comparedSums = ({ engines, byType, byPrecision }: EngineComparison): ReportTable => ({
  id: 'totals',
  title: 'Totals by type and precision',
  columns: [
    words('type or precision'),
    ...engines
      .map(({ name }) => engineTitle(name))
      .flatMap((name) => [number(`${name}: layers`), us(`${name}: time µs`)]),
  ],
  rows: [...byType, ...byPrecision].map(({ key, sides }) => [
    key,
    ...sides.flatMap(({ layers, timeUs }) => [layers, timeUs]),
  ]),
});
