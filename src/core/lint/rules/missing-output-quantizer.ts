import type { FindingRule } from '../finding.ts';
import { dataInputs, floatText, isFloat } from '../graph-questions.ts';
import { lintDocs } from '../lint-docs.ts';
import { listed } from '../wording.ts';

/** Operators without weights that have INT8 kernels, and compute new values. */
const QUANTIZABLE: ReadonlySet<string> = new Set([
  'Add',
  'Sum',
  'Sub',
  'Mul',
  'Div',
  'Max',
  'Min',
  'AveragePool',
  'GlobalAveragePool',
  'Concat',
]);

// Only weighted layers go from INT8 to float by themselves. Others need DQ on every input and a Q behind them; without
// the Q they compute in float and the DQs run as layers. At the end of the network that is where INT8 ends.
export const missingOutputQuantizer: FindingRule = {
  id: 'missing-output-quantizer',
  severity: 'warning',
  title: 'An operator has DQ on its inputs and no Q behind it',
  docs: [lintDocs.explicitQuantization('layers without weights need quantized outputs, too')],
  evidence: {
    kind: 'observed',
    engines: ['pool_AveragePool_before', 'concat_unequal', 'pool_GlobalAveragePool_before'],
  },
  consequence: 'It runs in float, and each DQ before it is a layer.',
  advice: 'Put Q/DQ behind the operator, or remove those before it.',
  find: (context) =>
    context.nodes
      .filter(({ opType }) => QUANTIZABLE.has(opType))
      .flatMap((node) => {
        const inputs = dataInputs(node, context);
        const quantizers = inputs.flatMap((value) => context.dequantizeOf(value) ?? []);
        const [output] = node.outputs;
        if (inputs.length === 0 || quantizers.length < inputs.length || !output) return [];
        if (context.quantizesOf(output).length > 0) return [];
        const layer = context.layer(node);
        if (node.opType !== 'Concat' && !isFloat(layer)) return [];
        if (!quantizers.some((dq) => context.survives(dq.node))) return [];
        const names = quantizers.map((dq) => dq.node.name);
        const type = isFloat(layer) ? floatText(layer) : 'float';
        return [
          {
            nodes: [node.name, ...names],
            message: `${node.name} runs in ${type}: ${listed(names)} ${names.length > 1 ? 'stand' : 'stands'} before it, but no Q behind it.`,
            costBytes: context.bytes(output),
            ...(!context.isQuantizedLater(node) && { severity: 'info' as const }),
            fix: { kind: 'add-qdq' as const, description: `Add Q/DQ behind ${node.name}.` },
          },
        ];
      }),
};
