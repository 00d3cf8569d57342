import { docs } from '../docs.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// A Concat along the first axis longer than 1 needs no layer: its producers write into their part of the joined tensor.
// Producers that cannot write with strides, and parts that somebody else reads too, are copied there.
export const concatRemoval = defineSimRule<true>({
  id: 'concat-removal',
  pass: 'ConcatRemoval',
  summary: 'Producers write straight into the joined tensor, and the Concat vanishes',
  docs: [docs.fusions('concatenation is removed where inputs can be written in place')],
  evidence: { kind: 'observed', engines: ['concat_unequal_after', 'spp_equal', 'yolov5n.convs'] },
  kinds: ['CONCATENATION'],
  check(layer) {
    const { axis = 1 } = layer.parameters;
    const outer = layer.output.dims.slice(0, axis);
    return (
      outer.every((dim) => dim === 1) ||
      refuse('the dimensions before its axis are longer than 1', layer)
    );
  },
  effect(layer, _, edit) {
    const { graph } = edit;
    edit.say(`Eliminating concatenation ${layer.name}`, layer);
    const joined = layer.output;
    for (const part of [...layer.inputs]) {
      const reason = needsCopy(part.producer, part.readers.length);
      if (reason !== null) {
        edit.say(`Generating copy for ${part.name} to ${joined.name} because ${reason}.`);
        const name = `${part.name} copy`;
        graph.add(
          { kind: 'CAST', op: 'ConcatCopy', name, nodes: [], inputs: [part], outputs: [joined] },
          layer,
        );
      } else {
        edit.say(`Retargeting ${part.name} to ${joined.name}`);
        const maker = part.producer;
        if (maker) graph.setOutput(maker, maker.outputs.indexOf(part), joined);
      }
    }
    graph.remove(layer);
  },
});

function needsCopy(maker: SimLayer | null, readers: number): string | null {
  if (maker === null) return 'it is an input of the network';
  if (readers > 1) return 'concat input is consumed by another layer';
  return maker.kind === 'RESIZE' ? 'input does not support striding' : null;
}
