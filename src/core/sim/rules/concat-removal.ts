import { docs } from '../docs.ts';
import type { SimLayer, SimTensor } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// A Concat along the first axis longer than 1 needs no layer: its producers write into their part of the joined tensor.
// Producers that cannot write with strides, and parts that somebody else reads too, are copied there.
export const concatRemoval = defineSimRule<true>({
  id: 'concat-removal',
  pass: 'concat removal',
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
    const makers = new Set(layer.inputs.map((part) => part.producer));
    for (const part of [...layer.inputs]) {
      const reason = needsCopy(layer, part, makers);
      if (reason !== null) {
        edit.say(`Generating copy for ${part.name} to ${joined.name} because ${reason}.`);
        const name = `${part.name} copy`;
        graph.add(
          {
            kind: 'CAST',
            op: 'ConcatCopy',
            name,
            nodes: layer.nodes,
            inputs: [part],
            outputs: [joined],
          },
          layer,
        );
      } else {
        edit.say(`Retargeting ${part.name} to ${joined.name}`);
        const maker = part.producer;
        if (maker) graph.setOutput(maker, maker.outputs.indexOf(part), joined);
        // whoever else reads the part reads it inside the joined tensor
        for (const reader of [...part.readers])
          if (reader !== layer) graph.setInput(reader, reader.inputs.indexOf(part), joined);
      }
    }
    graph.remove(layer);
  },
});

function needsCopy(
  concat: SimLayer,
  part: SimTensor,
  makers: ReadonlySet<SimLayer | null>,
): string | null {
  const maker = part.producer;
  if (maker === null) return 'it is an input of the network';
  if (part.isOutput) return 'it is an output of the network';
  const users = [maker, ...part.readers];
  if (users.some((user) => user.kind === 'RESIZE')) return 'input does not support striding';
  if (part.readers.some((reader) => reader !== maker && makers.has(reader)))
    return 'concat input is consumed by producer of another input';
  const joins = part.readers.filter((reader) => reader.kind === 'CONCATENATION');
  return joins.length > 1 || stompsOnNext(concat, part) ? 'of stomping hazard' : null;
}

/** INT8 lies in groups of 32 channels: a part that ends inside a group would write over the start of the next one. */
function stompsOnNext(concat: SimLayer, part: SimTensor): boolean {
  const channels = part.dims[1];
  const isLast = concat.inputs.at(-1) === part;
  const packed = part.dataType === 'Int8' && concat.parameters.axis === 1;
  return packed && !isLast && typeof channels === 'number' && channels % CHANNEL_GROUP !== 0;
}
const CHANNEL_GROUP = 32;
