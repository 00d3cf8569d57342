import { docs } from '../docs.ts';
import type { SimGraph, SimLayer, SimTensor } from '../graph/sim-graph.ts';
import { dequantizeOf } from '../graph/queries.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// A Concat along the first axis longer than 1 needs no layer: its producers write into their part of the joined tensor.
// Producers that cannot write with strides, and parts that somebody else reads too, are copied there. Resizes cannot, and
// convolutions whose bias is an input (squeezenet1_1.convs, ghostnet_100.convs: all copied; the others of these write).
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
    const levels = levelsOf(graph);
    for (const part of [...layer.inputs]) {
      const reason = needsCopy(layer, part, { makers, levels });
      if (reason !== null) {
        edit.say(`Generating copy for ${part.name} to ${joined.name} because ${reason}.`);
        const name = `${part.name} copy`;
        const copy = graph.add(
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
        levels.set(copy, levels.get(layer) ?? 0);
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

interface Surroundings {
  readonly makers: ReadonlySet<SimLayer | null>;
  /** How many layers in a row come before each, at most. */
  readonly levels: ReadonlyMap<SimLayer, number>;
}

function needsCopy(
  concat: SimLayer,
  part: SimTensor,
  { makers, levels }: Surroundings,
): string | null {
  const maker = part.producer;
  if (maker === null) return 'it is an input of the network';
  if (part.isOutput) return 'it is an output of the network';
  const users = [maker, ...part.readers];
  if (users.some((user) => user.kind === 'RESIZE') || maker.parameters.dynamicBias)
    return 'input does not support striding';
  if (part.readers.some((reader) => reader !== maker && makers.has(reader)))
    return 'concat input is consumed by producer of another input';
  const joins = part.readers.filter((reader) => reader.kind === 'CONCATENATION');
  return joins.length > 1 || stompsOnNext(concat, part, levels) ? 'of stomping hazard' : null;
}

/**
 * Images may lie in groups of 32 channels: a part that ends inside a group would write over the start of the next one, if
 * it is made after that (mixnet_s.opt; googlenet.opt, inception4d; not shufflenet_v2_x1_0.opt, stage2.0).
 */
function stompsOnNext(concat: SimLayer, part: SimTensor, levels: Surroundings['levels']): boolean {
  const at = concat.inputs.indexOf(part);
  const next = concat.inputs[at + 1]?.producer;
  if (!part.producer || !next || concat.parameters.axis !== 1) return false;
  const channels = concat.inputs.slice(0, at + 1).map((input) => input.dims[1]);
  const end = channels.reduce<number>((sum, n) => sum + (typeof n === 'number' ? n : NaN), 0);
  return end % CHANNEL_GROUP > 0 && runsAfter(part.producer, next, levels);
}
const CHANNEL_GROUP = 32;

/** The builder orders by level (yolov5n, block c2); inside one, the parts of a Split are read from the last to the first. */
function runsAfter(layer: SimLayer, other: SimLayer, levels: Surroundings['levels']): boolean {
  const later = (levels.get(layer) ?? 0) - (levels.get(other) ?? 0);
  return later > 0 || (later === 0 && readsPart(layer) && sourceOf(layer) === sourceOf(other));
}

const readsPart = (layer: SimLayer): boolean =>
  layer.kind === 'CONVOLUTION' && sourceOf(layer).dims[1] !== layer.parameters.inputChannels;

const sourceOf = ({ input }: SimLayer): SimTensor => dequantizeOf(input)?.input ?? input;

/** Counted once for a graph, in time linear in its size, and kept for its other Concats. */
function levelsOf(graph: SimGraph): Map<SimLayer, number> {
  const known = counted.get(graph);
  if (known) return known;
  const levels = new Map<SimLayer, number>();
  for (const layer of graph.layers()) {
    const makers = layer.inputs.map(({ producer }) => (producer && levels.get(producer)) ?? 0);
    levels.set(layer, layer.kind === 'CONSTANT' ? 0 : 1 + Math.max(0, ...makers));
  }
  counted.set(graph, levels);
  return levels;
}
const counted = new WeakMap<SimGraph, Map<SimLayer, number>>();
