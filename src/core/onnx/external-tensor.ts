import type { DataType } from '../ir/data-type.ts';
import type { Tensor, TensorBytes } from '../ir/tensor.ts';

/**
 * A tensor whose data a writer leaves out of the model file and refers to as external data: the file `location`, all of it
 * from its first byte on. Whoever writes the model hands `bytes` over beside it.
 */
export class ExternalTensor implements Tensor {
  readonly name: string;
  readonly dataType: DataType;
  readonly dims: readonly number[];
  readonly bytes: TensorBytes;
  readonly location: string;

  constructor(tensor: Tensor, location: string) {
    this.name = tensor.name;
    this.dataType = tensor.dataType;
    this.dims = tensor.dims;
    this.bytes = tensor.bytes;
    this.location = location;
  }
}
