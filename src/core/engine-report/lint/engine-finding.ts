import type { Severity } from '../../base/diagnostic.ts';
import type { DocLink, Evidence } from '../../sim/sim-rule.ts';
import type { EngineContext } from './engine-context.ts';

/** A layer that a finding is about. */
export interface FindingLayer {
  readonly index: number;
  readonly name: string;
}

/** What a rule has found at one place. The driver adds what is the same at all places. */
export interface EngineDiscovery {
  /** The layer to look at first leads. */
  readonly layers: readonly FindingLayer[];
  /** One sentence that names the layer and the figures. */
  readonly message: string;
  /**
   * Microseconds that the cure can give back at most; null without a profile, and where the profile does not tell. Copies count in
   * full, padding by its part of the arithmetic.
   */
  readonly lostUs: number | null;
  /** Where it matters more or less here than the rule says. */
  readonly severity?: Severity;
  /** Where the rule's own sentence does not fit. */
  readonly advice?: string;
}

/** Something to know about a real engine. Cloneable. */
export interface EngineFinding {
  readonly ruleId: string;
  readonly title: string;
  /** `warning`: it loses time that a better placement or network would not; `info`: worth knowing. */
  readonly severity: Severity;
  readonly layers: readonly FindingLayer[];
  readonly message: string;
  readonly consequence: string;
  readonly advice: string;
  readonly lostUs: number | null;
  readonly docs: readonly DocLink[];
}

/** One thing that can be wrong with a real engine, in one file. It only looks; the driver owns order and severity. */
export interface EngineRule {
  /** Equals the file name: a noun that names the failing state. */
  readonly id: string;
  readonly severity: Severity;
  /** The failing state in a few words, for headings. */
  readonly title: string;
  readonly docs: readonly [DocLink, ...DocLink[]];
  readonly evidence: Evidence;
  /** What it costs: one sentence. */
  readonly consequence: string;
  /** What to do about it: one sentence. */
  readonly advice: string;
  find(context: EngineContext): readonly EngineDiscovery[];
}
