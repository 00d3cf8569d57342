import type { FindingRule } from '../finding.ts';
import { lintDocs } from '../lint-docs.ts';
import { counted } from '../wording.ts';

// A strongly typed build takes the types of the file. A file in FP32 gives FP32 layers wherever there is no Q/DQ.
export const strongFloat32: FindingRule = {
  id: 'strong-float32',
  severity: 'info',
  title: 'A strongly typed build of an FP32 model',
  docs: [lintDocs.migration('strongly typed networks run in the types of the model')],
  evidence: { kind: 'documented' },
  since: '10.0',
  consequence: 'Layers without Q/DQ run in FP32 (TF32 at best); nothing lowers them to FP16.',
  advice: 'Export in FP16 or BF16, or convert with AutoCast, before a strongly typed build.',
  find(context) {
    if (context.target.mode !== 'strong') return [];
    const layers = context.engine.layers.filter(
      ({ role, precision }) => role === 'compute' && precision === 'fp32',
    );
    const nodes = [...new Set(layers.flatMap((layer) => layer.nodes))].filter(
      (name) => !context.quantizer(context.graph.node(name)),
    );
    if (nodes.length === 0) return [];
    const all = context.engine.layers.filter(({ role }) => role === 'compute').length;
    const bytes = layers.map((layer) => context.tensorBytes(layer.outputs[0]));
    return [
      {
        nodes,
        message: `${counted(layers.length, 'layer')} of ${String(all)} run in FP32, because the model is FP32.`,
        costBytes: bytes.reduce((a, b) => a + b, 0),
        fix: { kind: 'change-target', description: 'Convert the model to FP16 around its Q/DQ.' },
      },
    ];
  },
};
