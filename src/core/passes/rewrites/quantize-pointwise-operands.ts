import type { Node, Value } from '../../ir/graph.ts';
import type { ScaleSource } from '../../placement/placement-edit.ts';
import { dataInputs, pairAbove } from '../facts/copying-nodes.ts';
import { epilogueOf } from '../facts/epilogue.ts';
import { refusalToQuantize } from '../facts/int8-layers.ts';
import { isPointwisePair } from '../facts/layer-kinds.ts';
import { isOneActivation } from '../facts/one-activation.ts';
import {
  newTypeNear,
  quantizeRead,
  quantizersOn,
  scaleForPair,
  scaleText,
  typeRefusal,
} from '../facts/pair-scale.ts';
import { isQuantizedLater, quantizedAfter, residualSum } from '../facts/residual-sum.ts';
import { readsOf } from '../facts/value-reads.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { isExcluded } from '../is-excluded.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, Refusal, RewritePass } from '../rewrite-pass.ts';

// An element-wise node that no convolution can take (behind SiLU as in YOLO's bottleneck, or with a broadcast operand as in
// squeeze-and-excitation) runs in INT8 if all its operands come from DQs and a Q follows. Then the convolutions before it
// keep their activations and give INT8 too. One quantized operand alone is worse than none: its DQ becomes a layer.
export const quantizePointwiseOperands: RewritePass = {
  id: 'quantize-pointwise-operands',
  title: 'Quantize all operands of an element-wise node',
  summary: 'The node runs in INT8, and the layers that make its operands give INT8',
  group: 'place',
  docs: [
    passDocs.explicitQuantization(
      'element-wise layers are quantizable: DQ on all inputs and Q on the output make them INT8',
    ),
  ],
  evidence: {
    kind: 'observed',
    engines: ['se_full', 'eltwise_Add_both_equal', 'bottleneck_silu_none_sm', 'yolov5n.mo'],
  },
  numerics: 'approximate',
  // Max and Min let Q through to their operands, so they need none of this.
  opTypes: ['Add', 'Sub', 'Mul', 'Div'],
  check(node, context) {
    const operands = dataInputs(node);
    const [first, second] = operands;
    if (!isPointwisePair(node) || !first || !second || residualSum(node)) return null;
    const float = operands.filter(({ value }) => !pairAbove(value, context));
    // Products of a value with its own activation are one activation: unquantize-silu is about those.
    if (float.length === 0 || isOneActivation(first.value, second.value)) return null;
    const after = quantizedAfter(node, context);
    if (after !== 'yes') return null;
    if (isExcluded(node, context.settings)) return refuse(`${node.name} is excluded`, node);
    const refusal = standsAgainst(node, float, context);
    if (refusal) return refusal;
    const texts = float.map(({ value }) => `${value.name} ${scaleText(scaleOn(value, context))}`);
    return propose(`Quantize the operands of ${node.name}: ${texts.join(', ')}`, [node], () =>
      float.flatMap((operand) => pairOn(node, operand, context)),
    );
  },
};

type Operand = ReturnType<typeof dataInputs>[number];

const isShared = ({ value }: Operand, context: PassContext): boolean =>
  quantizersOn(value, context).length > 0;

/** In the type of the convolution that makes the value, where there is none for others. */
const scaleOn = (value: Value, context: PassContext): ScaleSource =>
  scaleForPair(value, context, newTypeNear(epilogueOf(value)?.quantize, context));

/** Beside a quantizer of others, a pair for this read alone; else one for all that read the value. */
function pairOn(node: Node, operand: Operand, context: PassContext): readonly GraphEdit[] {
  const { value, input } = operand;
  const scale = scaleOn(value, context);
  const reader = { node: node.name, input };
  return isShared(operand, context)
    ? quantizeRead(value, reader, scale, context)
    : [{ kind: 'add-pair', value: value.name, scale }];
}

function standsAgainst(
  node: Node,
  float: readonly Operand[],
  context: PassContext,
): Refusal | undefined {
  const unshared = float.filter((operand) => !isShared(operand, context));
  for (const { value } of unshared) {
    const epilogue = epilogueOf(value);
    if (!epilogue)
      return refuse(
        `no INT8 convolution makes ${value.name}, so a Q on it would be a layer of its own`,
        node,
        value.producer(),
      );
    if (epilogue.quantize && !newTypeNear(epilogue.quantize, context))
      return refuse(typeRefusal(epilogue.quantize), node, epilogue.quantize);
    // Split from the node, the activation must go somewhere: into the convolution, or it costs what the split gains. Where
    // another operand is quantized already, or for another reader, that is still the smaller loss.
    if (!epilogue.isFused && unshared.length === dataInputs(node).length)
      return refuse(
        `the kernel of ${epilogue.conv.name} takes no activation, so the split would cost a layer`,
        node,
        epilogue.conv,
      );
    if (value.isGraphOutput) return refuse(`${value.name} is an output of the network`, node);
    for (const { use, key } of readsOf(value, context)) {
      if (use.node === node || key !== null || isQuantizedLater(use.node, value, context)) continue;
      const refusal = refusalToQuantize(use, context);
      if (refusal) return refuse(refusal.reason, node, refusal.node);
    }
  }
  return undefined;
}
