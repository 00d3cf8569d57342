import { docs } from '../docs.ts';
import { bypass } from '../graph/edits.ts';
import { sameDims } from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// A Slice without steps along the first axis longer than 1 is a pointer into its source: its reader reads there. So does
// everybody behind a Slice that takes all (ghostnet_100.convs). A convolution whose bias is an input cannot read with
// strides, and the Slice before it stays as a copy (shufflenet_v2_x1_0.convs).
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
    if (!strided && sameDims(layer.input, layer.output)) return true;
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
    const takesAll = sameDims(layer.input, layer.output);
    if (reader?.kind === 'CONCATENATION' && !takesAll) {
      becomeCopy(layer, reader);
      return;
    }
    if (reader?.parameters.dynamicBias && !takesAll) {
      edit.say(
        `Replacing slice ${layer.name} with copy from ${layer.input.name} to ${layer.output.name}`,
        layer,
      );
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
