import { isWeighted } from '../placement/weight-axis.ts';
import type { Graph, Node } from '../ir/graph.ts';
import type { Model } from '../ir/model.ts';
import { dequantizersOf, isDequantizeNode, quantizeOf } from '../ir/quantizer-nodes.ts';
import type { FloatModel } from './float-model.ts';
import { readsStoredIntegers, withoutQuantizers } from './float-model.ts';

/** A layer with weights that runs quantized, and the quantizers that make it so. */
export interface QuantizedLayer {
  readonly node: string;
  readonly opType: string;
  /** The DQs that it reads, directly or through reshapes, in the order of its inputs. */
  readonly dequantizers: readonly string[];
}

/** Nodes that only move numbers: exporters put them between a DQ and the layer that it is for. */
const MOVING = /^(?:Identity|Transpose|Reshape|Flatten|Squeeze|Unsqueeze)$/;

/** The convolutions and matrix products of `graph` that read at least one DQ, in graph order. */
export function quantizedLayers(graph: Graph): readonly QuantizedLayer[] {
  const layers: QuantizedLayer[] = [];
  for (const node of graph.nodes()) {
    if (!isWeighted(node)) continue;
    const dequantizers = new Set<string>();
    for (const input of node.inputs) {
      let maker = input?.producer();
      while (maker && MOVING.test(maker.opType)) maker = maker.inputs[0]?.producer();
      if (isDequantizeNode(maker) && maker) dequantizers.add(maker.name);
    }
    if (dequantizers.size > 0)
      layers.push({ node: node.name, opType: node.opType, dequantizers: [...dequantizers] });
  }
  return layers;
}

/**
 * The model with only `layer` quantized. A pair that others read too goes on for this layer alone: the others get the float
 * value. Between a DQ and the layer nobody else is looked for: what reads a reshape there gets the same as the layer.
 */
export function onlyQuantized(model: Model, layer: QuantizedLayer): FloatModel {
  const graph = model.graph.clone();
  const kept = new Set<Node>();
  for (const name of layer.dequantizers) {
    const dequantize = graph.node(name);
    if (!dequantize) continue;
    kept.add(dequantize);
    giveOthersFloat(graph, dequantize, layer.node);
  }
  const names = new Set<string>();
  for (const node of kept) {
    names.add(node.name);
    const quantize = quantizeOf(node);
    if (!quantize) continue;
    names.add(quantize.name);
    // Other DQs on the same Q go, and what reads them must not be left with its integers.
    const [source = null] = quantize.inputs;
    for (const other of dequantizersOf(quantize))
      if (!kept.has(other)) graph.setInput(other, 0, source);
  }
  return withoutQuantizers({ ...model, graph }, (node) => !names.has(node.name));
}

/** All readers of a DQ but the way to `layer` read what its Q reads; network outputs do so through an Identity. */
function giveOthersFloat(graph: Graph, dequantize: Node, layer: string): void {
  const [output] = dequantize.outputs;
  const source = quantizeOf(dequantize)?.inputs[0];
  if (!output || !source || readsStoredIntegers(dequantize)) return;
  for (const { node, index } of output.uses())
    if (index >= 0 && !leadsTo(node, layer)) graph.setInput(node, index, source);
  if (!output.isGraphOutput) return;
  const own = graph.ensureValue(graph.freshName(`${output.name}_quantized_here`));
  own.dataType = output.dataType;
  for (const { node, index } of output.uses()) if (index >= 0) graph.setInput(node, index, own);
  graph.setOutput(dequantize, 0, own);
  const name = graph.freshName(`${output.name}_identity`);
  graph.addNode({ name, opType: 'Identity', inputs: [source], outputs: [output] }, dequantize);
}

function leadsTo(node: Node, layer: string): boolean {
  if (node.name === layer) return true;
  if (!MOVING.test(node.opType)) return false;
  return (node.outputs[0]?.consumers() ?? []).some((reader) => leadsTo(reader, layer));
}
