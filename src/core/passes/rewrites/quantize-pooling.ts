import type { Node, Use, Value } from '../../ir/graph.ts';
import { isQuantizeNode } from '../../ir/quantizer-nodes.ts';
import type { NewQuantizedType } from '../../placement/placement-edit.ts';
import { dequantizeBefore, equalQuantizesOf } from '../facts/activation-pairs.ts';
import { closedUses } from '../facts/closed-uses.ts';
import { isCopyingOne } from '../facts/copying-nodes.ts';
import { takesQuantizer } from '../facts/int8-layers.ts';
import { needsBothSides } from '../facts/layer-kinds.ts';
import { newTypeNear, typeRefusal } from '../facts/pair-scale.ts';
import { commonQuantizer } from '../facts/value-reads.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { isExcluded } from '../is-excluded.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

// Averages and linear resizing have INT8 kernels, but only with Q/DQ on both sides. With the Q behind them alone the
// convolution before writes its whole tensor in float, and the Q is a layer. A Q in front of a matrix product does not
// count: TensorRT leaves it to its other compiler, and the pooling stays float.
export const quantizePooling: RewritePass = {
  id: 'quantize-pooling',
  title: 'Quantize the input of average pooling and linear resizing',
  summary:
    'With Q/DQ before and behind it the layer runs in INT8, and the one before it leaves in INT8',
  group: 'place',
  docs: [passDocs.explicitQuantization('layers without weights need DQ before and Q behind')],
  evidence: {
    kind: 'observed',
    engines: ['pool_AveragePool_after', 'pool_AveragePool_both_unequal', 'se_full'],
  },
  numerics: 'approximate',
  opTypes: ['AveragePool', 'GlobalAveragePool', 'ReduceMean', 'Resize', 'Upsample'],
  check(node, context) {
    const [source] = node.inputs;
    const [output] = node.outputs;
    const behind = commonQuantizer(output, context);
    if (!source || !behind || !needsBothSides(node, context) || dequantizeBefore(source))
      return null;
    if (isExcluded(node, context.settings)) return null;
    const type = newTypeNear(behind, context);
    if (!type) return refuse(typeRefusal(behind), node, behind);
    const product = matrixProductBehind(output, context, MAX_STEPS);
    if (product) return refuse('the Q behind it goes to a matrix product', node, product);
    if (!takesQuantizer(source, context))
      return refuse('no layer before it computes the Q', node, source.producer());
    const uses = closedUses(source);
    if (!uses) return refuse('what it reads is an output of the network', node);
    const quantizes = equalQuantizesOf(source, context);
    const other = uses.find(
      (use) => use.node !== node && !quantizes.includes(use.node) && !isLike(use, context),
    );
    if (other) return refuse('another reader takes its input in float', node, other.node);
    return propose(`Quantize the input of ${node.name}`, [node], () => [
      pairOn(source, node, quantizes[0] ?? type),
    ]);
  },
};

const MAX_STEPS = 24;

/** A matrix product that reads a value through Q, DQ and nodes that move elements. */
function matrixProductBehind(
  value: Value | null | undefined,
  context: PassContext,
  steps: number,
): Node | null {
  if (!value || steps <= 0) return null;
  for (const reader of value.consumers()) {
    if (reader.opType === 'MatMul' || reader.opType === 'Gemm') return reader;
    const passes = /QuantizeLinear$|DequantizeLinear$/.test(reader.opType);
    if (!passes && !isCopyingOne(reader, context)) continue;
    const found = matrixProductBehind(reader.outputs[0], context, steps - 1);
    if (found) return found;
  }
  return null;
}

/** Another layer that this pass quantizes too; once it has, the two share a scale. */
const isLike = ({ node, index }: Use, context: PassContext): boolean =>
  index === 0 &&
  !isQuantizeNode(node) &&
  needsBothSides(node, context) &&
  commonQuantizer(node.outputs[0], context) !== null;

/** With the scale of a quantizer, or one of a type that calibration gives. */
const pairOn = (value: Value, node: Node, from: Node | NewQuantizedType): GraphEdit => ({
  kind: 'add-pair',
  value: value.name,
  reader: { node: node.name, input: 0 },
  scale:
    typeof from === 'string'
      ? { kind: 'to-calibrate', type: from }
      : { kind: 'same-as', quantizer: from.name },
});
