import type { Node, Value } from '../../ir/graph.ts';
import { quantizeOf } from '../../ir/quantizer-nodes.ts';
import { dataInputs } from './copying-nodes.ts';
import { isInt8Weighted } from './int8-layers.ts';
import { isActivation, isDepthwise, isPointwisePair } from './layer-kinds.ts';

/** An INT8 convolution and what follows it up to a value, all of one operand: the layer that could be. */
export interface Epilogue {
  readonly conv: Node;
  /** What quantizes the input of the convolution. */
  readonly quantize: Node | undefined;
  /** Element-wise nodes between the two, BatchNorm not counted. */
  readonly activation: readonly Node[];
  /** Whether a kernel of the convolution can take the activation. */
  readonly isFused: boolean;
}

/** Nodes of one activation: SiLU, Mish and GELU spelled out have at most so many. */
const MAX_NODES = 12;

/** The convolution whose epilogue ends in `value`; undefined where other data or other readers come in on the way. */
export function epilogueOf(value: Value): Epilogue | undefined {
  const nodes = new Set<Node>();
  const convs = new Set<Node>();
  const open: Value[] = [value];
  for (let next = open.pop(); next; next = open.pop()) {
    const maker = next.producer();
    if (maker?.domain !== '' || nodes.size > MAX_NODES) return undefined;
    if (isInt8Weighted(maker)) convs.add(maker);
    else if (!isEpilogueNode(maker)) return undefined;
    else if (!nodes.has(maker)) {
      nodes.add(maker);
      open.push(...dataInputs(maker).map((input) => input.value));
    }
  }
  const [conv, ...others] = convs;
  if (!conv || others.length > 0 || !isClosed([conv, ...nodes], value)) return undefined;
  const activation = [...nodes].filter(({ opType }) => opType !== 'BatchNormalization');
  return { conv, quantize: quantizerOf(conv), activation, isFused: isFused(conv, activation) };
}

const isEpilogueNode = (node: Node): boolean =>
  node.opType === 'BatchNormalization' || isActivation(node) || isPointwisePair(node);

/** Nobody outside reads what is made on the way to `end`. */
const isClosed = (nodes: readonly Node[], end: Value): boolean =>
  nodes.every(({ outputs }) =>
    outputs.every(
      (value) =>
        value === end ||
        (!value.isGraphOutput &&
          value.uses().every(({ node, index }) => index >= 0 && nodes.includes(node))),
    ),
  );

/** The Q before the convolution, or its DQ where the input comes quantized. */
export const quantizerOf = (conv: Node): Node | undefined => {
  const dequantize = conv.inputs[0]?.producer();
  return dequantize ? (quantizeOf(dequantize) ?? dequantize) : undefined;
};

/** ReLU joins any kernel. */
const isFused = (conv: Node, activation: readonly Node[]): boolean =>
  activation.every(({ opType }) => opType === 'Relu' || opType === 'Clip') || takesActivation(conv);

/**
 * Whether an INT8 kernel of a weighted node can take an activation other than ReLU: dense convolutions with 32 channels or
 * more on one side, or those of an image (seen in yolov5n and mobilenet engines).
 */
export function takesActivation(conv: Node): boolean {
  if (conv.opType !== 'Conv' || isDepthwise(conv)) return false;
  const [outputs = 32, inputs = 32] = conv.inputs[1]?.shape ?? [];
  return !(Number(inputs) > 4 && Number(inputs) < 32 && Number(outputs) < 32);
}
