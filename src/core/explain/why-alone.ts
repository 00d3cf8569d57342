import type { Node, Value } from '../ir/graph.ts';
import { isDequantizeNode, quantizeOf } from '../ir/quantizer-nodes.ts';
import type { PredictedLayer } from '../sim/predicted-engine.ts';
import type { ReasonContext } from './decisive-reason.ts';
import type { Reason } from './explanation.ts';
import { typeWord } from './low-types.ts';
import { refusalOf } from './refusal-of.ts';

const CONVOLUTIONS: ReadonlySet<string> = new Set(['Conv', 'ConvTranspose']);
/** Layers that a convolution before them takes into its epilogue where nothing stands between. */
const EPILOGUE: ReadonlySet<string> = new Set(['PointWiseV2', 'Scale']);

/**
 * Why an INT8 point-wise layer behind a convolution is a layer of its own; null where there is no convolution that might
 * have taken it.
 */
export function whyAlone(context: ReasonContext, layer: PredictedLayer): Reason | null {
  const { model, takes } = context;
  if (!EPILOGUE.has(layer.layerType)) return null;
  const nodes = layer.nodes.flatMap((name) => model.graph.node(name) ?? []);
  for (const node of nodes) {
    for (const value of node.inputs) {
      const reason = value && standsBetween(node, value, layer);
      if (reason)
        return {
          ...reason,
          text: `${typeWord(takes)} in and out, but a layer of its own: ${reason.text}`,
        };
    }
  }
  return null;
}

function standsBetween(node: Node, value: Value, layer: PredictedLayer): Reason | null {
  const maker = value.producer();
  if (maker?.opType === 'ConvTranspose')
    return {
      text: `a deconvolution in a network with Q/DQ does not take the ${node.opType} behind it`,
      ruleId: 'deconv-relu-fusion',
      nodes: [maker.name, node.name],
    };
  if (maker?.opType === 'Conv')
    return refusalOf(layer, [
      'generic-conv-act-fusion',
      'conv-relu-fusion',
      'conv-eltwise-sum-fusion',
    ]);
  const quantize = maker && isDequantizeNode(maker) ? quantizeOf(maker) : null;
  const before = quantize?.inputs[0]?.producer();
  return quantize && before && CONVOLUTIONS.has(before.opType)
    ? {
        text: `${quantize.name} stands between ${before.name} and ${node.name}`,
        nodes: [quantize.name, before.name],
      }
    : null;
}
