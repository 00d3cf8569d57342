import { assert } from '../../base/assert.ts';
import type { LayerInit, SimGraph, SimLayer } from './sim-graph.ts';
import { SimTensor } from './sim-graph.ts';

/** Nodes and notes of `from` go on in `into`. */
function inherit(into: SimLayer, from: SimLayer): void {
  if (from.nodes.length > 0) into.nodes = [...into.nodes, ...from.nodes];
  for (const note of from.notes) into.notes.push(note);
}

/**
 * Fuses `follower`, which reads `layer`, into `layer`: its other inputs are appended (each tensor once), its outputs become the layer's,
 * and the layer takes its place in the order.
 */
export function absorbFollower(
  graph: SimGraph,
  layer: SimLayer,
  follower: SimLayer,
  name = `${layer.name} + ${follower.name}`,
): void {
  const others = follower.inputs.filter(
    (tensor) => tensor !== layer.output && !layer.inputs.includes(tensor),
  );
  const outputs = [...follower.outputs];
  graph.moveBefore(layer, follower);
  graph.remove(follower);
  for (const tensor of others) graph.addInput(layer, tensor);
  outputs.forEach((tensor, index) => {
    graph.setOutput(layer, index, tensor);
  });
  layer.name = name;
  inherit(layer, follower);
}

/** Fuses the maker of input `index` into `layer`, which then reads what the maker read; constants leave no input. */
export function absorbProducer(graph: SimGraph, layer: SimLayer, index: number): SimLayer {
  const maker = layer.inputs[index]?.producer;
  assert(maker, `input ${String(index)} of ${layer.name} has no maker`);
  const source = maker.inputs[0];
  if (source === undefined) graph.removeInput(layer, index);
  else graph.setInput(layer, index, source);
  inherit(layer, maker);
  if (maker.output.readers.length === 0 && !maker.output.isOutput) graph.remove(maker);
  return maker;
}

/** Takes a layer with one input out of the flow: its readers read what it read. */
export function bypass(graph: SimGraph, layer: SimLayer): void {
  const { input, output } = layer;
  graph.remove(layer);
  if (output.isOutput && input.producer) {
    // the network's output keeps its name: the maker of the input now makes it
    graph.redirect(input, output);
    const maker = input.producer;
    graph.setOutput(maker, maker.outputs.indexOf(input), output);
  } else graph.redirect(output, input);
}

/**
 * Swaps two layers in a row, one of them a Q or DQ: `second` then reads what `first` read and is read by it. The tensor
 * between them keeps its name, as in real engines.
 */
export function swapWithFollower(graph: SimGraph, first: SimLayer, second: SimLayer): void {
  const source = first.input;
  const middle = first.output;
  const end = second.output;
  const quantizes = second.kind === 'QUANTIZE';
  const at = second.inputs.indexOf(middle);
  const fresh = new SimTensor(
    middle.name,
    quantizes ? source.dims : end.dims,
    quantizes ? end.dataType : source.dataType,
  );
  graph.setInput(second, at, source);
  graph.setOutput(second, 0, fresh);
  graph.setInput(first, first.inputs.indexOf(source), fresh);
  graph.setOutput(first, 0, end);
  graph.moveBefore(first, second.next);
}

/** A copy of `layer` in front of `before`, with one input and a fresh output. */
export function cloneLayer(
  graph: SimGraph,
  layer: SimLayer,
  change: Pick<LayerInit, 'name'> & { readonly input: SimTensor; readonly output: SimTensor },
  before: SimLayer,
): SimLayer {
  const copy = graph.add(
    {
      kind: layer.kind,
      op: layer.op,
      name: change.name,
      nodes: layer.nodes,
      inputs: [change.input],
      outputs: [change.output],
      parameters: layer.parameters,
      ...(layer.quantizer && { quantizer: layer.quantizer }),
    },
    before,
  );
  copy.notes.push(...layer.notes);
  return copy;
}
