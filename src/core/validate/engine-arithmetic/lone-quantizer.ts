import type { Graph, Node } from '../../ir/graph.ts';
import { isPerTensor } from '../../ir/quantizer-nodes.ts';
import { NodeChain } from './node-chain.ts';

/** Magnitudes of INT8: TensorRT keeps a scale as the range that it spans. */
const LARGEST = 127;

/**
 * Puts the arithmetic of a Q that is a layer of its own in the place of `node`: it multiplies by 127 / (127 · scale), each operation
 * rounded to FP32, where ONNX divides. The two differ for numbers next to a tie. Real engines tell the factor from 1 / scale.
 */
export function quantizeByFactor(graph: Graph, node: Node): void {
  const [input, scale, zeroPoint] = node.inputs;
  if (!input || !scale || zeroPoint?.dataType !== 'int8' || !isPerTensor(node)) return;
  const chain = new NodeChain(graph, node);
  const largest = chain.number(LARGEST);
  const range = chain.step('Mul', [chain.float(scale), largest], 'float32');
  const factor = chain.step('Div', [largest, range], 'float32');
  const product = chain.step('Mul', [chain.float(input), factor], 'float32');
  chain.replaceBy(chain.rounded(product, node));
}
