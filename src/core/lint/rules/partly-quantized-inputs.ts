import type { FindingRule } from '../finding.ts';
import { dataInputs, floatText, isFloat } from '../graph-questions.ts';
import { lintDocs } from '../lint-docs.ts';
import { listed } from '../wording.ts';

const SEVERAL_INPUTS: ReadonlySet<string> = new Set([
  'Add',
  'Sum',
  'Sub',
  'Mul',
  'Div',
  'Max',
  'Min',
  'Concat',
]);

// An element-wise layer or Concat runs on integers only when all of its inputs do. An Add that a convolution takes into
// its epilogue is another matter: there the one input with Q/DQ is right.
export const partlyQuantizedInputs: FindingRule = {
  id: 'partly-quantized-inputs',
  severity: 'warning',
  title: 'Some inputs of an operator have Q/DQ, others not',
  docs: [lintDocs.explicitQuantization('layers without weights need DQ on every input')],
  evidence: {
    kind: 'observed',
    engines: ['eltwise_Add_one', 'eltwise_Mul_one', 'eltwise_Sub_one', 'residual_id_main_relu_c72'],
  },
  consequence: 'It runs in float, and the DQ before it is a layer that saves nothing.',
  advice: 'Put Q/DQ on the other inputs too, or remove those that are there.',
  find: (context) =>
    context.nodes
      .filter(({ opType }) => SEVERAL_INPUTS.has(opType))
      .flatMap((node) => {
        const layer = context.layer(node);
        if (!isFloat(layer) || context.runsWithWeights(node)) return [];
        const inputs = dataInputs(node, context);
        const quantized = inputs.flatMap((value) => context.dequantizeOf(value) ?? []);
        const float = inputs.filter((value) => !context.dequantizeOf(value));
        const survives = quantized.some((dq) => context.survives(dq.node));
        if (!survives || float.length === 0) return [];
        const names = quantized.map((dq) => dq.node.name);
        const others = float.map(({ name }) => name);
        return [
          {
            nodes: [node.name, ...names],
            message: `${node.name} runs in ${floatText(layer)}: ${listed(names)} ${names.length > 1 ? 'stand' : 'stands'} before it, but ${listed(others)} ${others.length > 1 ? 'have' : 'has'} no Q/DQ.`,
            costBytes: context.bytes(node.outputs[0]),
            fix: {
              kind: 'add-qdq' as const,
              description: `Add Q/DQ on ${listed(others)} before ${node.name}.`,
            },
          },
        ];
      }),
};
