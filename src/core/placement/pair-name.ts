import type { Use, Value } from '../ir/graph.ts';
import { isConstantThroughQuantizers } from '../ir/quantizer-nodes.ts';

/**
 * What the nodes of a new pair are named after, before `_QuantizeLinear` and `_DequantizeLinear`: the one node that reads
 * behind it and its input (`/layer1/conv1/Conv_input`, `…_weight`, `…_input2`), as Model-Optimizer names them and as layer
 * names of an engine show best; or the value, where several read.
 */
export function pairName(value: Value, uses: readonly Use[]): string {
  const [only, ...others] = uses;
  if (!only || others.length > 0) return value.name;
  const { node, index } = only;
  return `${node.name}_${inputWord(value, index)}`;
}

function inputWord(value: Value, index: number): string {
  if (index === 0) return 'input';
  return index === 1 && isConstantThroughQuantizers(value) ? 'weight' : `input${String(index + 1)}`;
}
