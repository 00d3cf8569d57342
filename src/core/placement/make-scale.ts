import { assert } from '../base/assert.ts';
import { editImpossible } from '../base/diagnostics.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Attribute } from '../ir/attribute.ts';
import type { DataType } from '../ir/data-type.ts';
import { encodeNumbers } from '../ir/encode-numbers.ts';
import type { Graph, Value } from '../ir/graph.ts';
import { residentBytes } from '../ir/memory-bytes.ts';
import { tensorNumbers } from '../ir/tensor-values.ts';
import type { Tensor } from '../ir/tensor.ts';
import { HIGHEST_CODE } from './placement-edit.ts';
import type { NewQuantizedType, ScaleSource } from './placement-edit.ts';
import { constantOf, integerTypeOf, isPerTensor, isQuantizer } from '../ir/quantizer-nodes.ts';

/** Inputs 1 and 2 of a Q and of its DQ, and the attributes of both. */
export interface QuantizerInputs {
  readonly scale: Value;
  readonly zeroPoint: Value | null;
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** Type on the integer side. */
  readonly dataType: DataType;
}

/** Magnitudes of one constant along one axis: a search asks for the same ones again and again. */
const measured = new WeakMap<Tensor, Map<number | undefined, readonly number[]>>();

/** Finds or makes scale and zero point for a pair on `value`. Fails where the source does not fit or holds no numbers. */
export function makeScale(
  graph: Graph,
  value: Value,
  source: ScaleSource,
): Result<QuantizerInputs> {
  if (source.kind === 'same-as') return sameAs(graph, value, source.quantizer);
  if (source.kind === 'shared-with') return sharedWith(graph, value, source.quantizer);
  if (source.kind === 'given') return ok(newScale(graph, value, source));
  const { type = 'int8' } = source;
  if (source.kind === 'to-calibrate') return ok(placeholderScale(graph, value, type));
  const tensor = constantOf(value);
  const largest = tensor && magnitudesOf(tensor, source.axis);
  if (largest) {
    const scales = largest.map((magnitude) =>
      magnitude === 0 ? 1 : magnitude / HIGHEST_CODE[type],
    );
    return ok(newScale(graph, value, { ...source, scales }));
  }
  return fail(editImpossible(`the values of ${value.name} are not at hand`, { value: value.name }));
}

function sameAs(graph: Graph, value: Value, name: string): Result<QuantizerInputs> {
  const node = graph.node(name);
  const scale = node?.inputs[1];
  if (!isQuantizer(node) || !scale)
    return fail(editImpossible(`${name} is no QuantizeLinear or DequantizeLinear`, { node: name }));
  if (!isPerTensor(node) && constantOf(value) === undefined)
    return fail(editImpossible(`${name} has a scale for each channel`, { node: name }));
  return ok({
    scale,
    zeroPoint: node.inputs[2] ?? null,
    attributes: node.attributes,
    dataType: integerTypeOf(node) ?? 'int8',
  });
}

function sharedWith(graph: Graph, value: Value, name: string): Result<QuantizerInputs> {
  const same = sameAs(graph, value, name);
  if (same.ok) markForCalibration(graph, same.value.scale);
  return same;
}

/** The number stays, and says from now on that calibration must give another. */
function markForCalibration(graph: Graph, scale: Value): void {
  const tensor = constantOf(scale);
  if (!tensor || tensor.placeholder) return;
  const marked: Tensor = { ...tensor, placeholder: true };
  const maker = scale.producer();
  if (!maker) graph.addInitializer(scale.name, marked);
  else
    maker.setAttributes(
      new Map(maker.attributes).set('value', { name: 'value', type: 'tensor', value: marked }),
    );
}

/** Scales of a new pair: one, or one for each element along `axis`. */
interface NewScales {
  readonly scales: readonly number[];
  readonly axis?: number;
  readonly type?: NewQuantizedType;
}

function newScale(graph: Graph, value: Value, wanted: NewScales): QuantizerInputs {
  const { scales, axis, type: dataType = 'int8' } = wanted;
  const dims = axis === undefined ? [] : [scales.length];
  const type = value.dataType ?? 'float32';
  const scale = addConstant(graph, `${value.name}_scale`, { type, dims, numbers: scales });
  const zeros = scales.map(() => 0);
  const zeroPoint = addConstant(graph, `${value.name}_zero_point`, {
    type: dataType,
    dims,
    numbers: zeros,
  });
  const attributes = new Map<string, Attribute>();
  if (axis !== undefined)
    attributes.set('axis', { name: 'axis', type: 'int', value: BigInt(axis) });
  return { scale, zeroPoint, attributes, dataType };
}

/** A scale of 1 that says of itself that calibration has to replace it. */
function placeholderScale(graph: Graph, value: Value, type: NewQuantizedType): QuantizerInputs {
  const made = newScale(graph, value, { scales: [1], type });
  const { tensor } = made.scale;
  assert(tensor, 'a new scale is a constant');
  made.scale.tensor = { ...tensor, placeholder: true };
  return made;
}

function addConstant(
  graph: Graph,
  wish: string,
  { type, dims, numbers }: { type: DataType; dims: number[]; numbers: readonly number[] },
): Value {
  const name = graph.freshName(wish);
  const bytes = encodeNumbers(type, numbers);
  assert(bytes, `no scale can be of type ${type}`);
  return graph.addInitializer(name, {
    name,
    dataType: type,
    dims,
    bytes: residentBytes(bytes),
  });
}

/** Largest magnitude for each element along `axis`, or of all. Undefined where the data is not in memory. */
function magnitudesOf(tensor: Tensor, axis: number | undefined): readonly number[] | undefined {
  const known = measured.get(tensor)?.get(axis);
  const length = axis === undefined ? 1 : tensor.dims[axis];
  if (known || length === undefined) return known;
  const numbers = tensorNumbers(tensor);
  if (!numbers) return undefined;
  const behind = axis === undefined ? [] : tensor.dims.slice(axis + 1);
  const inner = axis === undefined ? Infinity : behind.reduce((product, dim) => product * dim, 1);
  const largest = new Array<number>(length).fill(0);
  for (let i = 0; i < numbers.length; i++) {
    const at = Math.floor(i / inner) % length;
    largest[at] = Math.max(largest[at]!, Math.abs(numbers[i]!));
  }
  const byAxis = measured.get(tensor) ?? new Map<number | undefined, readonly number[]>();
  measured.set(tensor, byAxis.set(axis, largest));
  return largest;
}
