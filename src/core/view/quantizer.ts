import { tensorNumbers } from '../ir/tensor-values.ts';
import { attrFloat } from '../ir/node-attributes.ts';
import { constantOf, isDequantizeNode, isQuantizeNode } from '../ir/quantizer-nodes.ts';
import type { Node } from '../ir/graph.ts';

/** `Q`, `DQ`, or undefined for any other operator. */
export function quantizerText(node: Node): 'Q' | 'DQ' | undefined {
  if (isDequantizeNode(node)) return 'DQ';
  return isQuantizeNode(node) ? 'Q' : undefined;
}

/** The scale of a quantizer as text: one number, or how many and from where to where. */
export function scaleText(node: Node): string {
  const scale = node.inputs[1];
  const producer = scale?.producer();
  if (producer?.opType === 'Constant' && producer.attributes.has('value_float')) {
    return short(attrFloat(producer, 'value_float', 1));
  }
  const tensor = constantOf(scale);
  const numbers = tensor && tensorNumbers(tensor);
  if (numbers === undefined) return scale ? `scale ${scale.name}` : 'no scale';
  if (numbers.length === 1) return short(numbers[0]!);
  let low = Infinity;
  let high = -Infinity;
  for (const n of numbers) {
    low = Math.min(low, n);
    high = Math.max(high, n);
  }
  return `${String(numbers.length)} scales, ${short(low)} to ${short(high)}`;
}

const short = (n: number): string => String(Number(n.toPrecision(4)));
