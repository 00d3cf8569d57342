import type { GraphEdit } from './graph-edit.ts';
import type { Numerics } from './rewrite-pass.ts';

/** What a pass did at one node. */
export interface PassChange {
  readonly passId: string;
  /** The node at which the pass found its pattern: with `passId` it names the place for switching it off. */
  readonly site: string;
  /** A sentence without a full stop. */
  readonly text: string;
  readonly nodes: readonly string[];
  readonly numerics: Numerics;
  readonly edits: readonly GraphEdit[];
}

/** Where a pass found its pattern and left it alone. */
export interface PassDecline {
  readonly passId: string;
  readonly site: string;
  /** Lower case, no full stop. */
  readonly reason: string;
  readonly nodes: readonly string[];
}
