import { attrInt, attrInts, attrString } from '../ir/node-attributes.ts';
import { DATA_TYPES } from '../ir/data-type.ts';
import type { Dim, Node, Value } from '../ir/graph.ts';

/** Names longer than this lose their beginning, which repeats the module path anyway. */
const NAME_LIMIT = 26;

/** First line of a node's box: the operator and what matters most of its attributes. */
export function nodeTitle(node: Node): string {
  const extra = DETAILS[node.opType]?.(node) ?? '';
  return extra === '' ? node.opType : `${node.opType} ${extra}`;
}

/** Second line: the end of the name, and the shape of the first output where it is known. */
export function nodeSubtitle(node: Node): string {
  const shape = shapeText(node.outputs[0]?.shape);
  return shape === '' ? shortName(node.name) : `${shortName(node.name)} · ${shape}`;
}

/** The name without a last part that only repeats the operator: `/layer1/conv1/Conv` reads `layer1/conv1`. */
export function shortName(name: string): string {
  const segments = name.split('/').filter((part) => part !== '');
  if (segments.length > 1 && /^[A-Z]\w*$/.test(segments.at(-1)!)) segments.pop();
  const text = segments.join('/');
  return text.length <= NAME_LIMIT ? text : `…${text.slice(text.length - NAME_LIMIT + 1)}`;
}

/** `1×64×56×56`; empty while the shape is unknown. */
export function shapeText(shape: readonly Dim[] | undefined): string {
  if (shape === undefined) return '';
  return shape.length === 0 ? 'scalar' : shape.map(String).join('×');
}

type Detail = (node: Node) => string;

const kernel = (dims: readonly number[] | undefined): string => dims?.join('×') ?? '';

function strides(node: Node): string {
  const steps = attrInts(node, 'strides', []);
  if (steps.every((step) => step === 1)) return '';
  return steps.every((step) => step === steps[0]) ? `s${String(steps[0])}` : `s${steps.join('×')}`;
}

function convolution(node: Node): string {
  const weights = dimsThrough(node.inputs[1]);
  const group = attrInt(node, 'group', 1);
  const size = attrInts(node, 'kernel_shape') ?? weights?.slice(2);
  return words(kernel(size), strides(node), group > 1 ? `g${String(group)}` : '');
}

const pooling: Detail = (node) => words(kernel(attrInts(node, 'kernel_shape')), strides(node));

const product: Detail = (node) => {
  const dims = dimsThrough(node.inputs[1]);
  if (dims?.length !== 2) return '';
  const turned = node.opType === 'Gemm' && attrInt(node, 'transB', 0) === 1;
  return turned ? `${dims[1]!}→${dims[0]!}` : `${dims[0]!}→${dims[1]!}`;
};

const axis =
  (fallback: number): Detail =>
  (node) =>
    `axis ${attrInt(node, 'axis', fallback)}`;

const DETAILS: Readonly<Record<string, Detail>> = {
  Conv: convolution,
  ConvTranspose: convolution,
  MaxPool: pooling,
  AveragePool: pooling,
  LpPool: pooling,
  Gemm: product,
  MatMul: product,
  Concat: axis(0),
  Gather: axis(0),
  Softmax: axis(-1),
  Split: axis(0),
  Cast: (node) => `to ${DATA_TYPES[attrInt(node, 'to', 0)] ?? 'unknown'}`,
  Transpose: (node) => attrInts(node, 'perm', []).join(' '),
  Resize: (node) => attrString(node, 'mode', 'nearest'),
};

const words = (...parts: readonly string[]): string =>
  parts.filter((part) => part !== '').join(' ');

/** Dimensions of a constant behind its quantizers, else of the value itself if it is a known constant. */
function dimsThrough(value: Value | null | undefined): readonly number[] | undefined {
  let at = value;
  for (let steps = 0; at && steps < 8; steps++) {
    if (at.tensor !== undefined) return at.tensor.dims;
    const producer = at.producer();
    if (producer === null || !/QuantizeLinear|DequantizeLinear/.test(producer.opType)) break;
    at = producer.inputs[0];
  }
  return undefined;
}
