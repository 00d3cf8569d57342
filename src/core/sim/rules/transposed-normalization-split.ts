import type { SimLayer } from '../graph/sim-graph.ts';
import { docs } from '../docs.ts';
import { splitNormalization } from '../myelin/split-normalization.ts';
import { defineSimRule } from '../sim-rule.ts';

// A LayerNorm over channels that a Transpose has just brought to the end (ConvNeXt) reads with strides: Myelin computes
// mean and variance in one kernel, and applies them, with the Transpose back, in another. Both name the LayerNorm.
export const transposedNormalizationSplit = defineSimRule<SimLayer>({
  id: 'transposed-normalization-split',
  pass: 'Myelin optimization',
  summary: 'LayerNorm behind a Transpose runs as two kernels',
  docs: [docs.fusions('normalizations are compiled with what surrounds them')],
  evidence: { kind: 'observed', engines: ['convnext_atto.convs', 'convnext_atto.short'] },
  kinds: ['NORMALIZATION'],
  check(layer) {
    if (layer.op !== 'LayerNormalization' || layer.inputs.length !== 1) return null;
    const maker = layer.producer;
    return maker?.kind === 'SHUFFLE' && maker.parameters.transposes === true ? maker : null;
  },
  effect(layer, transpose, edit) {
    splitNormalization(edit.graph, layer);
    edit.say(`${layer.name} is split behind ${transpose.name}`, layer);
  },
});
