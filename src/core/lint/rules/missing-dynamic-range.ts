import type { FindingRule } from '../finding.ts';
import { lintDocs } from '../lint-docs.ts';
import { counted } from '../wording.ts';

// Without Q/DQ a weakly typed build that allows INT8 quantizes by itself, and wants a range for each tensor from a
// calibrator. trtexec makes ranges up, which is fit for timing only.
export const missingDynamicRange: FindingRule = {
  id: 'missing-dynamic-range',
  severity: 'info',
  title: 'INT8 is allowed for a model without Q/DQ',
  docs: [
    lintDocs.explicitQuantization('implicit quantization is deprecated; it needs dynamic ranges'),
  ],
  evidence: { kind: 'observed', engines: ['mlp_Relu_noq', 'deconv_k2_fp'] },
  until: '10.16',
  consequence:
    'Layers go to INT8 by timing, with ranges from a calibrator or, in trtexec, made-up ones.',
  advice: 'Add Q/DQ, or build in mode fp16; implicit quantization is gone in TensorRT 11.',
  find(context) {
    const { mode } = context.target;
    if (context.quantizers.length > 0 || (mode !== 'best' && mode !== 'int8')) return [];
    const { int8Layers, computeLayers } = context.engine.summary;
    return [
      {
        nodes: [],
        message: `The model has no Q/DQ, and mode ${mode} allows INT8: ${String(int8Layers)} of ${counted(computeLayers, 'layer')} may run in INT8 with ranges that nobody calibrated.`,
        parserMessage:
          'Calibrator is not being used. Users must provide dynamic range for all tensors that are not Int32 or Bool.',
        fix: {
          kind: 'change-target',
          description: 'Choose the mode fp16, or quantize the model with Q/DQ.',
        },
      },
    ];
  },
};
