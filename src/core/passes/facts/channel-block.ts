import { isFloatType } from '../../ir/data-type.ts';
import type { Node, Value } from '../../ir/graph.ts';
import { attrInt, attrString } from '../../ir/node-attributes.ts';
import { constantOf, isPerTensor, isQuantizer } from '../../ir/quantizer-nodes.ts';
import { elementCount } from '../../ir/tensor.ts';
import { refuse } from '../rewrite-pass.ts';
import type { PassContext, Refusal } from '../rewrite-pass.ts';

/** Values that must have the same channels, and the nodes whose constants say how many those are. */
export interface ChannelBlock {
  readonly channels: number;
  readonly values: ReadonlySet<Value>;
  /** Convolutions that give these channels. */
  readonly sources: ReadonlySet<Node>;
  /** Convolutions that take them. */
  readonly sinks: ReadonlySet<Node>;
  /** Depthwise convolutions and normalizations, which have them on both sides. */
  readonly between: ReadonlySet<Node>;
  /** Channels lie in so many groups, each of which is padded by itself. */
  readonly groups: number;
}

/** Functions of single elements that are finite at 0, and what works on each channel alone. */
const CHANNELWISE: ReadonlySet<string> = new Set([
  'Relu',
  'Clip',
  'LeakyRelu',
  'Elu',
  'Selu',
  'Sigmoid',
  'HardSigmoid',
  'HardSwish',
  'Tanh',
  'Softplus',
  'Mish',
  'Erf',
  'Abs',
  'Neg',
  'Identity',
  'Cast',
  'MaxPool',
  'AveragePool',
  'GlobalAveragePool',
  'GlobalMaxPool',
]);
/** Operators over two tensors of the same channels; no division, for 0 through 0 is no number. */
const PAIRWISE: ReadonlySet<string> = new Set(['Add', 'Sub', 'Mul', 'Max', 'Min', 'Sum']);
/** From here on Slice has bounds as inputs. */
const OPSET_OF_SLICE_INPUTS = 10;
/** More values than any block of a network has. */
const MAX_VALUES = 4096;

/** A search for the values that share channels, in both directions. */
class BlockSearch {
  readonly values = new Set<Value>();
  readonly sources = new Set<Node>();
  readonly sinks = new Set<Node>();
  readonly between = new Set<Node>();
  readonly groups = new Set<number>();
  private readonly open: Value[] = [];
  private readonly channels: number;
  private readonly context: PassContext;

  constructor(channels: number, context: PassContext) {
    this.channels = channels;
    this.context = context;
  }

  /** Null when all readers and makers can follow; else who cannot. */
  run(start: Value): Refusal | null {
    this.reach(start);
    for (let value = this.open.pop(); value; value = this.open.pop()) {
      const fault = this.look(value);
      if (fault) return fault;
    }
    return null;
  }

  private reach(value: Value | null | undefined): void {
    if (!value || this.values.has(value)) return;
    this.values.add(value);
    this.open.push(value);
  }

  private look(value: Value): Refusal | null {
    const maker = value.producer();
    if (value.isGraphOutput && !isFloatType(value.dataType ?? 'undefined'))
      return refuse('its integers are an output of the network', maker);
    if (value.shape?.[1] !== this.channels || value.shape.length < 3)
      return refuse(`the channels of ${value.name} are not known, or others`, maker);
    if (this.values.size > MAX_VALUES) return refuse('too many layers share its channels', maker);
    if (!maker) return refuse(`${value.name} is an input of the network`, ...value.consumers());
    const fault = this.follow(maker, value, true);
    if (fault) return fault;
    for (const { node, index } of value.uses()) {
      if (index < 0) return refuse('a subgraph reads its channels', node);
      const stop = this.follow(node, value, false);
      if (stop) return stop;
    }
    return null;
  }

  private follow(node: Node, value: Value, isMaker: boolean): Refusal | null {
    if (node.opType === 'Conv') return this.followConvolution(node, value, isMaker);
    if (node.outputs.length > 1) return refuse('it has several outputs', node);
    if (isQuantizer(node)) {
      if (!isPerTensor(node)) return refuse('it has a scale for each channel', node);
      return this.through(node, [0]);
    }
    if (node.opType === 'BatchNormalization') {
      this.between.add(node);
      return this.through(node, [0]);
    }
    if (node.opType === 'Resize') return this.followResize(node);
    if (node.domain === '' && CHANNELWISE.has(node.opType)) return this.through(node, [0]);
    if (node.domain === '' && PAIRWISE.has(node.opType)) return this.followPair(node);
    return refuse('it does not work on each channel alone', node);
  }

  private through(node: Node, inputs: readonly number[]): null {
    for (const index of inputs) this.reach(node.inputs[index]);
    this.reach(node.outputs[0]);
    return null;
  }

  private followConvolution(node: Node, value: Value, isMaker: boolean): Refusal | null {
    if (!isMaker && (node.inputs[0] !== value || node.inputs.lastIndexOf(value) > 0))
      return refuse('it has computed weights', node);
    const groups = attrInt(node, 'group', 1);
    const isDepthwise = groups > 1 && groups === node.inputs[0]?.shape?.[1];
    if (isDepthwise && node.outputs[0]?.shape?.[1] !== groups)
      return refuse('it makes several channels of each', node);
    if (isDepthwise) {
      this.between.add(node);
      return this.through(node, [0]);
    }
    (isMaker ? this.sources : this.sinks).add(node);
    if (groups > 1) this.groups.add(groups);
    return null;
  }

  private followResize(node: Node): Refusal | null {
    const scales = this.context.numbers(node.inputs[2]);
    const cubic = attrString(node, 'mode', 'nearest') === 'cubic';
    return scales?.length === node.inputs[0]?.shape?.length && scales?.[1] === 1 && !cubic
      ? this.through(node, [0])
      : refuse('its sizes name the channels', node);
  }

  private followPair(node: Node): Refusal | null {
    const computed: number[] = [];
    for (const [index, input] of node.inputs.entries()) {
      const constant = constantOf(input);
      if (constant && elementCount(constant.dims) > 1)
        return refuse('a constant of it has an element for each channel', node);
      // one channel for all is broadcast over as many as there are
      if (!constant && input?.shape?.[1] !== 1) computed.push(index);
    }
    return this.through(node, computed);
  }
}

/** The values that share channels with the output of `start`; refuses with the node that cannot follow. */
export function channelBlock(
  start: Node,
  channels: number,
  context: PassContext,
): ChannelBlock | Refusal {
  const search = new BlockSearch(channels, context);
  const [output] = start.outputs;
  const fault = output ? search.run(output) : refuse('it has no output', start);
  if (fault) return fault;
  if (search.sinks.size === 0) return refuse('no convolution takes its channels', start);
  const [groups = 1, ...others] = search.groups;
  if (others.length > 0)
    return refuse('grouped convolutions divide its channels in different ways', ...search.sinks);
  const { values, sources, sinks, between } = search;
  const shown = [...values].find((value) => value.isGraphOutput);
  if (shown && (groups > 1 || (context.model.opsets.get('') ?? 1) < OPSET_OF_SLICE_INPUTS))
    return refuse('its channels are an output of the network', shown.producer());
  return { channels, values, sources, sinks, between, groups };
}
