import type { Node, Value } from '../../ir/graph.ts';
import { constantOf, isQuantizeNode } from '../../ir/quantizer-nodes.ts';
import { codeRange, quantizerParts } from '../facts/quantizer-parts.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

// Integer graphs (onnxruntime's QOperator format) pool and reshape the integers themselves. These operators copy or choose
// elements, so the same numbers come out when they work on floats between DQ and Q of the one scale: quantizing what was
// dequantized gives the same integers. TensorRT then moves Q and DQ over them as it likes.
export const dequantizeCopyOperators: RewritePass = {
  id: 'dequantize-copy-operators',
  title: 'Take copying operators off the integers',
  summary:
    'Pools and reshapes on integers work on floats between DQ and Q of the same scale, so that every Q has its DQ',
  group: 'normalize',
  docs: [passDocs.explicitQuantization('Q and DQ move over operators that commute with them')],
  evidence: { kind: 'documented' },
  numerics: 'bit-exact',
  opTypes: [
    ...(['MaxPool', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose'] as const),
    ...(['Slice', 'Gather', 'Concat', 'DepthToSpace', 'SpaceToDepth'] as const),
  ],
  check(node, context) {
    const [output] = node.outputs;
    const operands = node.opType === 'Concat' ? node.inputs : node.inputs.slice(0, 1);
    if (!output || node.outputs.length > 1 || !operands.every((value) => isQuantized(value)))
      return null;
    const makers = operands.map((value) => value?.producer());
    const [first] = makers.map((maker) => quantizerParts(maker, context));
    if (!first || first.scales.length > 1) return null;
    // Of several integers only those of one scale and zero point stay comparable.
    const others = makers.filter(
      (maker) => maker?.inputs[1] !== first.scale || maker.inputs[2] !== first.node.inputs[2],
    );
    if (others.length > 0)
      return refuse('its operands have different scales or zero points', node, ...others);
    const named = `Let ${node.name} work on floats between DQ and Q`;
    return propose(named, [node, ...makers], () => edits(node, first.node, context));
  },
};

function isQuantized(value: Value | null | undefined): boolean {
  const type = value?.dataType;
  return isQuantizeNode(value?.producer()) && type !== undefined && codeRange(type) !== undefined;
}

function edits(node: Node, quantize: Node, context: PassContext): GraphEdit[] {
  const scaleInputs = quantize.inputs.slice(1).map((value) => value?.name ?? null);
  const scale = quantize.inputs[1];
  const dataType = constantOf(scale)?.dataType ?? 'float32';
  const [output] = node.outputs;
  const count = node.opType === 'Concat' ? node.inputs.length : 1;
  const made: GraphEdit[] = [];
  const floats = node.inputs.slice(0, count).map((value) => {
    const name = context.freshName(`${value?.name ?? ''}_dequantized`);
    made.push({
      kind: 'add-node',
      name: context.freshName(`${value?.name ?? ''}_DequantizeLinear`),
      opType: 'DequantizeLinear',
      inputs: [value?.name ?? null, ...scaleInputs],
      outputs: [{ name, dataType, ...(value?.shape ? { shape: value.shape } : {}) }],
      before: node.name,
    });
    return name;
  });
  const rest = node.inputs.slice(count).map((value) => value?.name ?? null);
  const result = context.freshName(`${output?.name ?? ''}_float`);
  return [
    ...made,
    {
      kind: 'add-node',
      name: context.freshName(`${node.name}_${node.opType}`),
      opType: node.opType,
      inputs: [...floats, ...rest],
      outputs: [{ name: result, dataType, ...(output?.shape ? { shape: output.shape } : {}) }],
      attributes: [...node.attributes.values()],
      before: node.name,
    },
    {
      kind: 'replace-node',
      node: node.name,
      name: context.freshName(`${output?.name ?? ''}_QuantizeLinear`),
      opType: 'QuantizeLinear',
      inputs: [result, ...scaleInputs],
      attributes: [...quantize.attributes.values()],
    },
  ];
}
