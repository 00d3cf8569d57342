import { isWeighted } from '../../layer-kind.ts';
import { tensorCoreUse } from '../../tensor-core-use.ts';
import { refTo } from '../engine-context.ts';
import { engineDocs } from '../engine-docs.ts';
import type { EngineRule } from '../engine-finding.ts';
import { calledName, percentText, timeText } from '../engine-words.ts';

/** Of the time of all layers: below, there is little to gain. */
const WORTH_A_WARNING = 0.03;

// Depthwise convolutions have too little to sum over for tensor cores; TensorRT's kernels for them are the right ones.
export const noTensorCoreTactic: EngineRule = {
  id: 'no-tensor-core-tactic',
  severity: 'warning',
  title: 'Product that runs without tensor cores',
  docs: [
    engineDocs.performance(
      'convolutions and products in FP16, BF16 and INT8 can run on tensor cores',
    ),
  ],
  evidence: { kind: 'observed', engines: ['yolov5n.mo', 'conv_dw_relu_chain'] },
  consequence: 'The arithmetic runs at a fraction of the rate of the tensor cores.',
  advice:
    'Align the channels (32 for INT8, 8 for FP16), give the layer more channels, or build without limits on tactic sources and workspace.',
  find: (context) =>
    context.layers
      .filter((layer) => {
        const isDepthwise =
          layer.convolution !== null && layer.convolution.groups === layer.inputs[0]?.dims[1];
        return (
          isWeighted(layer) &&
          !isDepthwise &&
          layer.precision !== 'fp32' &&
          layer.precision !== 'other' &&
          tensorCoreUse(layer.tactic) === 'no'
        );
      })
      .map((layer) => {
        const share = context.share(layer);
        const cost =
          share === null ? '' : `; ${timeText(context.timeUs([layer]))}, ${percentText(share)}`;
        return {
          layers: [refTo(layer)],
          message: `${calledName(layer)} computes in ${layer.precision.toUpperCase()} by ${layer.tactic ?? ''}, which uses no tensor cores${cost}.`,
          lostUs: null,
          ...(share !== null && share < WORTH_A_WARNING && { severity: 'info' as const }),
        };
      }),
};
