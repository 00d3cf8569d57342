import type { Graph } from './graph.ts';
import type { Tensor } from './tensor.ts';

/** An ONNX attribute. Integers are bigint, so that int64 values beyond 2^53 survive. */
export type Attribute = { readonly name: string } & (
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'tensor'; readonly value: Tensor }
  | { readonly type: 'graph'; readonly value: Graph }
  | { readonly type: 'floats'; readonly value: readonly number[] }
  | { readonly type: 'ints'; readonly value: readonly bigint[] }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'tensors'; readonly value: readonly Tensor[] }
  | { readonly type: 'graphs'; readonly value: readonly Graph[] }
  /** Kept byte for byte, not understood: sparse tensors, type protos, references inside functions, future kinds. */
  | { readonly type: 'opaque'; readonly value: Uint8Array }
);
