import type { Diagnostic } from '../../base/diagnostic.ts';
import type { DataType } from '../data-type.ts';
import type { Dim, Value } from '../graph.ts';

/**
 * A small constant that is known before the network runs. Elements are row major; a string is a symbolic integer (a
 * dimension name or an expression over such names), booleans are 0 and 1, and int64 values beyond 2^53 are rounded.
 */
export interface FoldedConstant {
  readonly dataType: DataType;
  readonly shape: readonly number[];
  readonly elements: readonly Dim[];
}

/** Where a made-up dimension name such as `unk__7` first appeared. */
export interface UnknownDim {
  readonly value: string;
  readonly node: string;
  readonly operator: string;
}

export interface InferReport {
  /** What does not fit, in the order in which it was met; inference goes on after each. */
  readonly diagnostics: readonly Diagnostic[];
  /** Constants that follow from shapes, `Constant` nodes and initializers; initializers themselves are not listed. */
  readonly folded: ReadonlyMap<Value, FoldedConstant>;
  /** Operators without an inference function, as `Type` or `domain::Type`, sorted. */
  readonly unknownOperators: readonly string[];
  /** Every made-up dimension name and what made it necessary. */
  readonly unknownDims: ReadonlyMap<string, UnknownDim>;
}
