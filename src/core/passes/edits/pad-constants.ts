import type { Node, Value } from '../../ir/graph.ts';
import { constantOf } from '../../ir/quantizer-nodes.ts';
import { elementCount } from '../../ir/tensor.ts';
import { soleUse } from '../facts/closed-uses.ts';
import { quantizerParts } from '../facts/quantizer-parts.ts';
import type { GraphEdit } from '../graph-edit.ts';
import type { NewConstants } from './new-constants.ts';
import type { PassContext } from '../rewrite-pass.ts';

/** Where each element of a longer axis comes from: an index of the old axis, or -1 for padding. */
export type AxisMap = readonly number[];

/** How the weights of one convolution grow. */
export interface WeightPadding {
  /** Axis 0: channels given out. */
  readonly out?: AxisMap;
  /** Axis 1: channels taken, those of one group. */
  readonly in?: AxisMap;
}

/** Channels in `groups` groups, each grown by itself at its end. */
export function groupMap(channels: number, padded: number, groups: number): AxisMap {
  const [old, fresh] = [channels / groups, padded / groups];
  return Array.from({ length: padded }, (_, i) =>
    i % fresh < old ? Math.floor(i / fresh) * old + (i % fresh) : -1,
  );
}

/** Elements in row-major order with an axis grown by `map`; new ones are `fill`. */
export function padAxis(
  numbers: ArrayLike<number>,
  dims: readonly number[],
  axis: number,
  { map, fill }: { readonly map: AxisMap; readonly fill: number },
): Float64Array {
  const inner = elementCount(dims.slice(axis + 1));
  const outer = elementCount(dims.slice(0, axis));
  const length = dims[axis] ?? 1;
  const padded = new Float64Array(outer * map.length * inner).fill(fill);
  for (let o = 0; o < outer; o++)
    for (const [to, from] of map.entries())
      for (let i = 0; from >= 0 && i < inner; i++)
        padded[(o * map.length + to) * inner + i] = numbers[(o * length + from) * inner + i]!;
  return padded;
}

/** True for weights that may grow: constants at hand, whose quantizers nobody else reads. */
export function canPadWeights(layer: Node, context: PassContext): boolean {
  let value = layer.inputs[1];
  while (value && !constantOf(value)) {
    const maker = value.producer();
    if (!quantizerParts(maker, context) || soleUse(value) === null) return false;
    value = maker?.inputs[0];
  }
  const bias = layer.inputs[2];
  return context.numbers(value) !== undefined && (!bias || context.numbers(bias) !== undefined);
}

/** Grows weights with zeros, through Q and DQ, whose scales per channel grow with ones; `constants` gets the numbers. */
export function padWeights(
  layer: Node,
  padding: WeightPadding,
  context: PassContext,
  constants: NewConstants,
): GraphEdit[] {
  const edits: GraphEdit[] = [];
  const types: GraphEdit[] = [];
  let [reader, input, value] = [layer, 1, layer.inputs[1]];
  const dims = grownDims(value, padding);
  while (value && !constantOf(value)) {
    const maker: Node | null = value.producer();
    const parts = quantizerParts(maker, context);
    if (!maker || !parts || !value.dataType) break;
    types.push({ kind: 'set-type', value: value.name, dataType: value.dataType, shape: dims });
    const along = parts.axis < 0 ? parts.axis + dims.length : parts.axis;
    const map = along === 0 ? padding.out : padding.in;
    if (parts.scales.length > 1 && map)
      for (const index of [1, 2]) {
        const wish = maker.inputs[index];
        if (wish)
          edits.push(
            padVector(
              { node: maker, input: index },
              { map, fill: index === 1 ? 1 : 0 },
              constants,
              context,
            ),
          );
      }
    [reader, input, value] = [maker, 0, maker.inputs[0]];
  }
  const tensor = constantOf(value);
  let numbers = context.numbers(value);
  if (!value || !tensor || !numbers) return [];
  const { out, in: inner } = padding;
  if (out) numbers = padAxis(numbers, tensor.dims, 0, { map: out, fill: 0 });
  const half = out ? [out.length, ...tensor.dims.slice(1)] : tensor.dims;
  if (inner) numbers = padAxis(numbers, half, 1, { map: inner, fill: 0 });
  const { dataType } = tensor;
  const name = constants.add(`${value.name}_padded`, { dataType, dims, numbers });
  return [{ kind: 'set-input', node: reader.name, input, value: name }, ...edits, ...types];
}

function grownDims(value: Value | null | undefined, { out, in: inner }: WeightPadding): number[] {
  const dims = (value?.shape ?? []).map((dim) => (typeof dim === 'number' ? dim : 1));
  if (out) dims[0] = out.length;
  if (inner) dims[1] = inner.length;
  return dims;
}

/** Lets a node read a longer copy of a constant vector. */
export function padVector(
  { node, input }: { readonly node: Node; readonly input: number },
  growth: { readonly map: AxisMap; readonly fill: number },
  constants: NewConstants,
  context: PassContext,
): GraphEdit {
  const value = node.inputs[input];
  const numbers = context.numbers(value) ?? new Float64Array();
  const name = constants.add(`${value?.name ?? node.name}_padded`, {
    dataType: value?.dataType ?? 'float32',
    dims: [growth.map.length],
    numbers: padAxis(numbers, [numbers.length], 0, growth),
  });
  return { kind: 'set-input', node: node.name, input, value: name };
}
