import { docs } from '../docs.ts';
import { bypass } from '../graph/edits.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// A Slice without steps along the first axis longer than 1 is a pointer into its source: its readers read there.
export const sliceRemoval = defineSimRule<true>({
  id: 'slice-removal',
  pass: 'slice removal',
  summary: 'A contiguous Slice is read in place and vanishes',
  docs: [docs.fusions('slices that are contiguous in memory are read in place')],
  evidence: { kind: 'observed', engines: ['move_SliceC_before', 'move_Split_before'] },
  kinds: ['SLICE'],
  check(layer) {
    const { slicedAxes = [], strided = false } = layer.parameters;
    if (layer.op === 'Pad' || layer.output.isOutput) return null;
    if (layer.output.readers.length > 1) return refuse('several layers read it', layer);
    if (strided) return refuse('it skips elements', layer);
    const axis = slicedAxes[0];
    if (axis === undefined) return true;
    if (slicedAxes.length > 1) return refuse('it cuts more than one axis', layer);
    const outer = layer.input.dims.slice(0, axis);
    return (
      outer.every((dim) => dim === 1) ||
      refuse('the dimensions before its axis are longer than 1', layer)
    );
  },
  effect(layer, _, edit) {
    const reader = layer.output.soleReader();
    if (reader?.kind === 'CONCATENATION') {
      becomeCopy(layer, reader);
      return;
    }
    edit.say(
      `Eliminating slice ${layer.name} by retargeting ${layer.output.name} to ${layer.input.name}`,
      layer,
    );
    bypass(edit.graph, layer);
  },
});

/** A part of one tensor that goes into another is copied there; the copy carries the Concat. */
function becomeCopy(layer: SimLayer, concat: SimLayer): void {
  layer.kind = 'CAST';
  layer.op = 'ConcatCopy';
  layer.name = `${layer.output.name} copy`;
  layer.nodes = concat.nodes;
}
