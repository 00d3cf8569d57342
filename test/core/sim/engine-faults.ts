import type { Graph } from '../../../src/core/ir/graph.ts';
import type { PredictedEngine, PredictedLayer } from '../../../src/core/sim/predicted-engine.ts';

const QUANTIZERS = new Set(['QuantizeLinear', 'DequantizeLinear']);

/** What is wrong with a predicted engine, whatever the model: nothing may be. */
export function engineFaults(engine: PredictedEngine, graph: Graph): string[] {
  return [
    ...orderFaults(engine, graph),
    ...outputFaults(engine, graph),
    ...nodeFaults(engine, graph),
  ];
}

/** Each tensor that a layer reads is an input or a constant of the network, or made by a layer before it. */
function orderFaults(engine: PredictedEngine, graph: Graph): string[] {
  const known = new Set(graph.inputs.map((value) => value.name));
  for (const value of graph.values()) if (value.tensor) known.add(value.name);
  const faults: string[] = [];
  engine.layers.forEach((layer, i) => {
    if (layer.index !== i) faults.push(`${layer.name} has index ${String(layer.index)}`);
    for (const { name } of layer.inputs)
      if (!known.has(name))
        faults.push(`${layer.name} reads ${name}, which no layer before it makes`);
    if (layer.outputs.length === 0) faults.push(`${layer.name} makes nothing`);
    for (const { name } of layer.outputs) known.add(name);
  });
  return faults;
}

/** Each output of the network that a node makes is made by a layer. */
function outputFaults({ layers }: PredictedEngine, graph: Graph): string[] {
  const made = new Set(layers.flatMap((layer) => layer.outputs.map((tensor) => tensor.name)));
  return graph.outputs
    .filter((value) => value.producer() !== null && !made.has(value.name))
    .map((value) => `no layer makes the output ${value.name}`);
}

/** Each node is in a layer, or an event of the trace names it; a Q or DQ alone in a layer is told to survive. */
function nodeFaults({ layers, trace }: PredictedEngine, graph: Graph): string[] {
  const told = new Set([...layers, ...trace].flatMap(({ nodes }) => nodes));
  const faults: string[] = [];
  const untold = [...neededNodes(graph)].filter((node) => !told.has(node)).sort();
  const [first] = untold;
  const more = untold.length > 1 ? ` and ${String(untold.length - 1)} more` : '';
  if (first !== undefined) faults.push(`nobody tells of ${first}${more}`);
  const isQuantizer = (name: string): boolean => QUANTIZERS.has(graph.node(name)?.opType ?? '');
  // a kernel that Myelin generates for a lone Q is listed as the kernel that it is
  const isSurvivor = ({ nodes, role, layerType }: PredictedLayer): boolean =>
    role === 'compute' && layerType !== 'kgen' && nodes.length > 0 && nodes.every(isQuantizer);
  for (const layer of layers)
    if (isSurvivor(layer)) faults.push(`${layer.name} holds only Q/DQ and is not marked so`);
  return faults;
}

/** Names of nodes that an output depends on; constants and shape arithmetic make no layers. */
function neededNodes(graph: Graph): Set<string> {
  const needed = new Set<string>();
  const open = graph.outputs.map((value) => value.producer());
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === null || needed.has(node.name)) continue;
    needed.add(node.name);
    for (const value of node.inputs) if (value) open.push(value.producer());
  }
  for (const name of needed) if (CONSTANTS.has(graph.node(name)?.opType ?? '')) needed.delete(name);
  return needed;
}
const CONSTANTS = new Set(['Constant', 'Shape', 'ConstantOfShape']);
