import type { DataType } from '../ir/data-type.ts';

/** Numbers as the runtime takes and gives them: the plainest typed array that holds the element type. */
export type RunData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** A dense tensor of a run, row major. `data` of float16 and bfloat16 holds their bits, of bool 0 and 1. */
export interface RunTensor {
  readonly dataType: DataType;
  readonly dims: readonly number[];
  readonly data: RunData;
}

/** The inputs of one run of a model, by the names of its graph inputs. */
export type Feeds = ReadonlyMap<string, RunTensor>;
