import { docs } from '../docs.ts';
import type { LayerKind } from '../graph/layer-parameters.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// Without any Q/DQ and with INT8 allowed, TensorRT may run every layer that has an INT8 kernel on integers and picks by
// time. A network of several convolutions does (resnet18.fp); where INT8 would be entered and left for one or two
// layers, the conversions cost more than they save (deconv_k2_fp). Where the line lies is a guess, marked uncertain.
const HAS_INT8: readonly LayerKind[] = [
  'CONVOLUTION',
  'DECONVOLUTION',
  'POOLING',
  'POINTWISE',
  'CONCATENATION',
  'RESIZE',
  'SLICE',
  'SHUFFLE',
];

export const implicitInt8 = defineSimRule<readonly SimLayer[]>({
  id: 'implicit-int8',
  pass: 'Autotuning format combination',
  summary: 'Without Q/DQ, layers with INT8 kernels run in INT8 where the builder may choose it',
  docs: [
    docs.explicitQuantization(
      'implicit quantization uses INT8 wherever it is faster, with no say of the graph',
    ),
  ],
  evidence: { kind: 'observed', engines: ['resnet18.fp', 'deconv_k2_fp'] },
  until: '10.16',
  kinds: [...HAS_INT8],
  check(layer, { implicitInt8 }) {
    if (!implicitInt8 || !choosesInt8(layer)) return null;
    const chain = chainOf(layer);
    return chain.filter(isWeighted).length >= WORTH
      ? chain.filter(choosesInt8)
      : refuse('too few INT8 layers in a row to pay for the conversions', layer);
  },
  effect(_, chain, edit) {
    for (const layer of chain) {
      layer.quantized = true;
      if (!layer.output.isOutput && layer.output.readers.every(keepsInt8))
        layer.output.dataType = 'Int8';
      edit.say(`${layer.name} runs in INT8: no Q/DQ forbids it`, layer);
    }
  },
});

/** Convolutions in a row that make the conversions at both ends worth while. */
const WORTH = 4;

const isWeighted = (layer: SimLayer): boolean =>
  layer.kind === 'CONVOLUTION' || layer.kind === 'DECONVOLUTION';

const takesInt8 = (layer: SimLayer): boolean => HAS_INT8.includes(layer.kind);

/** Reads INT8 and passes it on: a reshape in front of a float output of the network does not. */
const keepsInt8 = (layer: SimLayer): boolean =>
  takesInt8(layer) && !(layer.kind === 'SHUFFLE' && layer.output.isOutput);

const choosesInt8 = (layer: SimLayer): boolean =>
  !layer.quantized && layer.input.dims.length >= 4 && keepsInt8(layer);

/** The layers with INT8 kernels of their own that hang together with `start`. */
function chainOf(start: SimLayer): SimLayer[] {
  const chain = new Set<SimLayer>([start]);
  // a set grows while it is walked
  for (const layer of chain) {
    for (const { producer } of layer.inputs)
      if (producer && takesInt8(producer)) chain.add(producer);
    for (const { readers } of layer.outputs)
      for (const reader of readers) if (takesInt8(reader)) chain.add(reader);
  }
  return [...chain];
}
