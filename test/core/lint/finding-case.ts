import type { ModelText } from './lint-text.ts';

/** The nearest two models between which a finding appears. */
export interface FindingCase {
  readonly fires: ModelText;
  readonly silent: ModelText;
  /** What the message must say. */
  readonly says: RegExp;
}
