import type {
  ComparedChange,
  ComparedGroup,
  ComparedSum,
  EngineComparison,
  GroupSide,
} from '../../core/engine-report/compare/engine-comparison.ts';
import type { EngineFigures, LayerSum } from '../../core/engine-report/engine-summary.ts';
import type { LayerLine } from '../../core/engine-report/layer-lines.ts';
import type { Precision } from '../../core/sim/predicted-engine.ts';
import { about, flag, list, number, object, oneOf, orNull, text } from './schema.ts';
import type { Schema } from './schema.ts';

/** What a comparison is made of, as the schema of a single engine has it. */
interface Parts {
  readonly figures: Schema<EngineFigures>;
  readonly line: Schema<LayerLine>;
  readonly sum: Schema<LayerSum>;
  readonly precision: Schema<Precision>;
}

const CHANGE: Schema<ComparedChange> = oneOf<ComparedChange>({
  split: true,
  merged: true,
  regrouped: true,
  precision: true,
  'layer-gained': true,
  'layer-lost': true,
  format: true,
  tactic: true,
  copies: true,
});

/** Several engines side by side. */
export function engineComparisonSchema({
  figures,
  line,
  sum,
  precision,
}: Parts): Schema<EngineComparison> {
  const side: Schema<GroupSide> = object({
    layers: list(line),
    copies: list(line),
    timeUs: orNull(number),
    deltaUs: about('less that of the first engine', orNull(number)),
    changes: list(CHANGE),
  });
  const group: Schema<ComparedGroup> = object({
    nodes: list(text),
    title: text,
    alignedBy: oneOf<ComparedGroup['alignedBy']>({ nodes: true, shape: true, none: true }),
    sides: list(side),
  });
  const byType: Schema<ComparedSum<string>> = object({ key: text, sides: list(sum) });
  const byPrecision: Schema<ComparedSum<Precision>> = object({ key: precision, sides: list(sum) });
  return object({
    engines: list(figures),
    groups: list(group),
    byType: list(byType),
    byPrecision: list(byPrecision),
    unaligned: list(sum),
    namesDiffer: list(flag),
  });
}
