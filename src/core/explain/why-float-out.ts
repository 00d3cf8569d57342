import { isQuantizeNode } from '../ir/quantizer-nodes.ts';
import type { PredictedLayer } from '../sim/predicted-engine.ts';
import type { ReasonContext } from './decisive-reason.ts';
import { list, mainNode, readingNode } from './layer-words.ts';
import type { Reason } from './explanation.ts';
import { refusalOf } from './refusal-of.ts';

/** Refusals that say why a layer that runs on integers gives float, most decisive first. */
const RULES = [
  'quantize-conv-with-residual-add',
  'quantize-single-input-nodes',
  'quantize-generic-nodes',
  'generic-conv-act-fusion',
] as const;

/** Why a layer gives float: who else reads the result, or what stands against a Q inside the layer. */
export function whyFloatOut(context: ReasonContext, layer: PredictedLayer): Reason {
  return residual(context, layer) ?? readers(context, layer);
}

/** A convolution with the Add inside: the shortcut decides the type of the sum. */
function residual({ model }: ReasonContext, layer: PredictedLayer): Reason | null {
  const add = layer.nodes.find((name) => model.graph.node(name)?.opType === 'Add');
  const refusal = refusalOf(layer, ['quantize-conv-with-residual-add']);
  if (add === undefined || !refusal?.nodes.includes(add)) return null;
  return withName(refusal, add);
}

/** Rules speak of the Add that they looked at; people have several. */
const withName = (refusal: Reason, add: string | undefined): Reason =>
  add === undefined ? refusal : { ...refusal, text: refusal.text.replace('the Add', add) };

function readers(context: ReasonContext, layer: PredictedLayer): Reason {
  const { model, index } = context;
  const name = mainNode(model, layer);
  const output = layer.outputs.find((tensor) => tensor.dataType !== 'Int8') ?? layer.outputs[0];
  const all = output ? index.readersOf(output.name) : [];
  const quantizers = all.filter((reader) => quantizeIn(context, reader) !== null);
  const others = all.filter((reader) => !quantizers.includes(reader));
  const quantizes = quantizers.map((reader) => quantizeIn(context, reader) ?? reader.name);
  const otherNames = [
    ...new Set(others.map((reader) => readingNode(model, reader, output?.name ?? ''))),
  ];
  const stays = quantizes.length === 0 ? '' : `, so ${list(quantizes)} cannot move into ${name}`;
  if (output && index.isBinding(output.name))
    return { text: `the network gives the result out in float${stays}`, nodes: quantizes };
  if (quantizes.length > 0 && otherNames.length > 0) {
    const reads = otherNames.length === 1 ? 'also reads' : 'also read';
    return {
      text: `${list(otherNames)} ${reads} the result in float${stays}`,
      ruleId: 'quantize-double-input-nodes',
      nodes: [...otherNames, ...quantizes],
    };
  }
  if (quantizes.length > 1)
    return {
      text: `${list(quantizes)} quantize the result with different scales, so none can move into ${name}`,
      ruleId: 'horizontal-merge-q-nodes',
      nodes: quantizes,
    };
  return (
    ownRefusal(context, layer) ??
    (quantizes.length === 1
      ? { text: `${name} cannot take ${list(quantizes)} behind it`, nodes: quantizes }
      : {
          text: `no Q/DQ stands behind it: ${list(otherNames)} ${otherNames.length === 1 ? 'reads' : 'read'} the result in float`,
          nodes: otherNames,
        })
  );
}

function ownRefusal({ model }: ReasonContext, layer: PredictedLayer): Reason | null {
  const refusal = refusalOf(layer, RULES);
  const add = refusal?.nodes.find((node) => model.graph.node(node)?.opType === 'Add');
  return refusal && withName(refusal, add);
}

/** The Q that a layer is, if it is one. */
function quantizeIn({ model }: ReasonContext, layer: PredictedLayer): string | null {
  if (layer.role !== 'qdq') return null;
  return layer.nodes.find((name) => isQuantizeNode(model.graph.node(name))) ?? null;
}
