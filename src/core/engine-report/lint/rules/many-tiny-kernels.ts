import { layerTimeUs, shareOf, sumTimeUs } from '../../layer-time.ts';
import { refTo } from '../engine-context.ts';
import { engineDocs } from '../engine-docs.ts';
import type { EngineRule } from '../engine-finding.ts';
import { percentText, timeText } from '../engine-words.ts';

/** Microseconds: about what the launch of a kernel takes. */
const TINY_US = 5;
const LEAST_KERNELS = 20;
/** Of the time of all layers. */
const LEAST_SHARE = 0.2;

export const manyTinyKernels: EngineRule = {
  id: 'many-tiny-kernels',
  severity: 'info',
  title: 'Many kernels of a few microseconds',
  docs: [engineDocs.performance('CUDA graphs take the cost of launching kernels away')],
  evidence: { kind: 'inferred', from: 'the profile alone' },
  consequence: 'The GPU waits for launches as long as it computes.',
  advice:
    'Run with CUDA graphs, use a larger batch, or fuse what is between the layers (fewer reformats, fewer point-wise operators).',
  find(context) {
    const tiny = context.layers.filter((layer) => {
      const time = layerTimeUs(layer);
      return time !== null && time > 0 && time < TINY_US;
    });
    const sum = sumTimeUs(tiny);
    const share = shareOf(sum, context.totalUs);
    if (tiny.length < LEAST_KERNELS || sum === null || share === null || share < LEAST_SHARE)
      return [];
    return [
      {
        layers: tiny.map(refTo),
        message: `${String(tiny.length)} of ${String(context.layers.length)} kernels take less than ${String(TINY_US)} µs each, together ${timeText(sum)} or ${percentText(share)}.`,
        lostUs: null,
      },
    ];
  },
};
