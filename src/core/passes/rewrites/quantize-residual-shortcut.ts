import type { Value } from '../../ir/graph.ts';
import { pairBefore } from '../facts/activation-pairs.ts';
import { pairAbove } from '../facts/copying-nodes.ts';
import { quantizerOf } from '../facts/epilogue.ts';
import { takesQuantizer } from '../facts/int8-layers.ts';
import {
  newTypeNear,
  quantizeRead,
  quantizersOn,
  scaleForPair,
  scaleText,
  typeRefusal,
} from '../facts/pair-scale.ts';
import { quantizedAfter, residualSum, sumResult } from '../facts/residual-sum.ts';
import type { ResidualSum } from '../facts/residual-sum.ts';
import { isExcluded } from '../is-excluded.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, Refusal, RewritePass } from '../rewrite-pass.ts';

// A convolution takes a residual Add in INT8 only if the other operand comes from a DQ and a Q follows: the layer's result
// has the type of its residual input. A float shortcut also keeps the Q of the next convolution from moving up, for one
// float reader is enough. Where no Q follows, the DQ would stay as a layer and nothing is won, except in the last block of
// a chain: its shortcut is the result of the block before, which can be INT8 only if all who read it quantize.
export const quantizeResidualShortcut: RewritePass = {
  id: 'quantize-residual-shortcut',
  title: 'Quantize the shortcut of a residual Add',
  summary: 'Convolution, Add and ReLU become one INT8 layer, and the Q before them moves up',
  group: 'place',
  docs: [
    passDocs.explicitQuantization(
      'quantize the residual input of skip connections, and leave the branch of the convolution alone',
    ),
  ],
  evidence: {
    kind: 'observed',
    engines: [
      'residual_id_none_relu_c64',
      'residual_id_short_after_relu_c64',
      'residual_id_short_relu_c64',
      'residual_down_short_after_relu_c72',
      'resnet18.short',
    ],
  },
  numerics: 'approximate',
  opTypes: ['Add', 'Sum'],
  check(node, context) {
    const sum = residualSum(node);
    if (!sum || pairBefore(sum.main.value) || pairAbove(sum.shortcut.value, context)) return null;
    const { value, input } = sum.shortcut;
    const refusal = standsAgainst(sum, context);
    if (refusal) return refusal;
    const near = quantizerOf(sum.main.taker);
    const type = newTypeNear(near, context);
    const scale = scaleForPair(value, context, type);
    if (near && !type && scale.kind === 'to-calibrate')
      return refuse(typeRefusal(near), node, near);
    const text = `Quantize ${value.name} where ${node.name} adds it, ${scaleText(scale)}`;
    return propose(text, [node, sum.main.taker], () =>
      quantizeRead(value, { node: node.name, input }, scale, context),
    );
  },
};

function standsAgainst({ add, main, shortcut }: ResidualSum, context: PassContext): Refusal | null {
  if (isExcluded(add, context.settings)) return refuse(`${add.name} is excluded`, add);
  const { value } = shortcut;
  const isShared = quantizersOn(value, context).length > 0;
  const maker = value.producer();
  if (!isShared && !takesQuantizer(value, context))
    return refuse(
      `${maker?.name ?? value.name} gives its shortcut in float only, so the Q would be a layer of its own`,
      add,
      maker,
    );
  const after = quantizedAfter(add, context);
  if (after === 'yes' || (isShared && isSumResult(value))) return null;
  if (after.blame.length > 0)
    return refuse(
      `${after.blame[0]?.name ?? ''} reads the sum in float or with another scale, so it cannot be INT8`,
      add,
      ...after.blame,
    );
  return refuse(
    'no Q follows it, so its shortcut would be dequantized by a layer of its own',
    add,
    main.taker,
  );
}

/** True for what another residual Add gives: that one needs all its readers to quantize. */
function isSumResult(value: Value): boolean {
  const maker = value.producer();
  const add =
    maker?.opType === 'Relu' || maker?.opType === 'Clip' ? maker.inputs[0]?.producer() : maker;
  return add?.opType === 'Add' && sumResult(add) === value;
}
