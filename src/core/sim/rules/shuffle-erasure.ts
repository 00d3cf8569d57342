import { docs } from '../docs.ts';
import { bypass } from '../graph/edits.ts';
import { sameDims } from '../graph/queries.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// A reshape to the same shape does nothing and goes.
export const shuffleErasure = defineSimRule<true>({
  id: 'shuffle-erasure',
  pass: 'ShuffleErasure',
  summary: 'A reshape to the shape that is there already vanishes',
  docs: [docs.fusions('shuffles that change nothing are removed')],
  evidence: { kind: 'observed', engines: ['resnet18.fp'] },
  kinds: ['SHUFFLE'],
  check(layer) {
    if (layer.parameters.transposes !== false || !sameDims(layer.input, layer.output)) return null;
    if (layer.input.dims.length === 0) return null;
    return layer.output.isOutput ? refuse('the network gives its result out', layer) : true;
  },
  effect(layer, _, edit) {
    edit.say(`Removing ${layer.name}`, layer);
    bypass(edit.graph, layer);
  },
});
