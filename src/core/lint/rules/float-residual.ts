import type { Node } from '../../ir/graph.ts';
import type { EngineTensor, PredictedLayer } from '../../sim/predicted-engine.ts';
import type { Discovery, FindingFix, FindingRule } from '../finding.ts';
import { isInt8, isRelu, isSum } from '../graph-questions.ts';
import { isQuantizer } from '../lint-context.ts';
import type { LintContext } from '../lint-context.ts';
import { lintDocs } from '../lint-docs.ts';
import { byteText, listed, shortNumber, typeText } from '../wording.ts';

const FLOAT_TYPES: ReadonlySet<string> = new Set(['Float', 'Half', 'BFloat16']);

// A convolution adds the shortcut in its epilogue, and then gives out what the shortcut is: a float shortcut makes the
// result float, and the next layer needs a Q of its own.
export const floatResidual: FindingRule = {
  id: 'float-residual',
  severity: 'warning',
  title: 'An INT8 convolution adds a shortcut in float',
  docs: [lintDocs.explicitQuantization('quantize the residual input of a skip connection')],
  evidence: {
    kind: 'observed',
    engines: ['residual_id_none_relu_c64', 'residual_down_none_norelu_c64', 'mbv2_none'],
  },
  consequence:
    'The sum is written in float, and what follows reads or quantizes four times the bytes.',
  advice: 'Put Q/DQ on the shortcut of the Add, and on that input alone.',
  find: (context) =>
    context.engine.layers.flatMap((layer) => {
      if (!isInt8(layer) || layer.layerType === 'PointWiseV2') return [];
      const nodes = layer.nodes.flatMap((name) => context.graph.node(name) ?? []);
      const sum = nodes.find(isSum);
      const shortcut = shortcutOf(layer);
      const conv = nodes.find((node) => context.isWeighted(node));
      if (!sum || !shortcut || !conv) return [];
      const found = { nodes: [sum.name, conv.name], costBytes: context.tensorBytes(shortcut) };
      const pair = context.dequantizeOf(context.valueOf(shortcut));
      const words = pair
        ? describeOpenEnd(sum, pair.node, context)
        : describeFloatShortcut(shortcut, found, context.tensorBytes(shortcut));
      return [{ ...found, ...words }];
    }),
};

/** The float input of the shape of the result. */
function shortcutOf({ inputs, outputs }: PredictedLayer) {
  const dims = outputs[0]?.dims.join();
  return inputs
    .slice(1)
    .find((input) => FLOAT_TYPES.has(input.dataType) && input.dims.join() === dims);
}

function describeFloatShortcut(
  shortcut: EngineTensor,
  found: Pick<Discovery, 'nodes'>,
  bytes: number,
) {
  const [sum = '', conv = ''] = found.nodes;
  return {
    message: `${sum} reads its shortcut ${shortcut.name} in ${typeText(shortcut)} (${byteText(bytes)} in FP32), so ${conv} gives float out.`,
    fix: {
      kind: 'add-qdq' as const,
      description: `Add Q/DQ on the input ${shortcut.name} of ${sum}.`,
    },
  };
}

/** The shortcut has Q/DQ, but the sum is not quantized for all; at the end of the network that is where INT8 ends. */
const describeOpenEnd = (sum: Node, dq: Node, context: LintContext) => {
  const { why, fix } = openEnd(sum, dq, context);
  return {
    message: `${sum.name} has Q/DQ on its shortcut, but ${why}, so ${dq.name} runs as a layer and the sum is float.`,
    consequence:
      'The shortcut is dequantized by a layer of its own, and the sum is written in float.',
    advice:
      'Quantize the result of the Add (behind its ReLU if there is one) with one scale for all its readers, or take the Q/DQ off the shortcut.',
    ...(!context.isQuantizedLater(sum) && { severity: 'info' as const }),
    fix,
  };
};

/** Why the sum cannot give INT8 out. */
function openEnd(sum: Node, dq: Node, context: LintContext): { why: string; fix: FindingFix } {
  const next = context.soleReader(sum);
  const last = next && isRelu(next) ? next : sum;
  const [output] = last.outputs;
  const quantizers = output ? context.quantizesOf(output) : [];
  const float = (output ? context.readers(output) : []).filter((node) => !isQuantizer(node));
  const names = listed(float.map(({ name }) => name));
  if (quantizers.length === 0)
    return {
      why: 'no Q stands behind it',
      fix: { kind: 'add-qdq', description: `Add Q/DQ behind ${last.name}.` },
    };
  if (float.length > 0)
    return {
      why: `its result is also read in float by ${names}`,
      fix: { kind: 'add-qdq', description: `Put Q/DQ in front of ${names} too.` },
    };
  const scales = [...new Set(quantizers.flatMap(({ scales: s }) => s?.[0] ?? []))];
  const all = listed(quantizers.map(({ node }) => node.name));
  if (scales.length > 1)
    return {
      why: `its result is quantized with scales ${listed(scales.map(shortNumber))}`,
      fix: {
        kind: 'equalize-scales',
        description: `Give ${all} the scale ${shortNumber(Math.max(...scales))}.`,
      },
    };
  const notes = context.layers(dq).flatMap((layer) => layer.notes);
  return {
    why: notes.find(({ outcome }) => outcome === 'refused')?.text ?? `${all} cannot join it`,
    fix: { kind: 'remove-qdq', description: `Take the Q/DQ off the shortcut of ${sum.name}.` },
  };
}
