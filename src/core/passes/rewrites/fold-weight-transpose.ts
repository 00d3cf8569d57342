import type { Attribute } from '../../ir/attribute.ts';
import { attrInts } from '../../ir/node-attributes.ts';
import { constantOf, isQuantizeNode } from '../../ir/quantizer-nodes.ts';
import { elementCount } from '../../ir/tensor.ts';
import type { Node } from '../../ir/graph.ts';
import { quantizerParts } from '../facts/quantizer-parts.ts';
import type { QuantizerParts } from '../facts/quantizer-parts.ts';
import { transposeNumbers } from '../facts/transpose-numbers.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { NewConstants } from '../edits/new-constants.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

/** The weight in its new layout, and where its channels lie now. */
interface Layout {
  readonly dims: readonly number[];
  readonly axis: number;
  readonly perm?: readonly number[];
}

// PyTorch keeps the weight of a linear layer as [out, in] and transposes it for MatMul, so exports have a Transpose (or a
// Reshape) between the DQ of the weight and its product. Laid out anew once and for all, the weight stands right in front.
export const foldWeightTranspose: RewritePass = {
  id: 'fold-weight-transpose',
  title: 'Store quantized weights as their reader wants them',
  summary:
    'A Transpose or Reshape behind the Q/DQ of a weight is done on the weight itself, so that the DQ stands in front of its MatMul',
  group: 'normalize',
  docs: [passDocs.explicitQuantization('a weight is quantized right in front of its layer')],
  evidence: { kind: 'documented' },
  numerics: 'bit-exact',
  opTypes: ['Transpose', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'],
  check(node, context) {
    const parts = quantizerParts(node.inputs[0]?.producer(), context);
    const [output] = node.outputs;
    if (!parts || !output || parts.node.opType !== 'DequantizeLinear') return null;
    const maker = parts.data.producer();
    const quantize = isQuantizeNode(maker) ? quantizerParts(maker, context) : null;
    const source = quantize ? quantize.data : parts.data;
    const tensor = constantOf(source);
    if (!tensor || quantize === undefined) return null;
    const layout = layoutBehind(node, tensor.dims, parts);
    const nodes = [quantize?.node, parts.node, node];
    if (output.isGraphOutput) return refuse(`${output.name} is an output of the network`, node);
    if (!layout) return refuse('the channels of the scales do not stay together', ...nodes);
    const numbers = context.numbers(source);
    if (!numbers) return null;
    return propose(`Store ${source.name} as ${node.name} lays it out`, nodes, () => {
      const laid = layout.perm ? transposeNumbers(numbers, tensor.dims, layout.perm) : numbers;
      const constants = new NewConstants(context);
      const init = { dataType: tensor.dataType, dims: layout.dims, numbers: laid };
      const weight = constants.add(`${source.name}_${node.opType.toLowerCase()}d`, init);
      return [...constants.edits, ...rewire(node, [quantize, parts], { weight, layout }, context)];
    });
  },
};

/** Where dimensions and channels go; undefined where a reshape cuts through the channels of the scales. */
function layoutBehind(
  node: Node,
  dims: readonly number[],
  { scales, axis }: QuantizerParts,
): Layout | undefined {
  const front = axis < 0 ? axis + dims.length : axis;
  if (node.opType === 'Transpose') {
    const perm = attrInts(node, 'perm') ?? dims.map((_, i) => dims.length - 1 - i);
    return { dims: perm.map((at) => dims[at] ?? 1), axis: Math.max(0, perm.indexOf(front)), perm };
  }
  const shape = node.outputs[0]?.shape;
  if (!shape?.every((dim) => typeof dim === 'number')) return undefined;
  if (elementCount(shape) !== elementCount(dims)) return undefined;
  if (scales.length === 1) return { dims: shape, axis: 0 };
  const before = elementCount(dims.slice(0, front));
  const at = shape.findIndex(
    (dim, i) => dim === dims[front] && elementCount(shape.slice(0, i)) === before,
  );
  return at < 0 ? undefined : { dims: shape, axis: at };
}

/** Quantizers of their own for the new weight: others may read the old ones. */
function rewire(
  node: Node,
  [quantize, dequantize]: readonly [QuantizerParts | null, QuantizerParts],
  { weight, layout }: { readonly weight: string; readonly layout: Layout },
  context: PassContext,
): GraphEdit[] {
  let value = weight;
  const edits: GraphEdit[] = [];
  for (const parts of [quantize, dequantize]) {
    if (!parts) continue;
    const attributes = new Map<string, Attribute>(parts.node.attributes);
    if (parts.scales.length > 1)
      attributes.set('axis', { name: 'axis', type: 'int', value: BigInt(layout.axis) });
    const output = context.freshName(`${parts.output.name}_laid_out`);
    const { opType } = parts.node;
    const dataType = opType === 'QuantizeLinear' ? parts.type : parts.scaleTensor.dataType;
    const scaleInputs = parts.node.inputs.slice(1).map((input) => input?.name ?? null);
    edits.push({
      kind: 'add-node',
      name: context.freshName(`${weight}_${opType}`),
      opType,
      inputs: [value, ...scaleInputs],
      outputs: [{ name: output, dataType, shape: layout.dims }],
      attributes: [...attributes.values()],
      before: node.name,
    });
    value = output;
  }
  edits.push({ kind: 'replace-reads', value: node.outputs[0]?.name ?? '', by: value });
  edits.push({ kind: 'remove-node', node: node.name });
  return [...edits, ...unread([dequantize, quantize])];
}

/** Takes the old quantizers out where the reshape was their only reader. */
function unread(old: readonly (QuantizerParts | null)[]): GraphEdit[] {
  const edits: GraphEdit[] = [];
  for (const parts of old) {
    if (!parts || parts.output.useCount > 1 || parts.output.isGraphOutput) break;
    edits.push({ kind: 'remove-node', node: parts.node.name });
  }
  return edits;
}
