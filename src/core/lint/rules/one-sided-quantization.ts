import type { Value } from '../../ir/graph.ts';
import type { FindingRule } from '../finding.ts';
import { floatText, isFloat } from '../graph-questions.ts';
import type { LintContext } from '../lint-context.ts';
import { lintDocs } from '../lint-docs.ts';

// An INT8 kernel needs both operands in INT8. INT4 weights alone are a scheme of their own and not meant here.
export const oneSidedQuantization: FindingRule = {
  id: 'one-sided-quantization',
  severity: 'warning',
  title: 'Only one operand of a weighted layer has Q/DQ',
  docs: [lintDocs.explicitQuantization('quantize all inputs of weighted operations')],
  evidence: {
    kind: 'observed',
    engines: ['conv_act_only_q', 'conv_weight_only_q', 'matmul_act_only', 'concat_unequal'],
  },
  consequence:
    'It computes in float, and the Q/DQ of the other operand cost accuracy and perhaps a layer.',
  advice: 'Quantize both the activation and the weight, or neither.',
  find: (context) =>
    context.nodes.flatMap((node) => {
      const [x, w] = node.inputs;
      if (!context.isWeighted(node) || !x || !w) return [];
      const first = context.dequantizeOf(x);
      const second = context.dequantizeOf(w);
      if ((first === undefined) === (second === undefined)) return [];
      const type = (first ?? second)?.type ?? 'int8';
      const layer = context.layer(node);
      if (type !== 'int8' || (layer && !isFloat(layer))) return [];
      const constant = context.isConstant(w);
      const [has, lacks] = first ? [x, w] : [w, x];
      const words = constant
        ? first
          ? ['input', 'weight']
          : ['weight', 'input']
        : ['operand', 'operand'];
      return [
        {
          nodes: [node.name],
          message: `${node.name} runs in ${layer ? floatText(layer) : 'float'}: its ${words[0] ?? ''} ${sourceName(has, context)} has Q/DQ, its ${words[1] ?? ''} ${lacks.name} has none.`,
          costBytes: context.bytes(node.outputs[0]),
          fix: { kind: 'add-qdq', description: `Add Q/DQ on ${lacks.name} before ${node.name}.` },
        },
      ];
    }),
};

/** The name of what a DQ gives back: that of the tensor before its Q where there is one. */
function sourceName(value: Value, context: LintContext): string {
  const dq = context.dequantizeOf(value);
  const q = dq && context.quantizer(dq.data.producer());
  return (q ?? dq)?.data.name ?? value.name;
}
