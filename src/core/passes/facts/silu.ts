import type { Node, Value } from '../../ir/graph.ts';
import { pairBefore } from './activation-pairs.ts';
import type { ActivationPair } from './activation-pairs.ts';
import { dataInputs } from './copying-nodes.ts';

/** A Sigmoid and the Mul with its own input, through Q/DQ or not. */
export interface Silu {
  readonly mul: Node;
  readonly sigmoid: Node;
  /** What both read, in float. */
  readonly input: Value;
  /** Number of the Mul's input that is `input`. */
  readonly direct: number;
  /** The pairs inside; undefined where a read is float. */
  readonly beforeSigmoid: ActivationPair | undefined;
  readonly beforeMul: ActivationPair | undefined;
  readonly behindSigmoid: ActivationPair | undefined;
}

/** The SiLU that ends in `mul`; undefined for other products. */
export function siluAt(mul: Node): Silu | undefined {
  const [first, second, ...others] = dataInputs(mul);
  if (mul.opType !== 'Mul' || mul.domain !== '' || !first || !second || others.length > 0)
    return undefined;
  return siluOf(mul, first, second) ?? siluOf(mul, second, first);
}

type Operand = ReturnType<typeof dataInputs>[number];

function siluOf(mul: Node, gate: Operand, direct: Operand): Silu | undefined {
  const behindSigmoid = pairBefore(gate.value);
  const sigmoid = (behindSigmoid?.source ?? gate.value).producer();
  const [read] = sigmoid?.inputs ?? [];
  if (sigmoid?.opType !== 'Sigmoid' || sigmoid.domain !== '' || !read) return undefined;
  const beforeSigmoid = pairBefore(read);
  const beforeMul = pairBefore(direct.value);
  const input = beforeSigmoid?.source ?? read;
  // Behind one pair the Mul reads integers that everybody reads: the float tensor above is the same.
  if ((beforeMul?.source ?? direct.value) !== input) return undefined;
  return { mul, sigmoid, input, direct: direct.input, beforeSigmoid, beforeMul, behindSigmoid };
}

/** The quantizers inside, each once. */
export const quantizersInside = (silu: Silu): readonly Node[] => [
  ...new Set(
    [silu.beforeSigmoid, silu.beforeMul, silu.behindSigmoid].flatMap(
      (pair) => pair?.quantize ?? [],
    ),
  ),
];
