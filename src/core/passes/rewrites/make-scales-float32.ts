import type { DataType } from '../../ir/data-type.ts';
import { constantOf, isQuantizeNode } from '../../ir/quantizer-nodes.ts';
import { compareVersions } from '../../sim/target.ts';
import { DATA_TYPES } from '../../ir/data-type.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { NewConstants } from '../new-constants.ts';
import { passDocs } from '../pass-docs.ts';
import { quantizerParts } from '../quantizer-parts.ts';
import type { QuantizerParts } from '../quantizer-parts.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

/** ONNX knows half-precision scales from here on. */
const HALF_OPSET = 19;

// The parser of TensorRT 8 reads every scale as FP32, whatever its type, and before operator set 19 ONNX has no other. The
// wider scale holds the same number; what was half on the float side is cast, and half numbers are float32 numbers too.
export const makeScalesFloat32: RewritePass = {
  id: 'make-scales-float32',
  title: 'Store scales in FP32',
  summary:
    'Half-precision scales become FP32, with Casts on the float side, where TensorRT or the operator set knows no other',
  group: 'normalize',
  docs: [
    passDocs.parser('before TensorRT 10 scales are read as FP32'),
    passDocs.onnx('QuantizeLinear', 'half-precision scales came with operator set 19'),
  ],
  evidence: {
    kind: 'inferred',
    from: 'the parser source of 8.6 and reports of refused FP16 exports',
  },
  numerics: 'bit-exact',
  opTypes: ['QuantizeLinear', 'DequantizeLinear'],
  check(node, context) {
    const half = constantOf(node.inputs[1])?.dataType ?? node.inputs[1]?.dataType;
    if (half !== 'float16' && half !== 'bfloat16') return null;
    const { model, target } = context;
    const opset = model.opsets.get('') ?? model.opsets.get('ai.onnx') ?? 1;
    if (compareVersions(target.trt, '10.0') >= 0 && opset >= HALF_OPSET) return null;
    const parts = quantizerParts(node, context);
    if (!parts) return refuse('its scale is no constant, or one for each block', node);
    return propose(`Store the scale of ${node.name} in FP32`, [node], () => {
      const constants = new NewConstants(context);
      const { scale, scales, scaleTensor } = parts;
      const { dims, placeholder = false } = scaleTensor;
      const init = { dataType: 'float32', dims, numbers: scales, placeholder } as const;
      const value = constants.add(`${scale.name}_float32`, init);
      if (!isQuantizeNode(node))
        return [...constants.edits, ...castBehind(parts, [value, half], context)];
      const casts = castBefore(parts, constants, context);
      const rescale = { kind: 'set-input', node: node.name, input: 1, value } as const;
      return [...constants.edits, rescale, ...casts];
    });
  },
};

/** A Q reads float32: a constant is widened, everything else cast. */
function castBefore(
  { node, data }: QuantizerParts,
  constants: NewConstants,
  context: PassContext,
): GraphEdit[] {
  const tensor = constantOf(data);
  if ((tensor?.dataType ?? data.dataType) === 'float32') return [];
  const numbers = context.numbers(data);
  if (tensor && numbers) {
    const init = { dataType: 'float32', dims: tensor.dims, numbers } as const;
    const value = constants.add(`${data.name}_float32`, init);
    return [{ kind: 'set-input', node: node.name, input: 0, value }];
  }
  const output = context.freshName(`${data.name}_float32`);
  return [
    {
      kind: 'add-node',
      name: context.freshName(`${data.name}_Cast`),
      opType: 'Cast',
      inputs: [data.name],
      outputs: [
        { name: output, dataType: 'float32', ...(data.shape ? { shape: data.shape } : {}) },
      ],
      attributes: [{ name: 'to', type: 'int', value: BigInt(DATA_TYPES.indexOf('float32')) }],
      before: node.name,
    },
    { kind: 'set-input', node: node.name, input: 0, value: output },
  ];
}

/** A DQ makes float32 then: a node of another name makes it, and a Cast the value that others read. */
function castBehind(
  { node, output }: QuantizerParts,
  [scale, half]: readonly [string, DataType],
  context: PassContext,
): GraphEdit[] {
  const wide = context.freshName(`${output.name}_float32`);
  const inputs = node.inputs.map((value, i) => (i === 1 ? scale : (value?.name ?? null)));
  const shape = output.shape ? { shape: output.shape } : {};
  const name = context.freshName(`${node.name}_float32`);
  return [
    {
      kind: 'add-node',
      name,
      opType: node.opType,
      inputs,
      outputs: [{ name: wide, dataType: 'float32', ...shape }],
      attributes: [...node.attributes.values()],
      before: node.name,
    },
    {
      kind: 'replace-node',
      node: node.name,
      name: context.freshName(`${output.name}_Cast`),
      opType: 'Cast',
      inputs: [wide],
      attributes: [{ name: 'to', type: 'int', value: BigInt(DATA_TYPES.indexOf(half)) }],
    },
  ];
}
