import type { SimLayer } from '../graph/sim-graph.ts';
import { docs } from '../docs.ts';
import { splitNormalization } from '../myelin/split-normalization.ts';
import { defineSimRule } from '../sim-rule.ts';

// The last LayerNorm of a vision transformer is read by a Gather or Slice that keeps one token: Myelin computes mean and
// variance of all tokens beside the Add before it, but applies them, in the next kernel, only to the token that is kept.
export const pickedNormalizationSplit = defineSimRule<SimLayer>({
  id: 'picked-normalization-split',
  pass: 'Myelin optimization',
  summary: 'LayerNorm of which one token is kept runs as two kernels',
  docs: [docs.fusions('normalizations are compiled with what surrounds them')],
  evidence: { kind: 'observed', engines: ['deit_tiny.convs', 'deit_tiny.mo', 'deit_tiny.fp'] },
  kinds: ['NORMALIZATION'],
  check(layer) {
    if (layer.op !== 'LayerNormalization' || layer.inputs.length !== 1) return null;
    const reader = layer.output.soleReader();
    return reader?.kind === 'GATHER' || (reader?.kind === 'SLICE' && reader.op !== 'Pad')
      ? reader
      : null;
  },
  effect(layer, pick, edit) {
    splitNormalization(edit.graph, layer);
    edit.say(`${layer.name} is split before ${pick.name}`, layer);
  },
});
