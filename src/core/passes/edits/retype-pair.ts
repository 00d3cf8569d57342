import { constantOf } from '../../ir/quantizer-nodes.ts';
import { scaleLayout } from '../../quant/scale-layout.ts';
import type { ScaleLayout } from '../../quant/scale-layout.ts';
import { attrInt } from '../../ir/node-attributes.ts';
import type { PairGroup, QuantizerParts } from '../facts/quantizer-parts.ts';
import type { GraphEdit } from '../graph-edit.ts';
import type { NewConstants } from './new-constants.ts';
import type { PassContext } from '../rewrite-pass.ts';

/** Integers that the model stores, and which scale each has. */
export interface StoredCodes {
  readonly codes: Float64Array;
  readonly dims: readonly number[];
  readonly layout: ScaleLayout;
}

/** The integers that a DQ reads where they are a constant and the scales fit them. */
export function storedCodes(parts: QuantizerParts, context: PassContext): StoredCodes | undefined {
  const dims = constantOf(parts.data)?.dims;
  const codes = dims && context.numbers(parts.data);
  const layout = dims && scaleLayout(dims, parts.scaleTensor, parts.axis, 0);
  return codes && layout && { codes, dims, layout };
}

/** Gives one quantizer new scales, and an INT8 zero point of 0. */
export function setInt8Scale(
  parts: QuantizerParts,
  scales: ArrayLike<number>,
  constants: NewConstants,
  ending = '_symmetric',
): GraphEdit[] {
  const { node, scale, scaleTensor, zeroPoints } = parts;
  const dims =
    scales.length === parts.scales.length
      ? scaleTensor.dims
      : scales.length === 1
        ? []
        : [scales.length];
  const isSame =
    scales.length === parts.scales.length && parts.scales.every((old, i) => old === scales[i]);
  const edits: GraphEdit[] = [];
  if (!isSame) {
    const { dataType } = scaleTensor;
    const value = constants.add(`${scale.name}${ending}`, { dataType, dims, numbers: scales });
    edits.push({ kind: 'set-input', node: node.name, input: 1, value });
  }
  const old = node.inputs[2];
  const keepsZero =
    old !== null &&
    constantOf(old)?.dataType === 'int8' &&
    scales.length === zeroPoints.length &&
    zeroPoints.every((zero) => zero === 0);
  if (!keepsZero) {
    const zeros = Array.from({ length: scales.length }, () => 0);
    const wish = old ? `${old.name}_int8` : `${scale.name}_zero_point`;
    const value = constants.add(wish, { dataType: 'int8', dims, numbers: zeros });
    edits.push({ kind: 'set-input', node: node.name, input: 2, value });
  }
  if (attrInt(node, 'output_dtype', 0) !== 0 && node.opType === 'QuantizeLinear')
    edits.push({ kind: 'set-attributes', node: node.name, attributes: { output_dtype: null } });
  return edits;
}

/** Makes a Q and its DQs symmetric INT8, with the scales that `scalesOf` gives, and takes a Clip between them out. */
export function retypePair(
  group: PairGroup,
  constants: NewConstants,
  scalesOf: (parts: QuantizerParts) => ArrayLike<number>,
): GraphEdit[] {
  const { quantize, dequantizers, clip } = group;
  const { output } = quantize;
  const edits = [quantize, ...dequantizers].flatMap((parts) =>
    setInt8Scale(parts, scalesOf(parts), constants),
  );
  const shape = output.shape ? { shape: output.shape } : {};
  edits.push({ kind: 'set-type', value: output.name, dataType: 'int8', ...shape });
  if (clip) {
    for (const { node } of dequantizers)
      edits.push({ kind: 'set-input', node: node.name, input: 0, value: output.name });
    edits.push({ kind: 'remove-node', node: clip.node.name });
  }
  return edits;
}
