import type { Node, Value } from '../../ir/graph.ts';
import { constantOf, isDequantizeNode } from '../../ir/quantizer-nodes.ts';
import { HIGHEST_CODE } from '../../placement/placement-edit.ts';
import type { NewQuantizedType, ScaleSource } from '../../placement/placement-edit.ts';
import { dequantizeBefore, equalQuantizesOf } from '../facts/activation-pairs.ts';
import { newTypeNear, typeRefusal } from '../facts/pair-scale.ts';
import { commonQuantizer } from '../facts/value-reads.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { isExcluded } from '../is-excluded.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

/** Nodes between the scores and their Softmax: scale, mask, casts. */
const MAX_STEPS = 6;
const BETWEEN: ReadonlySet<string> = new Set(['Add', 'Mul', 'Div', 'Sub', 'Where', 'Cast']);

// Attention between quantized linear layers: with Q/DQ on those layers only, the fused kernel works in FP16, and what it
// gives is transposed as integers by a kernel of its own, or the three parts even stay apart. With pairs on all four operands
// of its two products one kernel takes and gives INT8. What Softmax gives lies between 0 and 1, so that its scale is known.
export const quantizeAttention: RewritePass = {
  id: 'quantize-attention',
  title: 'Quantize the operands of attention',
  summary: 'Scores, Softmax and their product with the values become one INT8 kernel',
  group: 'place',
  docs: [
    passDocs.explicitQuantization(
      'multi-head attention is fused in INT8 when both products have Q/DQ on their inputs',
    ),
  ],
  evidence: {
    kind: 'observed',
    engines: ['attention_all_softmax', 'attention_linears', 'attention_bmm'],
  },
  numerics: 'approximate',
  opTypes: ['Softmax'],
  check(softmax, context) {
    const [mix] = softmax.outputs[0]?.consumers().filter(({ opType }) => opType === 'MatMul') ?? [];
    const product = mix ?? behindPair(softmax);
    const scores = scoresOf(softmax);
    if (!product || !scores) return null;
    const operands = [scores, product].flatMap((node) =>
      [0, 1].map((input) => ({ node, input, value: node.inputs[input] ?? null })),
    );
    if (operands.some(({ value }) => !value || constantOf(value))) return null;
    const open = operands.filter(({ value }) => !dequantizeBefore(value));
    if (open.length === 0) return null;
    if ([scores, product].some((node) => isExcluded(node, context.settings)))
      return refuse('it is left in float on request', softmax);
    const behind = commonQuantizer(product.outputs[0], context);
    if (!behind) return refuse('nobody quantizes what attention gives', softmax, product);
    const type = newTypeNear(behind, context);
    if (!type) return refuse(typeRefusal(behind), softmax, behind);
    if (softmax.outputs[0]?.useCount !== 1)
      return refuse('something else reads its probabilities too', softmax);
    return propose(`Quantize the operands of attention around ${softmax.name}`, [softmax], () =>
      open.flatMap(({ node, input, value }) =>
        value ? [pairOn(value, node, input, scaleOf(value, softmax, type, context))] : [],
      ),
    );
  },
};

/** The product that reads probabilities which have their pair already. */
function behindPair(softmax: Node): Node | undefined {
  const [quantize] = softmax.outputs[0]?.consumers() ?? [];
  const [dequantize] = quantize?.outputs[0]?.consumers() ?? [];
  if (!isDequantizeNode(dequantize)) return undefined;
  return dequantize?.outputs[0]?.consumers().find(({ opType }) => opType === 'MatMul');
}

/** The product of queries and keys, seen from its Softmax through scale and mask. */
function scoresOf(softmax: Node): Node | null {
  let value = softmax.inputs[0];
  for (let step = 0; step <= MAX_STEPS; step++) {
    const maker = value?.producer();
    if (maker?.opType === 'MatMul') return maker;
    if (!maker || !BETWEEN.has(maker.opType)) return null;
    value = maker.inputs.find((input) => input && leadsToProduct(input)) ?? null;
  }
  return null;
}

const leadsToProduct = (value: Value): boolean => {
  const opType = value.producer()?.opType ?? '';
  return opType === 'MatMul' || BETWEEN.has(opType);
};

function scaleOf(
  value: Value,
  softmax: Node,
  type: NewQuantizedType,
  context: PassContext,
): ScaleSource {
  if (value.producer() === softmax)
    return { kind: 'given', scales: [1 / HIGHEST_CODE[type]], type };
  const [quantize] = equalQuantizesOf(value, context);
  return quantize ? { kind: 'same-as', quantizer: quantize.name } : { kind: 'to-calibrate', type };
}

const pairOn = (value: Value, node: Node, input: number, scale: ScaleSource): GraphEdit => ({
  kind: 'add-pair',
  value: value.name,
  reader: { node: node.name, input },
  scale,
});
