import { assert } from '../../base/assert.ts';
import type { DataType } from '../../ir/data-type.ts';
import { encodeNumbers } from '../../ir/encode-numbers.ts';
import type { GraphEdit } from '../graph-edit.ts';
import type { PassContext } from '../rewrite-pass.ts';

/** What a new constant holds. */
export interface ConstantInit {
  readonly dataType: DataType;
  readonly dims: readonly number[];
  /** Rounded to the type; of integer types they must be integers that fit. */
  readonly numbers: ArrayLike<number>;
  /** The numbers stand in for those that calibration must give. */
  readonly placeholder?: boolean;
}

/**
 * New constants of one proposal. One that the model has already under the name wished for is used again, so that
 * quantizers that shared a scale share the new one.
 */
export class NewConstants {
  /** To stand before the edits that read the constants. */
  readonly edits: GraphEdit[] = [];
  private readonly context: PassContext;
  private readonly made: { readonly key: string; readonly name: string; bytes: Uint8Array }[] = [];

  constructor(context: PassContext) {
    this.context = context;
  }
  /** The name of a constant with these numbers: `wish`, unless that is something else already. */
  add(wish: string, { dataType, dims, numbers, placeholder }: ConstantInit): string {
    const bytes = encodeNumbers(dataType, numbers);
    assert(bytes, `no constant can be of type ${dataType}`);
    const there = this.context.graph.value(wish);
    const isSame =
      there?.tensor?.dataType === dataType &&
      there.tensor.dims.join() === dims.join() &&
      (there.tensor.placeholder ?? false) === (placeholder ?? false) &&
      sameBytes(there.tensor.bytes.resident(), bytes);
    if (isSame) return wish;
    const key = `${wish}\n${dataType}\n${dims.join()}`;
    const earlier = this.made.find((made) => made.key === key && sameBytes(made.bytes, bytes));
    if (earlier) return earlier.name;
    const name = this.context.freshName(wish);
    this.made.push({ key, name, bytes });
    const waits = placeholder === true ? ({ placeholder: true } as const) : {};
    this.edits.push({ kind: 'add-constant', name, dataType, dims, bytes, ...waits });
    return name;
  }
}

const sameBytes = (a: Uint8Array | undefined, b: Uint8Array): boolean =>
  a?.length === b.length && a.every((byte, i) => byte === b[i]);
