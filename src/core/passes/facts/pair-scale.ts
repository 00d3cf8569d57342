import type { Model, Node, Value } from '../../ir/graph.ts';
import { precedes } from '../../ir/node-order.ts';
import { dequantizersOf, integerTypeOf } from '../../ir/quantizer-nodes.ts';
import type { NewQuantizedType, Reader, ScaleSource } from '../../placement/placement-edit.ts';
import type { GraphEdit } from '../graph-edit.ts';
import type { PassContext } from '../rewrite-pass.ts';
import { pairBefore } from './activation-pairs.ts';
import { MAX_COPIES, isCopying } from './copying-nodes.ts';
import { sharingRefusal, widestOf } from './quantizer-facts.ts';
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
 * all readers agree; else one before nodes that only copy, whose range contains the value; else calibration gives it, in
 * `type`.
 */
export function scaleForPair(
  value: Value,
  context: PassContext,
  type: NewQuantizedType = 'int8',
): ScaleSource {
  const beside = quantizersOn(value, context);
  const known = widestOf(beside, context) ?? beside[0] ?? quantizerAbove(value, context);
  return known ? { kind: 'same-as', quantizer: known.name } : { kind: 'to-calibrate', type };
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
 * Lets `reader` take `value` through a pair of `scale`. Where a Q of that scale stands on the same value for another
 * reader, that Q serves both, and only a DQ is new: a second Q may end up in a region that Myelin compiles, and is a float
 * reader then, and a DQ that others read too keeps out of such a region.
 */
export function quantizeRead(
  value: Value,
  reader: Reader,
  scale: ScaleSource,
  context: PassContext,
): readonly GraphEdit[] {
  const beside = scale.kind === 'same-as' ? context.graph.node(scale.quantizer) : undefined;
  const [model] =
    beside?.inputs[0] === value && precedes(beside, context.graph.node(reader.node))
      ? dequantizersOf(beside).filter(({ inputs }) => inputs[1] === beside.inputs[1])
      : [];
  return model
    ? dequantizeFor(model, value, reader, context)
    : [{ kind: 'add-pair', value: value.name, reader, scale }];
}

/** A DQ like `model` for one reader. */
function dequantizeFor(
  model: Node,
  value: Value,
  reader: Reader,
  context: PassContext,
): readonly GraphEdit[] {
  const name = context.freshName(`${reader.node}_input${String(reader.input + 1)}_dequantized`);
  const { opType, domain } = model;
  const type = {
    dataType: value.dataType ?? 'float32',
    ...(value.shape && { shape: value.shape }),
  };
  return [
    {
      kind: 'add-node',
      name: context.freshName(`${reader.node}_input${String(reader.input + 1)}_${opType}`),
      opType,
      domain,
      inputs: model.inputs.map((input) => input?.name ?? null),
      outputs: [{ name, ...type }],
      attributes: [...model.attributes.values()],
      before: reader.node,
    },
    { kind: 'set-input', node: reader.node, input: reader.input, value: name },
  ];
}

/** How a text says where the scale comes from. */
export const scaleText = (source: ScaleSource): string =>
  source.kind === 'same-as'
    ? `with the scale of ${source.quantizer}`
    : 'with a scale that calibration gives';

/** ONNX has FP8 from this operator set on. */
const FP8_OPSET = 19;

/**
 * The type of a new pair near `quantizer`: the one that its neighbours have, for TensorRT takes no INT8 beside FP8.
 * Undefined where it is none that new pairs can have, or that the operator set of the model lacks.
 */
export function newTypeNear(
  quantizer: Node | null | undefined,
  { model }: PassContext,
): NewQuantizedType | undefined {
  const type = quantizer ? integerTypeOf(quantizer) : 'int8';
  if (type !== 'float8e4m3fn') return type === 'int8' ? type : undefined;
  return hasFp8(model) ? type : undefined;
}

/** True where the operator set of the model has FP8 quantizers. */
export const hasFp8 = ({ opsets }: Model): boolean =>
  (opsets.get('') ?? opsets.get('ai.onnx') ?? 1) >= FP8_OPSET;

/** Why no pair can be put near a quantizer, as a clause. */
export const typeRefusal = (quantizer: Node): string =>
  `its neighbours are ${integerTypeOf(quantizer) ?? 'of no known type'}, for which no pair can be made`;
