import type { Node } from '../../ir/graph.ts';
import { attrInt } from '../../ir/node-attributes.ts';
import { cutOutput } from '../edits/cut-output.ts';
import { channelBlock } from '../facts/channel-block.ts';
import type { ChannelBlock } from '../facts/channel-block.ts';
import { isQuantizedConvolution } from '../facts/int8-layers.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { NewConstants } from '../edits/new-constants.ts';
import { canPadWeights, groupMap, padVector, padWeights } from '../edits/pad-constants.ts';
import type { AxisMap } from '../edits/pad-constants.ts';
import { passDocs } from '../pass-docs.ts';
import { Refusal, propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

// INT8 kernels take 32 channels at a time. A convolution with, say, 72 gets filters of zeros up to 96, and all who read
// its channels weights of zero for them: the sums are the same. Channels of a grouped convolution grow within each group;
// an output of the network is cut to what it was.
// It is done only where every layer that shares the channels can follow. On the H100 TensorRT 10.6 needs no reformat for
// such channels either way; on GPUs where it does, it is the cure.
export const padChannels: RewritePass = {
  id: 'pad-channels',
  title: 'Pad channels of INT8 convolutions to a multiple of 32',
  summary: 'Filters of zeros fill the vectors of INT8 kernels, and change no number',
  group: 'tidy',
  docs: [
    passDocs.fusions('tensor cores want channels in multiples of 32 for INT8'),
    passDocs.onnx('Conv', 'weights of zero add nothing to a sum'),
  ],
  evidence: { kind: 'observed', engines: ['chain_c72', 'chain_c96'] },
  numerics: 'bit-exact',
  onRequest: 'it computes more, which pays only where kernels want whole vectors',
  opTypes: ['Conv'],
  check(node, context) {
    const channels = node.outputs[0]?.shape?.[1];
    if (typeof channels !== 'number' || channels % VECTOR === 0) return null;
    const groups = attrInt(node, 'group', 1);
    if (!isQuantizedConvolution(node) || groups === channels) return null;
    const block = channelBlock(node, channels, context);
    if (block instanceof Refusal) return block;
    const { sources, sinks, between } = block;
    const fixed = [...sources, ...sinks, ...between].find((one) => !canChange(one, context));
    if (fixed) return refuse('its weights are computed, or not its own', fixed);
    const padded = paddedCount(channels, block.groups);
    return propose(
      `Pad ${String(channels)} channels of ${node.name} to ${String(padded)}`,
      [...sources, ...between, ...sinks],
      () => padBlock(block, padded, context),
    );
  },
};

/** Channels that an INT8 instruction takes at a time. */
const VECTOR = 32;

/** The least that is a multiple of the vector and divides into the groups. */
function paddedCount(channels: number, groups: number): number {
  let padded = Math.ceil(channels / VECTOR) * VECTOR;
  while (padded % groups !== 0) padded += VECTOR;
  return padded;
}

const canChange = (node: Node, context: PassContext): boolean =>
  node.opType === 'BatchNormalization'
    ? node.inputs.slice(1).every((value) => context.numbers(value) !== undefined)
    : canPadWeights(node, context);

function padBlock(block: ChannelBlock, padded: number, context: PassContext): readonly GraphEdit[] {
  const { channels, groups, sources, sinks, between, values } = block;
  const constants = new NewConstants(context);
  const map = groupMap(channels, padded, groups);
  const edits: GraphEdit[] = [];
  for (const value of values)
    if (value.isGraphOutput)
      edits.push(...cutOutput(value, { channels, padded }, constants, context));
  for (const node of between)
    edits.push(
      ...(node.opType === 'BatchNormalization'
        ? padNormalization(node, map, constants, context)
        : padDepthwise(node, map, constants, context)),
    );
  for (const node of new Set([...sources, ...sinks])) {
    const own = attrInt(node, 'group', 1);
    const padding = {
      ...(sources.has(node) && { out: map }),
      // each group of a grouped convolution takes its own channels
      ...(sinks.has(node) && { in: own > 1 ? groupMap(channels / own, padded / own, 1) : map }),
    };
    edits.push(...padWeights(node, padding, context, constants));
    if (sources.has(node)) edits.push(...padBias(node, map, constants, context));
  }
  for (const { name, dataType, shape, isGraphOutput } of values)
    if (dataType && shape && !isGraphOutput)
      edits.push({
        kind: 'set-type',
        value: name,
        dataType,
        shape: shape.map((dim, i) => (i === 1 ? padded : dim)),
      });
  return [...constants.edits, ...edits];
}

function padDepthwise(
  node: Node,
  map: AxisMap,
  constants: NewConstants,
  context: PassContext,
): readonly GraphEdit[] {
  const group = { name: 'group', type: 'int', value: BigInt(map.length) } as const;
  return [
    ...padWeights(node, { out: map }, context, constants),
    ...padBias(node, map, constants, context),
    { kind: 'set-attributes', node: node.name, attributes: { group } },
  ];
}

const padBias = (
  node: Node,
  map: AxisMap,
  constants: NewConstants,
  context: PassContext,
): readonly GraphEdit[] =>
  node.inputs[2] ? [padVector({ node, input: 2 }, { map, fill: 0 }, constants, context)] : [];

/** A variance of 1 keeps the root above 0. */
const padNormalization = (
  node: Node,
  map: AxisMap,
  constants: NewConstants,
  context: PassContext,
): readonly GraphEdit[] =>
  [1, 2, 3, 4].map((input) =>
    padVector({ node, input }, { map, fill: input === 4 ? 1 : 0 }, constants, context),
  );
