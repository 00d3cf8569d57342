import type { Graph, Node, Value } from '../../ir/graph.ts';
import { sumOfProducts, trailingDims } from './integer-product.ts';
import { NodeChain } from './node-chain.ts';
import { quantizedOperand } from './quantized-operand.ts';
import type { QuantizedOperand } from './quantized-operand.ts';
import { requantizationBehind } from './requantization.ts';
import type { Requantization } from './requantization.ts';

/** A layer whose product is summed up already. */
interface SummedLayer {
  readonly chain: NodeChain;
  readonly node: Node;
  /** Nodes that the layer runs. */
  readonly own: ReadonlySet<string>;
  readonly sum: Value;
  readonly data: QuantizedOperand;
  readonly weights: QuantizedOperand;
}

/**
 * Puts the arithmetic of an INT8 layer in the place of `node`. Products of INT8 are summed up exactly; the sum becomes FP32 once and
 * takes factor and bias in one fused step. Where the layer gives INT8 out, it works in the unit of its output from there on:
 * the output's scale divides factor, bias, shortcut and bounds, and the Q only rounds. Gives the reason why it leaves the node as it
 * is, lower case, where the operands are not both INT8 in the layer, whose nodes are `own`; null where it is done.
 */
export function computeOnIntegers(
  graph: Graph,
  node: Node,
  own: ReadonlySet<string>,
): string | null {
  const [input, weight] = node.inputs;
  const [output] = node.outputs;
  if (!input || !weight || !output) return 'an operand is missing';
  const data = quantizedOperand(graph, input, own);
  const weights = quantizedOperand(graph, weight, own);
  if (!data || !weights) return 'an operand is not INT8 of one symmetric quantizer';
  if (data.scales !== 1) return 'the data has a scale for each channel';
  const chain = new NodeChain(graph, node);
  const sum = sumOfProducts({ chain, node, data, weights });
  if (!sum) return 'its scales or factors do not leave the sum';
  const layer: SummedLayer = { chain, node, own, sum, data, weights };
  const ending = requantizationBehind(output, own);
  if (ending) requantize(layer, ending);
  else chain.replaceBy(affine(layer, null));
  return null;
}

/**
 * sum · factor + bias, rounded to FP32 once, in the unit of `scale`, or without one in that of the model. The factor is (data scale ·
 * weight scale) / scale and the bias bias / scale, each operation rounded to FP32: found by comparing all orders with real engines.
 */
function affine({ chain, node, sum, data, weights }: SummedLayer, scale: Value | null): Value {
  const inUnit = (x: Value): Value => (scale ? chain.step('Div', [x, scale], 'float32') : x);
  const row = (x: Value): Value => chain.row(inUnit(x), trailingDims(node));
  const scales = [chain.float(data.scale), chain.float(weights.scale)];
  const factor = row(chain.step('Mul', scales, 'float32'));
  const [, , bias] = node.inputs;
  return chain.fused(sum, factor, bias ? row(chain.float(bias)) : null);
}

/** Goes on in the unit of the output up to the Qs, which then have nothing left but to round. */
function requantize(layer: SummedLayer, { steps, quantizers, scale }: Requantization): void {
  const { chain, node } = layer;
  const unit = chain.float(scale);
  let value = affine(layer, unit);
  let [was] = node.outputs;
  for (const step of steps) {
    value = stepInUnit({ ...layer, chain: chain.before(step) }, step, { value, was, unit });
    [was] = step.outputs;
  }
  for (const quantizer of quantizers) {
    const own = chain.before(quantizer);
    own.replaceBy(own.rounded(value, quantizer));
  }
}

/** How far a layer is: a value in the unit of its output, and the value that it was in the model. */
interface InUnit {
  readonly value: Value;
  readonly was: Value | undefined;
  readonly unit: Value;
}

/** What a step gives on a value that is divided by `unit` already. */
function stepInUnit(layer: SummedLayer, step: Node, { value, was, unit }: InUnit): Value {
  const { chain, own } = layer;
  const divided = (x: Value): Value => chain.step('Div', [chain.float(x), unit], 'float32');
  if (step.opType === 'Clip') {
    const bounds = step.inputs.slice(1).map((bound) => bound && divided(bound));
    return chain.step('Clip', [value, ...bounds], 'float32', step.attributes);
  }
  const other = step.inputs.find((input) => input !== was);
  if (step.opType !== 'Add' || !other)
    return chain.step(step.opType, [value], 'float32', step.attributes);
  // The shortcut: its integers times the quotient of the two scales.
  const shortcut = quantizedOperand(chain.graph, other, own);
  return shortcut?.scales === 1
    ? chain.fused(shortcut.integers, divided(shortcut.scale), value)
    : chain.fused(chain.float(other), divided(chain.number(1)), value);
}
