import type { DataType } from '../../ir/data-type.ts';
import type { Node, Value } from '../../ir/graph.ts';
import { attrInt } from '../../ir/node-attributes.ts';
import {
  constantOf,
  integerTypeOf,
  isDequantizeNode,
  isQuantizeNode,
} from '../../ir/quantizer-nodes.ts';
import type { Tensor } from '../../ir/tensor.ts';
import { refuse } from '../rewrite-pass.ts';
import type { PassContext, Refusal } from '../rewrite-pass.ts';

/** A QuantizeLinear or DequantizeLinear of ONNX, with its constants read. */
export interface QuantizerParts {
  readonly node: Node;
  /** What it reads and makes. */
  readonly data: Value;
  readonly output: Value;
  readonly scale: Value;
  readonly scaleTensor: Tensor;
  /** One element, or one for each element along `axis`. */
  readonly scales: Float64Array;
  /** As many as scales; zeros where the node has none. */
  readonly zeroPoints: Float64Array;
  /** Type on the quantized side: uint8 where the file says nothing, as ONNX has it. */
  readonly type: DataType;
  /** As the node has it, so maybe negative; means nothing for one scale. */
  readonly axis: number;
}

/**
 * The parts of a quantizer; undefined for other nodes and domains, for blocks, for scales that are computed or do not fit
 * their zero points, and (once) while numbers are still in the file.
 */
export function quantizerParts(
  node: Node | null | undefined,
  context: PassContext,
): QuantizerParts | undefined {
  if (node?.domain !== '' || node.opType.startsWith('TRT_')) return undefined;
  if (!isQuantizeNode(node) && !isDequantizeNode(node)) return undefined;
  const [data, scale, zeroPoint] = node.inputs;
  const [output] = node.outputs;
  const scaleTensor = constantOf(scale);
  if (!data || !scale || !output || !scaleTensor || attrInt(node, 'block_size', 0) !== 0)
    return undefined;
  const scales = context.numbers(scale);
  const zeroPoints = zeroPoint ? context.numbers(zeroPoint) : scales?.map(() => 0);
  if (zeroPoints?.length !== scales?.length || !scales || !zeroPoints) return undefined;
  const type = integerTypeOf(node) ?? 'uint8';
  const axis = attrInt(node, 'axis', 1);
  return { node, data, output, scale, scaleTensor, scales, zeroPoints, type, axis };
}

/** True when all zero points are 0. */
export const isSymmetric = ({ zeroPoints }: QuantizerParts): boolean =>
  zeroPoints.every((zero) => zero === 0);

/** True when two quantizers map the same integers to the same floats. */
export function areAlike(a: QuantizerParts, b: QuantizerParts): boolean {
  if (a.scales.length !== b.scales.length || (a.scales.length > 1 && a.axis !== b.axis))
    return false;
  return (
    a.scales.every((scale, i) => scale === b.scales[i]) &&
    a.zeroPoints.every((zero, i) => zero === b.zeroPoints[i])
  );
}

/** The integers that a type holds; undefined for types that are not integers of 8 bits. */
export function codeRange(type: DataType): readonly [number, number] | undefined {
  if (type === 'int8') return [-128, 127];
  return type === 'uint8' ? [0, 255] : undefined;
}

/** A Q with all that reads it: DQs, maybe behind one Clip on the integers. */
export interface PairGroup {
  readonly quantize: QuantizerParts;
  readonly dequantizers: readonly QuantizerParts[];
  /** The Clip between, and the integers that it lets through. */
  readonly clip: { readonly node: Node; readonly low: number; readonly high: number } | null;
}

/** The pairs of a Q, where a pass may change the integers between Q and DQ; else who stands against it. */
export function pairGroup(quantize: QuantizerParts, context: PassContext): PairGroup | Refusal {
  const direct = quantize.output.consumers();
  const [only] = direct;
  const clip = direct.length === 1 && only?.opType === 'Clip' ? clipOf(only, context) : null;
  const integers = clip?.node.outputs[0] ?? quantize.output;
  const stranger =
    strangerOf(quantize.output, clip ? [clip.node] : null) ?? strangerOf(integers, null);
  if (stranger) return refuse(stranger.reason, quantize.node, ...stranger.nodes);
  const dequantizers: QuantizerParts[] = [];
  for (const node of integers.consumers()) {
    const parts = quantizerParts(node, context);
    if (!parts || !areAlike(quantize, parts))
      return refuse(`${node.name} has another scale or zero point`, quantize.node, node);
    dequantizers.push(parts);
  }
  return { quantize, dequantizers, clip };
}

function clipOf(node: Node, context: PassContext): PairGroup['clip'] {
  const [low, high] = [node.inputs[1], node.inputs[2]].map((bound) => context.numbers(bound)?.[0]);
  return low === undefined || high === undefined ? null : { node, low, high };
}

/** Who reads integers beside the nodes allowed, or beside DQs where `allowed` is null. */
function strangerOf(
  integers: Value,
  allowed: readonly Node[] | null,
): { readonly reason: string; readonly nodes: readonly Node[] } | undefined {
  const { name } = integers;
  if (integers.isGraphOutput) return { reason: `${name} is an output of the network`, nodes: [] };
  for (const { node, index } of integers.uses()) {
    if (index < 0) return { reason: `a subgraph of ${node.name} reads ${name}`, nodes: [node] };
    const isFine = allowed ? allowed.includes(node) : isDequantizeNode(node) && index === 0;
    if (!isFine) return { reason: `${node.name} reads the integers of ${name}`, nodes: [node] };
  }
  return undefined;
}
