import { isQuantizeNode } from '../ir/quantizer-nodes.ts';
import type { PredictedLayer } from '../sim/predicted-engine.ts';
import type { ReasonContext } from './decisive-reason.ts';
import type { Reason } from './explanation.ts';
import { list, mainNode, readingNode } from './layer-words.ts';
import { refusalOf } from './refusal-of.ts';

/** Why a Q or DQ is a layer of its own. */
export function whySurvives(context: ReasonContext, layer: PredictedLayer): Reason {
  const cause = isQuantizeNode(context.node)
    ? ofQuantize(context, layer)
    : ofDequantize(context, layer);
  return { ...cause, text: `a layer of its own: ${cause.text}` };
}

function ofQuantize({ model, index, node }: ReasonContext, layer: PredictedLayer): Reason {
  const input = layer.inputs[0]?.name ?? '';
  const makers = index.makersOf(input);
  const [maker] = makers;
  if (!maker)
    return {
      text: `the network's input ${input} is float, and no layer before it could take ${node.name}`,
      nodes: [node.name],
    };
  const into = mainNode(model, maker);
  if (index.isBinding(input))
    return { text: `the network also gives ${input} out in float`, nodes: [node.name, into] };
  const others = index.readersOf(input).filter((reader) => reader !== layer);
  const quantizes = others
    .filter((reader) => reader.role === 'qdq')
    .map((reader) => mainNode(model, reader));
  const floats = others
    .filter((reader) => reader.role !== 'qdq')
    .map((reader) => readingNode(model, reader, input));
  if (floats.length > 0)
    return {
      text: `${list(floats)} also ${floats.length === 1 ? 'reads' : 'read'} ${input} in float, so ${node.name} cannot move into ${into}`,
      ruleId: 'quantize-double-input-nodes',
      nodes: [...floats, into],
    };
  if (quantizes.length > 0)
    return {
      text: `${list(quantizes)} ${quantizes.length === 1 ? 'quantizes' : 'quantize'} the same tensor with another scale, so ${node.name} cannot move into ${into}`,
      ruleId: 'horizontal-merge-q-nodes',
      nodes: [...quantizes, into],
    };
  const refusal = refusalOf(layer, NEIGHBOUR_RULES) ?? refusalOf(maker, NEIGHBOUR_RULES);
  if (refusal) return { ...refusal, text: `${into} before it takes no Q, for ${refusal.text}` };
  const op = model.graph.node(into)?.opType ?? maker.layerType;
  return { text: `${into} before it (${op}) runs in float and takes no Q`, nodes: [into] };
}

const NEIGHBOUR_RULES = [
  'split-q-across-preceding-fan-in',
  'vanilla-swap-with-preceding-dq',
  'vanilla-swap-with-following-q',
  'quantize-single-input-nodes',
  'quantize-generic-nodes',
  'quantize-double-input-nodes',
  'generic-conv-act-fusion',
] as const;

function ofDequantize({ model, index }: ReasonContext, layer: PredictedLayer): Reason {
  const output = layer.outputs[0]?.name ?? '';
  const readers = index.readersOf(output);
  if (readers.length === 0 || index.isBinding(output))
    return { text: `the network gives ${output} out in float`, nodes: [...layer.nodes] };
  const operands = readers.map((reader) => refusalOf(reader, ['quantize-double-input-nodes']));
  const refusal =
    operands.find((found) => found?.text.includes('weights have none') === true) ??
    refusalOf(layer, NEIGHBOUR_RULES) ??
    readers.map((reader) => refusalOf(reader, NEIGHBOUR_RULES)).find((found) => found !== null);
  const names = [...new Set(readers.map((reader) => mainNode(model, reader)))];
  if (refusal) return { ...refusal, text: `${list(names)} behind it is float: ${refusal.text}` };
  return { text: `${list(names)} behind it runs in float`, nodes: names };
}
