import { attrFloat, attrInt } from '../../ir/node-attributes.ts';
import type { Graph, Node, Value } from '../../ir/graph.ts';
import { constantOf } from '../../ir/quantizer-nodes.ts';
import { NodeChain } from './node-chain.ts';
import { quantizedOperand } from './quantized-operand.ts';
import type { QuantizedOperand } from './quantized-operand.ts';

/** A product of INT8 tensors, as its node in the model has it. */
interface IntegerProduct {
  readonly chain: NodeChain;
  readonly node: Node;
  readonly data: QuantizedOperand;
  readonly weights: QuantizedOperand;
}

/** Gives the sum of products in FP32 with all scales in it, without bias; null where the scales do not factor out. */
type BuildProduct = (product: IntegerProduct) => Value | null;

const PRODUCTS: Readonly<Record<string, BuildProduct>> = {
  Conv: convolution,
  ConvTranspose: deconvolution,
  MatMul: matrixProduct,
  Gemm: gemm,
};

/** True for nodes whose sums an INT8 layer computes on integers. */
export const isProduct = (node: Node): boolean => Object.hasOwn(PRODUCTS, node.opType);

/**
 * Puts the arithmetic of an INT8 layer in the place of `node`: products of INT8 are summed up in INT32, which is exact, the sum
 * becomes FP32 once, both scales multiply it as one number, and the bias is added in FP32. What follows in the layer
 * (shortcut, activation, Q) stays as it is: it works on floats. Gives false, and changes nothing that counts, where the operands are not both INT8 in
 * the layer, whose nodes are `own`.
 */
export function computeOnIntegers(graph: Graph, node: Node, own: ReadonlySet<string>): boolean {
  const [input, weight, bias] = node.inputs;
  const [output] = node.outputs;
  if (!input || !weight || !output) return false;
  const data = quantizedOperand(graph, input, own);
  const weights = quantizedOperand(graph, weight, own);
  if (!data || !weights || data.scales !== 1) return false;
  const chain = new NodeChain(graph, node);
  const product = PRODUCTS[node.opType]?.({ chain, node, data, weights });
  if (!product) return false;
  const sum = bias ? chain.step('Add', [product, biasOf(chain, node, bias)], 'float32') : product;
  const type = output.dataType === 'float16' ? 'float16' : 'float32';
  const result = type === 'float16' ? chain.cast(sum, type) : sum;
  // The value keeps its name for those who read it and for those who ask for its numbers.
  const next = node.next;
  graph.removeNode(node);
  const name = graph.freshName(`${node.name}_result`);
  graph.addNode({ name, opType: 'Identity', inputs: [result], outputs: [output] }, next);
  return true;
}

function biasOf(chain: NodeChain, node: Node, bias: Value): Value {
  const row = chain.float(bias);
  if (node.opType === 'Gemm') {
    const beta = attrFloat(node, 'beta', 1);
    return beta === 1 ? row : chain.step('Mul', [row, chain.number(beta)], 'float32');
  }
  return chain.alongChannels(row, spatialRank(node));
}

/** Dimensions of an image: those of the weights behind the two of channels. */
function spatialRank(node: Node): number {
  const [input, weight] = node.inputs;
  const rank = weight?.shape?.length ?? constantOf(weight)?.dims.length ?? input?.shape?.length;
  return (rank ?? 4) - 2;
}

/** The two scales as one factor, in the shape of a row along the channels or the columns. */
function factor({ chain, node, data, weights }: IntegerProduct, isImage: boolean): Value {
  const both = [chain.float(data.scale), chain.float(weights.scale)];
  const product = chain.step('Mul', both, 'float32');
  return isImage && weights.scales > 1 ? chain.alongChannels(product, spatialRank(node)) : product;
}

const scaled = ({ chain }: IntegerProduct, sum: Value, by: Value): Value =>
  chain.step('Mul', [chain.cast(sum, 'float32'), by], 'float32');

function convolution(product: IntegerProduct): Value | null {
  const { chain, node, data, weights } = product;
  if (weights.scales > 1 && weights.axis !== 0) return null;
  const operands = [data.integers, weights.integers];
  if (isExactInFloat(node)) return scaledFloats(product, 'Conv');
  const sum = chain.step('ConvInteger', operands, 'int32', node.attributes);
  return scaled(product, sum, factor(product, true));
}

/** FP32 holds all integers up to 2^24, and no product of two INT8 is above 2^14: so many of them are summed up without rounding. */
const EXACT_PRODUCTS = 2 ** 10;

/** Whether sums of a Conv stay exact in FP32, for which onnxruntime has a kernel five times as fast as that for integers. */
function isExactInFloat({ inputs }: Node): boolean {
  const [, weight] = inputs;
  const dims = weight?.shape ?? constantOf(weight)?.dims;
  const products = dims?.slice(1).reduce((count: number, dim) => count * Number(dim), 1);
  return products !== undefined && products <= EXACT_PRODUCTS;
}

/** Sums of integers in FP32, with the scales. */
function scaledFloats(product: IntegerProduct, opType: string): Value {
  const { chain, node, data, weights } = product;
  const operands = [data, weights].map(({ integers }) => chain.cast(integers, 'float32'));
  const sum = chain.step(opType, operands, 'float32', node.attributes);
  return chain.step('Mul', [sum, factor(product, true)], 'float32');
}

/** onnxruntime has no integer kernel: sums of INT8 products are exact in FP32 below 2^24, and nearly so above. */
function deconvolution(product: IntegerProduct): Value | null {
  const { node, weights } = product;
  const isGrouped = attrInt(node, 'group', 1) !== 1;
  if (weights.scales > 1 && (weights.axis !== 1 || isGrouped)) return null;
  return scaledFloats(product, 'ConvTranspose');
}

function matrixProduct(product: IntegerProduct): Value | null {
  const { chain, node, data, weights } = product;
  const rank = node.inputs[1]?.shape?.length ?? 2;
  const isByColumn = weights.axis === rank - 1 || weights.axis === -1;
  if (weights.scales > 1 && !isByColumn) return null;
  const sum = chain.step('MatMulInteger', [data.integers, weights.integers], 'int32');
  return scaled(product, sum, factor(product, false));
}

function gemm(product: IntegerProduct): Value | null {
  const { chain, node, data, weights } = product;
  const transposed = attrInt(node, 'transB', 0) === 1;
  if (attrInt(node, 'transA', 0) === 1) return null;
  if (weights.scales > 1 && (weights.axis === 0) !== transposed) return null;
  const matrix = transposed
    ? chain.step('Transpose', [weights.integers], 'int8')
    : weights.integers;
  const sum = chain.step('MatMulInteger', [data.integers, matrix], 'int32');
  const alpha = attrFloat(node, 'alpha', 1);
  const both = factor(product, false);
  const by = alpha === 1 ? both : chain.step('Mul', [both, chain.number(alpha)], 'float32');
  return scaled(product, sum, by);
}
