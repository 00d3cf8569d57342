import type { EngineDataType } from '../../sim/predicted-engine.ts';
import type { RunFacts, TensorError } from '../validation-report.ts';

/** One tensor in the three arithmetics. */
export interface EngineTensorError {
  /** The float value of the model; of a pair of Q and DQ, what the DQ gives. */
  readonly tensor: string;
  readonly isOutput: boolean;
  /** The layer that makes it, and the type in which the engine stores it; absent for outputs that no layer makes by itself. */
  readonly layer?: string;
  readonly engineType?: EngineDataType;
  /** What Q/DQ change: the model as written against itself without them. */
  readonly quantization: TensorError;
  /** What fusion and FP16 change: the engine's arithmetic against the model as written. */
  readonly fusion: TensorError;
  /** Both: the engine's arithmetic against the model without Q/DQ. */
  readonly total: TensorError;
}

/** How much of the engine's error is quantization, and how much is fusion. */
export interface EngineArithmeticReport extends RunFacts {
  /** What the engine stores, in the order of the model, then outputs. */
  readonly tensors: readonly EngineTensorError[];
  /** What of the engine's arithmetic was not followed: lower case, no full stop. */
  readonly remarks: readonly string[];
}
