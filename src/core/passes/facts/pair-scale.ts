import type { Node, Value } from '../../ir/graph.ts';
import { dequantizersOf } from '../../ir/quantizer-nodes.ts';
import type { Reader, ScaleSource } from '../../placement/placement-edit.ts';
import type { GraphEdit } from '../graph-edit.ts';
import type { PassContext } from '../rewrite-pass.ts';
import { pairBefore, quantizedTypeOf, sharingRefusal, widestOf } from './activation-pairs.ts';
import { MAX_COPIES, isCopying } from './copying-nodes.ts';
import { readsOf } from './value-reads.ts';

/** The quantizers that stand on a value for other readers: those that may share their scale. */
export const quantizersOn = (value: Value, context: PassContext): readonly Node[] => [
  ...new Set(
    readsOf(value, context).flatMap(({ quantize }) =>
      quantize && sharingRefusal(quantize, context) === undefined ? [quantize] : [],
    ),
  ),
];

/**
 * Where a new pair on `value` takes its scale from: a quantizer that quantizes the same value for somebody else, so that
 * all readers agree; else one before nodes that only copy, whose range contains the value; else calibration gives it.
 */
export function scaleForPair(value: Value, context: PassContext): ScaleSource {
  const beside = quantizersOn(value, context);
  const known = widestOf(beside, context) ?? beside[0] ?? quantizerAbove(value, context);
  return known ? { kind: 'same-as', quantizer: known.name } : { kind: 'to-calibrate' };
}

/** A Q that already quantizes what `value` is a copy of. */
function quantizerAbove(value: Value, context: PassContext): Node | undefined {
  let source = value;
  for (let steps = 0; steps < MAX_COPIES; steps++) {
    const maker = source.producer();
    const [input] = maker?.inputs ?? [];
    if (!maker || !input || !isCopying(maker, context)) return undefined;
    const pair = pairBefore(input);
    if (pair) return sharingRefusal(pair.quantize, context) ? undefined : pair.quantize;
    const [beside] = quantizersOn(input, context);
    if (beside) return beside;
    source = input;
  }
  return undefined;
}

/**
 * Lets `reader` take `value` through a pair of `scale`: the pair of another reader where there is one on the same value, so
 * that one Q stays one wherever TensorRT looks at it (a second one may end up inside a region that Myelin compiles, and is
 * a float reader then); else a new one.
 */
export function quantizeRead(
  value: Value,
  reader: Reader,
  scale: ScaleSource,
  context: PassContext,
): GraphEdit {
  const beside = scale.kind === 'same-as' ? context.graph.node(scale.quantizer) : undefined;
  const integers =
    beside?.inputs[0] === value ? dequantizerBefore(beside, reader.node, context) : undefined;
  return integers
    ? { kind: 'set-input', node: reader.node, input: reader.input, value: integers.name }
    : { kind: 'add-pair', value: value.name, reader, scale };
}

/** What a DQ behind `quantize` gives that stands before `reader` in the order of the graph. */
function dequantizerBefore(
  quantize: Node,
  reader: string,
  context: PassContext,
): Value | undefined {
  const candidates = dequantizersOf(quantize).filter(
    ({ inputs }) => inputs[1] === quantize.inputs[1],
  );
  for (const node of context.graph.nodes()) {
    if (node.name === reader) return undefined;
    if (candidates.includes(node)) return node.outputs[0];
  }
  return undefined;
}

/** How a text says where the scale comes from. */
export const scaleText = (source: ScaleSource): string =>
  source.kind === 'same-as'
    ? `with the scale of ${source.quantizer}`
    : 'with a scale that calibration gives';

/**
 * Why no scale of calibration's can go on a value: it makes INT8 scales, and TensorRT takes no INT8 beside FP8. `near` is a
 * quantizer of the same block.
 */
export const typeRefusal = (source: ScaleSource, near: Node | undefined): string | undefined =>
  source.kind === 'to-calibrate' && near && quantizedTypeOf(near) !== 'int8'
    ? `its neighbours are ${quantizedTypeOf(near)}, and calibration gives INT8 scales only`
    : undefined;
