import type { Result } from '../base/result.ts';
import type { DataType } from './data-type.ts';

/** Bytes of a tensor that may still lie in a file. */
export interface TensorBytes {
  /** Size in bytes, known before anything is read. */
  readonly byteLength: number;
  /** The bytes if they are in memory already (never copied: do not write to them), else undefined. */
  resident(): Uint8Array | undefined;
  /** Reads the bytes; a missing external file or a cut-off file is a Diagnostic. */
  read(signal?: AbortSignal): Promise<Result<Uint8Array>>;
}

/**
 * Constant data: an initializer or the value of a tensor attribute. `bytes` has the layout of ONNX `raw_data`
 * (little endian, row major, 4-bit types two a byte, low half first), whatever proto field holds it in the file.
 */
export interface Tensor {
  readonly name: string;
  readonly dataType: DataType;
  readonly dims: readonly number[];
  readonly bytes: TensorBytes;
  /** Only for `dataType: 'string'`. */
  readonly strings?: readonly string[];
  /** The file that holds the data, if it is external. */
  readonly location?: string;
  /** The numbers are not known yet and stand in for those that calibration must give. */
  readonly placeholder?: true;
}

/** Number of elements; 1 for a scalar. */
export const elementCount = (dims: readonly number[]): number =>
  // Damaged files hold dimensions whose product is infinite; times zero that would be NaN.
  dims.includes(0) ? 0 : dims.reduce((product, d) => product * d, 1);
