import type { ValidationReport } from '../../core/validate/validation-report.ts';
import { decibelText } from './format-text.ts';
import type { ValidationList } from './validation-state.ts';

/** One of the colours by which graphs show errors, from nothing to much. */
export interface HeatLevel {
  /** Least SQNR in dB. */
  readonly least: number;
  /** The custom property with its colour. */
  readonly colour: string;
  readonly words: string;
  /** For legends, where the unit is known. */
  readonly short: string;
}

/** How far off a node is: its colour, and the number that stands beside it. */
export interface HeatMark {
  readonly level: number;
  /** Two or three characters: `=`, `41`, `!`. */
  readonly sign: string;
  /** For tooltips and screen readers. */
  readonly words: string;
}

/** Colours for single boxes of a drawing, and what they mean. */
export interface BoxHeat {
  /** By the id of the box. */
  readonly marks: ReadonlyMap<string, HeatMark>;
  readonly levels: readonly Omit<HeatLevel, 'least'>[];
}

/** From exact to unusable: eight bits give some 40 dB to a tensor that they suit. */
export const HEAT_LEVELS: readonly HeatLevel[] = [
  { least: Infinity, colour: '--heat-0', words: 'bit-exact', short: '=' },
  { least: 60, colour: '--heat-1', words: '60 dB and more', short: '60+' },
  { least: 40, colour: '--heat-2', words: '40 to 60 dB', short: '40+' },
  { least: 30, colour: '--heat-3', words: '30 to 40 dB', short: '30+' },
  { least: 20, colour: '--heat-4', words: '20 to 30 dB', short: '20+' },
  { least: -Infinity, colour: '--heat-5', words: 'below 20 dB', short: '<20' },
];

/** The mark of an SQNR. */
export function heatMark(sqnrDb: number): HeatMark {
  const found = HEAT_LEVELS.findIndex(({ least }) => sqnrDb >= least);
  // NaN is at least nothing.
  const level = found === -1 ? HEAT_LEVELS.length - 1 : found;
  const text = decibelText(sqnrDb);
  const isNumber = Number.isFinite(sqnrDb);
  const sign = isNumber ? String(Math.round(sqnrDb)) : text === 'exact' ? '=' : '!';
  return { level, sign, words: isNumber ? `SQNR ${text} dB` : text };
}

/**
 * The marks of nodes by name, as one of the lists tells: what tensors of the model as opened have become, or how layers and
 * quantizers differ from their float selves, or what fusion does to what a layer of the engine stores, at all of its nodes. A node with several outputs has the mark of the worst.
 */
export function heatOf(
  { equivalence, float, engine }: ValidationReport,
  list: ValidationList,
): ReadonlyMap<string, HeatMark> {
  const worst = new Map<string, number>();
  const take = (node: string, sqnrDb: number): void => {
    const known = worst.get(node);
    // Written so that NaN counts as worst.
    if (known === undefined || !(sqnrDb >= known)) worst.set(node, sqnrDb);
  };
  if (list === 'tensors')
    for (const { node, error } of equivalence?.tensors ?? []) take(node, error.sqnrDb);
  else if (list === 'layers')
    for (const { node, accumulated } of float?.layers ?? []) take(node, accumulated.sqnrDb);
  else if (list === 'engine')
    for (const { nodes, fusion } of engine?.tensors ?? [])
      for (const node of nodes) take(node, fusion.sqnrDb);
  else for (const { node, sqnrDb } of float?.quantizers ?? []) take(node, sqnrDb);
  return new Map([...worst].map(([node, sqnrDb]) => [node, heatMark(sqnrDb)]));
}

/** The worst mark among nodes that one box stands for. */
export function worstMark(
  nodes: readonly string[],
  heat: ReadonlyMap<string, HeatMark>,
): HeatMark | undefined {
  let worst: HeatMark | undefined;
  for (const node of nodes) {
    const mark = heat.get(node);
    if (mark && (worst === undefined || mark.level > worst.level)) worst = mark;
  }
  return worst;
}
