import type { DataType } from '../../ir/data-type.ts';
import { attrInt } from '../../ir/node-attributes.ts';
import { constantOf } from '../../ir/quantizer-nodes.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';
import type { Node } from '../../ir/graph.ts';

// onnxruntime writes Q and DQ of its own domain where ONNX's lacked a type at the time, or on request. TensorRT knows
// ONNX's only. Both compute the same, so it is a matter of what the model's operator set allows.
export const adoptOnnxQuantizers: RewritePass = {
  id: 'adopt-onnx-quantizers',
  title: 'Use the Q and DQ of ONNX',
  summary: 'QuantizeLinear and DequantizeLinear of onnxruntime’s own domain become those of ONNX',
  group: 'normalize',
  docs: [passDocs.parser('only the operators of the ONNX domain have importers')],
  evidence: { kind: 'documented' },
  numerics: 'bit-exact',
  opTypes: ['QuantizeLinear', 'DequantizeLinear'],
  check(node, context) {
    if (node.domain !== 'com.microsoft') return null;
    const opset = context.model.opsets.get('') ?? context.model.opsets.get('ai.onnx') ?? 1;
    const need = neededOpset(node);
    if (need.opset > opset)
      return refuse(
        `${need.what} needs operator set ${String(need.opset)}, the model has ${String(opset)}`,
        node,
      );
    return propose(`Make ${node.name} a node of the ONNX domain`, [node], () => [
      {
        kind: 'replace-node',
        node: node.name,
        opType: node.opType,
        inputs: node.inputs.map((value) => value?.name ?? null),
        attributes: [...node.attributes.values()],
      },
    ]);
  },
};

const BEFORE_21 = new Set<DataType>(['int8', 'uint8', 'int32']);

function neededOpset(node: Node): { readonly what: string; readonly opset: number } {
  const [data, scale, zeroPoint] = node.inputs;
  const type =
    zeroPoint?.dataType ?? (node.opType === 'DequantizeLinear' ? data?.dataType : 'uint8');
  if (type && !BEFORE_21.has(type)) return { what: type, opset: 21 };
  if (attrInt(node, 'block_size', 0) !== 0) return { what: 'a scale for each block', opset: 21 };
  const scaleType = constantOf(scale)?.dataType ?? scale?.dataType;
  if (scaleType === 'float16') return { what: 'a half-precision scale', opset: 19 };
  const dims = constantOf(scale)?.dims ?? scale?.shape;
  if (dims?.some((dim) => dim !== 1) === true)
    return { what: 'one scale for each channel', opset: 13 };
  return { what: node.opType, opset: 10 };
}
