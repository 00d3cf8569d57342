import { attrFloat, attrInt } from '../../ir/node-attributes.ts';
import type { Node, Value } from '../../ir/graph.ts';
import { constantOf } from '../../ir/quantizer-nodes.ts';
import type { NodeChain } from './node-chain.ts';
import type { QuantizedOperand } from './quantized-operand.ts';

/** A product of INT8 tensors, as its node in the model has it. */
export interface IntegerProduct {
  readonly chain: NodeChain;
  readonly node: Node;
  readonly data: QuantizedOperand;
  readonly weights: QuantizedOperand;
}

/** Gives the sums of integers as INT32, or as FP32 where that holds them exactly; null where the scales do not factor out. */
type BuildSum = (product: IntegerProduct) => Value | null;

const SUMS: Readonly<Record<string, BuildSum>> = {
  Conv: convolution,
  ConvTranspose: deconvolution,
  MatMul: matrixProduct,
  Gemm: gemm,
};

/** True for nodes whose sums an INT8 layer computes on integers. */
export const isProduct = (node: Node): boolean => Object.hasOwn(SUMS, node.opType);

/** The exact sums of a product of integers; null for operands whose scales differ along the axis that is summed up. */
export const sumOfProducts = (product: IntegerProduct): Value | null =>
  SUMS[product.node.opType]?.(product) ?? null;

/** Dimensions that channels have behind them in what a product gives: those of an image; none for matrices. */
export function trailingDims({ opType, inputs }: Node): number {
  if (opType === 'MatMul' || opType === 'Gemm') return 0;
  const [input, weight] = inputs;
  const rank = weight?.shape?.length ?? constantOf(weight)?.dims.length ?? input?.shape?.length;
  return (rank ?? 4) - 2;
}

function convolution({ chain, node, data, weights }: IntegerProduct): Value | null {
  if (weights.scales > 1 && weights.axis !== 0) return null;
  const operands = [data.integers, weights.integers];
  return isExactInFloat(node)
    ? sumOfFloats(chain, node, operands)
    : chain.step('ConvInteger', operands, 'int32', node.attributes);
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

const sumOfFloats = (chain: NodeChain, node: Node, operands: readonly Value[]): Value =>
  chain.step(
    node.opType,
    operands.map((integers) => chain.cast(integers, 'float32')),
    'float32',
    node.attributes,
  );

/** onnxruntime has no integer kernel: sums of INT8 products are exact in FP32 below 2^24, and nearly so above. */
function deconvolution({ chain, node, data, weights }: IntegerProduct): Value | null {
  const isGrouped = attrInt(node, 'group', 1) !== 1;
  if (weights.scales > 1 && (weights.axis !== 1 || isGrouped)) return null;
  return sumOfFloats(chain, node, [data.integers, weights.integers]);
}

function matrixProduct({ chain, node, data, weights }: IntegerProduct): Value | null {
  const rank = node.inputs[1]?.shape?.length ?? 2;
  const isByColumn = weights.axis === rank - 1 || weights.axis === -1;
  if (weights.scales > 1 && !isByColumn) return null;
  return chain.step('MatMulInteger', [data.integers, weights.integers], 'int32');
}

function gemm({ chain, node, data, weights }: IntegerProduct): Value | null {
  const isTransposed = attrInt(node, 'transB', 0) === 1;
  if (attrInt(node, 'transA', 0) === 1 || attrFloat(node, 'alpha', 1) !== 1) return null;
  if (attrFloat(node, 'beta', 1) !== 1) return null;
  if (weights.scales > 1 && (weights.axis === 0) !== isTransposed) return null;
  const matrix = isTransposed
    ? chain.step('Transpose', [weights.integers], 'int8')
    : weights.integers;
  return chain.step('MatMulInteger', [data.integers, matrix], 'int32');
}
