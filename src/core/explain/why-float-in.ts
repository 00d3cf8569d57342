import type { Node } from '../ir/graph.ts';
import {
  constantOf,
  isConstantThroughQuantizers,
  isDequantizeNode,
  isQuantizeNode,
} from '../ir/quantizer-nodes.ts';
import type { PredictedLayer } from '../sim/predicted-engine.ts';
import type { ReasonContext } from './decisive-reason.ts';
import { list, mainNode } from './layer-words.ts';
import type { Reason } from './explanation.ts';
import { isLow } from './low-types.ts';
import { ownRefusalOf, refusalOf } from './refusal-of.ts';

/** Refusals that say why a layer takes float, most decisive first: of the layer itself, and of those around it. */
const OWN_RULES = [
  'quantize-double-input-nodes',
  'quantize-single-input-nodes',
  'quantize-generic-nodes',
  'implicit-int8',
] as const;
const NEIGHBOUR_RULES = [
  'split-q-across-preceding-fan-in',
  'vanilla-swap-with-preceding-dq',
] as const;

const WEIGHTED: ReadonlySet<string> = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);
const WITHOUT_INT8: ReadonlySet<string> = new Set([
  'Softmax',
  'LogSoftmax',
  'LayerNormalization',
  'InstanceNormalization',
  'GroupNormalization',
  'ReduceMean',
  'ReduceSum',
  'TopK',
]);

/** Why a layer takes float: what its inputs and weights lack, or what kept the DQ before it away. */
export function whyFloatIn(context: ReasonContext, layer: PredictedLayer): Reason {
  const { node, gives } = context;
  if (WITHOUT_INT8.has(node.opType) && isLow(gives))
    return {
      text: `${node.opType} computes in float, and the layer takes the Q behind it`,
      nodes: [node.name],
    };
  if (WITHOUT_INT8.has(node.opType))
    return { text: `${node.opType} has no INT8 kernel`, nodes: [node.name] };
  const refusal =
    ownRefusalOf(context.index, layer, OWN_RULES) ?? refusalOf(layer, NEIGHBOUR_RULES);
  if (refusal) return withSource(context, layer, refusal);
  return WEIGHTED.has(node.opType) ? ofWeighted(node) : ofOther(context, layer);
}

/** Where the weights alone are quantized, what makes the input tells more. */
function withSource(context: ReasonContext, layer: PredictedLayer, refusal: Reason): Reason {
  if (refusal.ruleId === 'quantize-single-input-nodes')
    return {
      ...refusal,
      text: `${refusal.text}, and a layer without weights needs Q/DQ on both sides`,
    };
  if (!refusal.text.includes('its input has none')) return refusal;
  const [input] = layer.inputs;
  const makers = input ? context.index.makersOf(input.name) : [];
  for (const maker of makers) {
    const cause = refusalOf(maker, NEIGHBOUR_RULES);
    if (cause) return { ...cause, text: `its input is float: ${cause.text}` };
  }
  const [maker] = makers;
  if (!maker) return refusal;
  return { ...refusal, text: `${refusal.text}: ${mainNode(context.model, maker)} gives float` };
}

function ofWeighted(node: Node): Reason {
  const weights = node.inputs[1];
  const isQuantized = (at: 0 | 1): boolean => isDequantizeNode(node.inputs[at]?.producer());
  const missing = [
    ...(isQuantized(0) ? [] : ['its input']),
    ...(weights && !isQuantized(1)
      ? [constantOf(weights) ? 'its weights' : 'its second input']
      : []),
  ];
  if (missing.length === 0)
    return {
      text: `no INT8 kernel takes ${node.name} with the Q/DQ around it`,
      nodes: [node.name],
    };
  const [first = ''] = missing;
  const lack =
    missing.length === 1
      ? `${first} ${first.endsWith('weights') ? 'have' : 'has'} no Q/DQ`
      : `neither ${missing.join(' nor ')} have Q/DQ`;
  return { text: lack, nodes: [node.name] };
}

function ofOther({ model, index, node }: ReasonContext, layer: PredictedLayer): Reason {
  const lacking = node.inputs.filter(
    (value) => value && !isDequantizeNode(value.producer()) && !isConstantThroughQuantizers(value),
  );
  const behind = node.outputs.flatMap((value) => value.consumers());
  if (lacking.length === 0 && !behind.some(isQuantizeNode))
    return { text: 'no Q stands behind it', nodes: [node.name] };
  const makers = layer.inputs
    .flatMap((tensor) => index.makersOf(tensor.name))
    .filter(({ role }) => role !== 'constant');
  const names = [...new Set(makers.map((maker) => mainNode(model, maker)))];
  const gives =
    names.length > 0 ? `: ${list(names)} ${names.length === 1 ? 'gives' : 'give'} float` : '';
  return { text: `no DQ stands before it${gives}`, nodes: [node.name, ...names] };
}
