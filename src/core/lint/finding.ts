import type { Severity } from '../base/diagnostic.ts';
import type { DocLink, Evidence } from '../sim/sim-rule.ts';
import type { LintContext } from './lint-context.ts';

/** What kind of change to the model would cure a finding. */
export type FixKind =
  | 'add-qdq'
  | 'remove-qdq'
  | 'move-qdq'
  | 'equalize-scales'
  | 'change-quantizer'
  | 'replace-operator'
  | 'change-target';

export interface FindingFix {
  readonly kind: FixKind;
  /** One sentence in the imperative that names the place. */
  readonly description: string;
}

/** What a rule has found at one place. The driver adds what is the same at all places. */
export interface Discovery {
  /** Names of ONNX nodes, the one to look at first. */
  readonly nodes: readonly string[];
  /** One sentence that names the node and the number. */
  readonly message: string;
  /** Bytes of the tensors that are moved or computed in the wrong type, for the order; 0 where nothing moves. */
  readonly costBytes?: number;
  /** Where it matters more or less here than the rule says. */
  readonly severity?: Severity;
  /** Where the rule's own sentence does not fit. */
  readonly consequence?: string;
  readonly advice?: string;
  /** TensorRT's own words, where it refuses the model or warns of it. */
  readonly parserMessage?: string;
  readonly fix?: FindingFix;
}

/** Something to know about a model and its prediction. Cloneable. */
export interface Finding {
  readonly ruleId: string;
  /** `error`: TensorRT refuses the model; `warning`: it loses time; `info`: worth knowing. */
  readonly severity: Severity;
  readonly nodes: readonly string[];
  readonly message: string;
  readonly consequence: string;
  readonly advice: string;
  readonly parserMessage?: string;
  readonly fix?: FindingFix;
  /** Bytes of the tensors concerned; 0 where none is. */
  readonly costBytes: number;
}

/** One thing that can be wrong with a model, in one file. It only looks; the driver owns order and severity. */
export interface FindingRule {
  /** Equals the file name: a noun that names the failing state. */
  readonly id: string;
  readonly severity: Severity;
  /** The failing state in a few words, for headings. */
  readonly title: string;
  readonly docs: readonly [DocLink, ...DocLink[]];
  readonly evidence: Evidence;
  /** First and last TensorRT version (`major.minor`) that behaves so. */
  readonly since?: string;
  readonly until?: string;
  /** What TensorRT makes of it: one sentence. */
  readonly consequence: string;
  /** What to do about it: one sentence. */
  readonly advice: string;
  find(context: LintContext): readonly Discovery[];
}
