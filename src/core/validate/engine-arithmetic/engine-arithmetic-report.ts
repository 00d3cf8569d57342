import type { EngineDataType } from '../../sim/predicted-engine.ts';
import type { Target } from '../../sim/target.ts';
import type { RunFacts, TensorDetail, TensorError } from '../validation-report.ts';

/** One tensor as the model has it, as the engine has it, and as what came before has it. */
export interface EngineTensorError {
  /** The float value of the model; of a pair of Q and DQ, what the DQ gives. */
  readonly tensor: string;
  readonly isOutput: boolean;
  /** The node of the model that makes it, of a pair its Q, and its place in topological order, from 0. Empty and 0 for an input. */
  readonly node: string;
  readonly order: number;
  /** The layer that makes it, and the type in which the engine stores it; absent for outputs that no layer makes by itself. */
  readonly layer?: string;
  readonly engineType?: EngineDataType;
  /** The nodes that this layer runs; without a layer the one that makes the tensor. */
  readonly nodes: readonly string[];
  /** What Q/DQ change: the model as written against itself without them. */
  readonly quantization: TensorError;
  /** What fusion and FP16 change: the engine's arithmetic against the model as written. */
  readonly fusion: TensorError;
  /** Both: the engine's arithmetic against the model without Q/DQ. */
  readonly total: TensorError;
  /**
   * What the rewrite changes: the model as written against the one before, as written. What the DQ of a pair gives is held against
   * the float value there, where the pair is new. Absent without a model before, and where that lacks the tensor.
   */
  readonly rewrite?: TensorError;
  /** Rewrite and fusion: the engine's arithmetic against the model before, as written. Present with `rewrite`. */
  readonly rewriteTotal?: TensorError;
}

/** Something of the engine's arithmetic that was not followed, or is not proved. */
export interface EngineRemark {
  /** What, and why: lower case, no full stop. */
  readonly text: string;
  /** Nodes of the model, or tensors of the engine, that it is about; all where there are none. */
  readonly names: readonly string[];
}

/** How much of the engine's error is the rewrite or quantization, and how much is fusion. */
export interface EngineArithmeticReport extends RunFacts {
  /** What the engine was predicted for. */
  readonly target: Target;
  /** What the engine stores, in the order of the model, then outputs. */
  readonly tensors: readonly EngineTensorError[];
  /** Names of the tensors that fusion changes, lowest SQNR first. */
  readonly worst: readonly string[];
  /** The first tensor in the order of the model that fusion changes; absent where it changes none. */
  readonly firstApart?: string;
  readonly remarks: readonly EngineRemark[];
  /** Before: the model as written. After: the engine's arithmetic. */
  readonly details: readonly TensorDetail[];
}
