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

export const implicitInt8 = defineSimRule<true>({
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
    if (!implicitInt8 || layer.quantized) return null;
    if (layer.input.dims.length < 4 || !keepsInt8(layer)) return null;
    return (
      chainLength(layer) >= WORTH ||
      refuse('too few INT8 layers in a row to pay for the conversions', layer)
    );
  },
  effect(layer, _, edit) {
    layer.quantized = true;
    if (!layer.output.isOutput && layer.output.readers.every(keepsInt8))
      layer.output.dataType = 'Int8';
    edit.say(`${layer.name} runs in INT8: no Q/DQ forbids it`, layer);
  },
});

/** Layers with INT8 kernels in a row that make the conversions at both ends worth while. */
const WORTH = 4;

const takesInt8 = (layer: SimLayer): boolean => HAS_INT8.includes(layer.kind);

/** Reads INT8 and passes it on: a reshape in front of a float output of the network does not. */
const keepsInt8 = (layer: SimLayer): boolean =>
  takesInt8(layer) && !(layer.kind === 'SHUFFLE' && layer.output.isOutput);

/** How many layers with INT8 kernels of their own hang together here, counted up to what matters. */
function chainLength(start: SimLayer): number {
  const seen = new Set<SimLayer>([start]);
  const open = [start];
  let weighty = 0;
  for (let layer = open.pop(); layer && weighty < WORTH; layer = open.pop()) {
    if (layer.kind === 'CONVOLUTION' || layer.kind === 'DECONVOLUTION') weighty++;
    const makers = layer.inputs.map((tensor) => tensor.producer);
    for (const other of [...makers, ...layer.outputs.flatMap((tensor) => tensor.readers)])
      if (other && takesInt8(other) && !seen.has(other)) {
        seen.add(other);
        open.push(other);
      }
  }
  return weighty;
}
