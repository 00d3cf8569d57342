import type { Node, Value } from '../../ir/graph.ts';
import { constantOf, isQuantizeNode } from '../../ir/quantizer-nodes.ts';
import { tensorNumbers } from '../../ir/tensor-values.ts';

/** What an INT8 layer does between its product and its only quantization. */
export interface Requantization {
  /** Nodes that the layer runs on the way, in order: they may as well work on numbers that are divided by `scale` already. */
  readonly steps: readonly Node[];
  /** The Qs at the end, all with one scale. */
  readonly quantizers: readonly Node[];
  readonly scale: Value;
}

/** Operators for which f(x / s) = f(x) / s, once their other operands are divided too. */
const HOMOGENEOUS: ReadonlySet<string> = new Set(['Add', 'Relu', 'Clip', 'MaxPool']);

/**
 * The way from `value` to the Qs of the layer with nodes `own`, if there is one that the layer can do in the unit of its output;
 * null otherwise, as where another activation is on it, or where the layer gives floats out.
 */
export function requantizationBehind(
  value: Value,
  own: ReadonlySet<string>,
): Requantization | null {
  const steps: Node[] = [];
  for (let at = value; ;) {
    const readers = at.consumers();
    if (at.isGraphOutput || readers.length === 0 || !readers.every(({ name }) => own.has(name)))
      return null;
    if (readers.every(isQuantizeNode)) return quantization(steps, readers);
    const [step] = readers;
    if (readers.length !== 1 || !step || !HOMOGENEOUS.has(step.opType)) return null;
    const [output] = step.outputs;
    // x + x has no other operand.
    if (!output || at.useCount !== 1 || step.outputs.length !== 1) return null;
    steps.push(step);
    at = output;
  }
}

function quantization(steps: readonly Node[], quantizers: readonly Node[]): Requantization | null {
  const scale = quantizers[0]?.inputs[1];
  const own = scale && singleNumber(scale);
  const isOne =
    own !== undefined &&
    quantizers.every(({ inputs }) => inputs[1] && singleNumber(inputs[1]) === own);
  return scale && isOne ? { steps, quantizers, scale } : null;
}

function singleNumber(value: Value): number | undefined {
  const tensor = constantOf(value);
  const numbers = tensor && tensorNumbers(tensor);
  return numbers?.length === 1 ? numbers[0] : undefined;
}
