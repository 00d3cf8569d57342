import type { GroupChange } from '../../explain/group-layers.ts';
import type { Precision } from '../../sim/predicted-engine.ts';
import type { EngineFigures, LayerSum } from '../engine-summary.ts';
import type { LayerLine } from '../layer-lines.ts';

/**
 * What changed in a group from the first engine to another: `split`, `merged` and `regrouped` of the layers that compute,
 * `precision` of their types, `format` and `tactic` where the types stayed, `copies` where reformats or Q/DQ came or went,
 * `layer-gained` and `layer-lost` where only one of the two has the group.
 */
export type ComparedChange = GroupChange | 'format' | 'tactic' | 'copies';

/** One engine's part of a group. */
export interface GroupSide {
  /** Layers that run the nodes of the group. */
  readonly layers: readonly LayerLine[];
  /** Reformats and Q/DQ that stand before them (or behind, where nothing reads them). */
  readonly copies: readonly LayerLine[];
  /** Microseconds of layers and copies; null where the engine has no profile. */
  readonly timeUs: number | null;
  /** Less that of the first engine; negative where time is won. Null where one of the two is not known. */
  readonly deltaUs: number | null;
  /** Against the first engine; empty for the first engine itself, and where nothing changed. */
  readonly changes: readonly ComparedChange[];
}

/** Layers of several engines that do the same work. */
export interface ComparedGroup {
  /** The ONNX nodes, Q/DQ left out; empty in a group that only shapes align. */
  readonly nodes: readonly string[];
  /** A short name for headings. */
  readonly title: string;
  /** `nodes`: by ONNX nodes; `shape`: by type and shapes, because names say nothing; `none`: only one engine has it. */
  readonly alignedBy: 'nodes' | 'shape' | 'none';
  /** For each engine. */
  readonly sides: readonly GroupSide[];
}

/** Sums of one type or precision, for each engine. */
export interface ComparedSum<Key extends string> {
  readonly key: Key;
  readonly sides: readonly LayerSum[];
}

/** Two or more engines side by side. Cloneable data. */
export interface EngineComparison {
  /** Figures of each; the first is what the others are held against. */
  readonly engines: readonly EngineFigures[];
  /** By the most time won or lost, in either direction. */
  readonly groups: readonly ComparedGroup[];
  readonly byType: readonly ComparedSum<string>[];
  readonly byPrecision: readonly ComparedSum<Precision>[];
  /** Layers that stand in no group with another engine's, for each engine. */
  readonly unaligned: readonly LayerSum[];
  /** True where an engine shares (nearly) no names of nodes with the first, so that shapes had to do. */
  readonly namesDiffer: readonly boolean[];
}
