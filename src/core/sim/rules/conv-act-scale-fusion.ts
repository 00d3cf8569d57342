import { docs } from '../docs.ts';
import { absorbFollower } from '../graph/edits.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// A requantization, or another scale on integers, runs in the epilogue of the INT8 convolution before it.
export const convActScaleFusion = defineSimRule<SimLayer>({
  id: 'conv-act-scale-fusion',
  pass: 'ConvActScaleFusion',
  summary: 'A requantization runs inside the convolution before it',
  docs: [docs.fusions('convolution, activation and scale become one layer')],
  evidence: {
    kind: 'observed',
    engines: ['concat_unequal_after', 'move_AddConst_both', 'move_MulConst_both'],
  },
  kinds: ['CONVOLUTION'],
  check(layer) {
    if (!layer.quantized || layer.output.dataType !== 'Int8') return null;
    const scale = layer.output.readers.find(isUniformOnIntegers);
    if (!scale) return null;
    return layer.output.soleReader()
      ? scale
      : refuse('the convolution has other readers beside the scale', layer);
  },
  effect(layer, scale, edit) {
    edit.say(`ConvActScaleFusion : Fusing ${layer.name} with ${scale.name}`, layer, scale);
    absorbFollower(edit.graph, layer, scale);
    layer.activation = 'GENERIC';
  },
});

/** One factor or summand for the whole tensor; a BatchNorm's, one for each channel, has no such epilogue. */
const isUniformOnIntegers = (layer: SimLayer): boolean =>
  layer.kind === 'SCALE' &&
  (layer.op === 'Requantize' ||
    (layer.quantized && layer.parameters.elements === 1 && !layer.activation));
