import { computesFloat, isWeighted } from '../../layer-kind.ts';
import { layerTimeUs } from '../../layer-time.ts';
import { refTo } from '../engine-context.ts';
import { engineDocs } from '../engine-docs.ts';
import type { EngineRule } from '../engine-finding.ts';
import { calledName, percentText, timeText } from '../engine-words.ts';

/** Of the time of all layers. */
const LEAST_SHARE = 0.1;
/** Times an even share: in an engine of five layers each takes a fifth, and none stands out. */
const ABOVE_EVEN = 3;

export const hotspot: EngineRule = {
  id: 'hotspot',
  severity: 'info',
  title: 'Layer that takes much of the time',
  docs: [engineDocs.performance('look first at the layers that a profile shows to be slow')],
  evidence: { kind: 'inferred', from: 'the profile alone' },
  consequence: 'What is gained here is gained by the whole network.',
  advice: 'Look here first: precision, channels, tactic, and whether the work is needed.',
  find(context) {
    const even = context.layers.length === 0 ? 0 : 1 / context.layers.length;
    return context.layers
      .filter((layer) => (context.share(layer) ?? 0) >= Math.max(LEAST_SHARE, ABOVE_EVEN * even))
      .map((layer) => {
        const isFloat = context.hasLow && computesFloat(layer) && isWeighted(layer);
        return {
          layers: [refTo(layer)],
          message: `${calledName(layer)} (${layer.layerType}, ${layer.precision.toUpperCase()}) takes ${timeText(layerTimeUs(layer))}, ${percentText(context.share(layer) ?? 0)} of all layers.`,
          lostUs: null,
          ...(isFloat && {
            severity: 'warning' as const,
            advice:
              'It computes in float in an engine that has INT8: quantize its input and weights.',
          }),
        };
      });
  },
};
