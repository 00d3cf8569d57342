import type { Attribute } from '../../ir/attribute.ts';
import type { DataType } from '../../ir/data-type.ts';
import type { Node } from '../../ir/graph.ts';
import { attrFloat, attrInt } from '../../ir/node-attributes.ts';
import { constantOf } from '../../ir/quantizer-nodes.ts';
import { DYNAMIC_OPERATORS, QLINEAR_FORMS, operandsOf } from '../facts/qlinear-operators.ts';
import type { Operand, QlinearForm } from '../facts/qlinear-operators.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { NewConstants } from '../edits/new-constants.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

// onnxruntime's QOperator format carries scales and zero points as inputs of operators that compute on integers. The same
// is said by DQ in front of the float operator and Q behind it, up to where the two round.
export const unfoldQlinearOperators: RewritePass = {
  id: 'unfold-qlinear-operators',
  title: 'Write integer operators with Q and DQ',
  summary:
    'QLinearConv and its like become the float operator between DQ and Q, which TensorRT reads and fuses again',
  group: 'normalize',
  docs: [
    passDocs.parser('QLinearConv, QLinearMatMul, ConvInteger and MatMulInteger are not supported'),
    passDocs.onnx('QLinearConv', 'the bias is INT32 in steps of the product of both scales'),
  ],
  evidence: { kind: 'documented' },
  numerics: 'one-step',
  opTypes: [...DYNAMIC_OPERATORS, ...Object.keys(QLINEAR_FORMS)],
  check(node, context) {
    const form = QLINEAR_FORMS[node.opType];
    if (!form)
      return refuse('its scales are computed while the network runs: calibrate instead', node);
    if (attrInt(node, 'channels_last', 0) !== 0)
      return refuse('it has its channels last, which ONNX has not', node);
    const [output] = node.outputs;
    const operands = operandsOf(form, node.inputs.length);
    const isWhole = operands.every(([data, scale]) => node.inputs[data] && node.inputs[scale]);
    if (!output || !isWhole || operands.length === 0) return null;
    if (form.bias !== undefined && node.inputs[form.bias] && !biasNumbers(node, form, context))
      return refuse('the bias and its scales are not constants that fit each other', node);
    return propose(`Write ${node.name} as ${form.opType} with Q and DQ`, [node], () =>
      unfold(node, form, context),
    );
  },
};

function unfold(node: Node, form: QlinearForm, context: PassContext): GraphEdit[] {
  const constants = new NewConstants(context);
  const edits: GraphEdit[] = [];
  const inputs = operandsOf(form, node.inputs.length).map((operand, at) => {
    const made = dequantize(node, operand, at === 1 ? channelAxis(node, form) : undefined, context);
    edits.push(made.edit);
    return made.name;
  });
  const bias = biasNumbers(node, form, context);
  if (bias) {
    const wish = `${node.inputs[form.bias ?? 0]?.name ?? node.name}_float`;
    inputs.push(constants.add(wish, { dataType: 'float32', ...bias }));
  }
  const attributes = form.attributes.flatMap((name) => node.attributes.get(name) ?? []);
  const [output] = node.outputs;
  const [scale, zeroPoint] = form.result.map((at) => node.inputs[at]?.name);
  const type = output?.dataType ?? 'uint8';
  if (scale === undefined) {
    // A QGemm without a scale of its own gives floats.
    edits.push({ kind: 'replace-node', node: node.name, opType: form.opType, inputs, attributes });
    return [...constants.edits, ...edits];
  }
  const result = context.freshName(`${output?.name ?? node.name}_float`);
  const shape = output?.shape ? { shape: output.shape } : {};
  edits.push(
    {
      kind: 'add-node',
      name: context.freshName(`${node.name}_${form.opType}`),
      opType: form.opType,
      inputs,
      outputs: [{ name: result, dataType: 'float32', ...shape }],
      attributes,
      before: node.name,
    },
    {
      kind: 'replace-node',
      node: node.name,
      name: context.freshName(`${node.name}_QuantizeLinear`),
      opType: 'QuantizeLinear',
      inputs: [result, scale, zeroPoint ?? zeroOf(scale, type, constants)],
    },
  );
  return [...constants.edits, ...edits];
}

/** Without a zero point QuantizeLinear would make uint8. */
const zeroOf = (scale: string, dataType: DataType, constants: NewConstants): string =>
  constants.add(`${scale}_zero_point`, { dataType, dims: [], numbers: [0] });

/** Gemm may have its weights the other way round. */
const channelAxis = (node: Node, { channelAxis: axis }: QlinearForm): number | undefined =>
  node.opType === 'QGemm' && attrInt(node, 'transB', 0) !== 0 ? 0 : axis;

function dequantize(
  node: Node,
  operand: Operand,
  axis: number | undefined,
  context: PassContext,
): { readonly name: string; readonly edit: GraphEdit } {
  const [data, scale] = operand.map((at) => node.inputs[at]);
  const inputs = operand.map((at) => node.inputs[at]?.name ?? null);
  while (inputs.at(-1) === null) inputs.pop();
  const name = context.freshName(`${data?.name ?? ''}_dequantized`);
  const shape = data?.shape ? { shape: data.shape } : {};
  const many = (constantOf(scale)?.dims ?? scale?.shape ?? []).some((dim) => dim !== 1);
  const attributes: Attribute[] =
    many && axis !== undefined ? [{ name: 'axis', type: 'int', value: BigInt(axis) }] : [];
  const edit: GraphEdit = {
    kind: 'add-node',
    name: context.freshName(`${data?.name ?? ''}_DequantizeLinear`),
    opType: 'DequantizeLinear',
    inputs,
    outputs: [{ name, dataType: 'float32', ...shape }],
    attributes,
    before: node.name,
  };
  return { name, edit };
}

/** The bias in float: its steps are the products of the scales of data and weights (and of Gemm's alpha). */
function biasNumbers(node: Node, form: QlinearForm, context: PassContext) {
  const bias = form.bias === undefined ? undefined : node.inputs[form.bias];
  const [data, weights] = operandsOf(form, node.inputs.length);
  const tensor = constantOf(bias);
  const steps = context.numbers(bias);
  const dataScale = context.numbers(data && node.inputs[data[1]])?.[0];
  const scales = context.numbers(weights && node.inputs[weights[1]]);
  if (!tensor || !steps || dataScale === undefined || !scales) return undefined;
  if (scales.length !== 1 && scales.length !== steps.length) return undefined;
  const alpha = node.opType === 'QGemm' ? attrFloat(node, 'alpha', 1) : 1;
  const numbers = steps.map(
    (step, i) => step * alpha * dataScale * (scales[scales.length === 1 ? 0 : i] ?? 1),
  );
  return { dims: tensor.dims, numbers };
}
