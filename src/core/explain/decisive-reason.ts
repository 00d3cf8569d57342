import type { Node } from '../ir/graph.ts';
import type { Model } from '../ir/model.ts';
import { isQuantizeNode, isQuantizer } from '../ir/quantizer-nodes.ts';
import type { EngineDataType, PredictedLayer } from '../sim/predicted-engine.ts';
import { eventsNaming } from './collect-events.ts';
import type { EngineIndex } from './engine-index.ts';
import type { Reason } from './explanation.ts';
import { list, mainNode } from './layer-words.ts';
import { isLow, typeWord } from './low-types.ts';
import { whyAlone } from './why-alone.ts';
import { whyFloatIn } from './why-float-in.ts';
import { whyFloatOut } from './why-float-out.ts';
import { whySurvives } from './why-survives.ts';

/** What a reason is looked for in. */
export interface ReasonContext {
  readonly model: Model;
  readonly index: EngineIndex;
  readonly node: Node;
  readonly layer: PredictedLayer | null;
  readonly takes: EngineDataType | undefined;
  readonly gives: EngineDataType | undefined;
}

/**
 * Picks the one reason that put a node where it is. Float input goes before float output, for a layer that does not even
 * take integers cannot give them; within each, what stands nearest to the node goes first.
 */
export function decisiveReason(context: ReasonContext): Reason {
  const { node, layer } = context;
  if (!layer) return reasonWithoutLayer(context);
  if (isQuantizer(node)) {
    if (layer.role === 'qdq') return whySurvives(context, layer);
    const did = isQuantizeNode(node) ? 'gives' : 'takes';
    return {
      text: `inside ${mainNode(context.model, layer)}, which ${did} ${typeWord(did === 'gives' ? context.gives : context.takes)}`,
      nodes: layer.nodes.filter((name) => name !== node.name),
    };
  }
  return ofComputeLayer(context, layer);
}

function ofComputeLayer(context: ReasonContext, layer: PredictedLayer): Reason {
  const { takes, gives } = context;
  const [low, lowOut] = [isLow(takes), isLow(gives)];
  if (low && lowOut) return whyAlone(context, layer) ?? allQuantized(context, layer);
  const head = low
    ? `${typeWord(takes)} in, float out`
    : lowOut
      ? `float in, ${typeWord(gives)} out`
      : typeWord(takes);
  const cause = low ? whyFloatOut(context, layer) : whyFloatIn(context, layer);
  return { ...cause, text: `${head}: ${cause.text}` };
}

function allQuantized({ model, takes }: ReasonContext, layer: PredictedLayer): Reason {
  const inside = new Set(layer.nodes);
  const quantizers: string[] = [];
  for (const node of model.graph.nodes())
    if (inside.has(node.name) && isQuantizer(node)) quantizers.push(node.name);
  const how =
    quantizers.length > 0
      ? `${list(quantizers)} ${quantizers.length === 1 ? 'is' : 'are'} inside the layer`
      : 'what comes in is quantized already, and what goes out stays so';
  return { text: `${typeWord(takes)} in and out: ${how}`, nodes: quantizers };
}

/** A node whose work costs nothing in the engine, or whose type only its tensor tells. */
function reasonWithoutLayer(context: ReasonContext): Reason {
  const { index, node, gives } = context;
  const events = eventsNaming(index.engine, node.name);
  const refusals = events.filter((event) => event.outcome === 'refused');
  // what the node itself lacks says more than what its neighbours could not do
  const refused = refusals.find(({ node: at }) => at === node.name) ?? refusals[0];
  const last = events.findLast((event) => event.outcome === 'fired');
  const type = gives === undefined ? '' : `${typeWord(gives)}: `;
  if (refused && gives !== undefined && !isLow(gives))
    return { text: `${type}${refused.text}`, ruleId: refused.ruleId, nodes: refused.nodes };
  if (last?.ruleId === 'concat-removal')
    return {
      text: `${type}no layer of its own, for those who make its parts write straight into the joined tensor`,
      ruleId: last.ruleId,
      nodes: [node.name],
    };
  if (last?.ruleId === 'myelin-region')
    return {
      text: `inside the region ${firstLine(last.text)}, which is compiled as a whole`,
      ruleId: last.ruleId,
      nodes: [node.name],
    };
  const text = last
    ? `no layer of its own: ${firstLine(last.text)}`
    : 'no layer of its own: its result is known when the engine is built, or nobody needs it';
  return { text, ...(last && { ruleId: last.ruleId }), nodes: [node.name] };
}

const firstLine = (text: string): string => text.split('\n')[0] ?? text;
