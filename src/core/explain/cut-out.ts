import type { Graph, Node, Value } from '../ir/graph.ts';
import type { Model } from '../ir/model.ts';
import { constantOf, isQuantizer } from '../ir/quantizer-nodes.ts';

/** Computing nodes from the middle to the edge of a piece: a block of a residual network on each side. */
const RADIUS = 7;
/** Graphs up to this many nodes are not worth cutting. */
const SMALL = 90;

/**
 * A piece of `model` around the nodes `middle`, as a model of its own whose engine is found faster: what stands further
 * away becomes inputs and outputs. Decisions near the middle are the same as in the whole, those at the edge may differ;
 * so it serves to choose among edits, and the choice is proved on the whole. Gives `model` itself where it is small.
 */
export function cutOut(model: Model, middle: readonly string[]): Model {
  if (model.graph.nodeCount <= SMALL) return model;
  const keep = around(model.graph, middle);
  const graph = model.graph.clone();
  const isKept = (node: Node): boolean => keep.has(node.name);
  const seeds = [...graph.outputs];
  for (const node of graph.nodes()) if (!isKept(node)) dropNode(graph, node, isKept);
  for (const value of seeds)
    if (value.producer() === null && value.useCount === 0) forgetOutput(graph, value);
  for (const value of [...graph.values()]) {
    const isMade = value.producer() !== null || value.tensor !== undefined || value.isGraphInput;
    if (!isMade && value.useCount > 0) graph.addInput(value);
    else if (!isMade && !value.isGraphOutput) graph.dropValue(value);
    else if (value.useCount === 0 && value.tensor !== undefined) graph.dropValue(value);
  }
  return { ...model, graph };
}

/** What the removed node read from the piece is an output of the piece. */
function dropNode(graph: Graph, node: Node, isKept: (node: Node) => boolean): void {
  for (const value of [...node.inputs, ...node.captures]) {
    const maker = value?.producer();
    if (value && maker && isKept(maker) && !value.isGraphOutput && constantOf(value) === undefined)
      graph.addOutput(value);
  }
  graph.removeNode(node);
}

function forgetOutput(graph: Graph, value: Value): void {
  const at = graph.outputs.indexOf(value);
  if (at >= 0) graph.outputs.splice(at, 1);
  value.isGraphOutput = false;
}

/** Nodes within RADIUS, Q/DQ not counted, and all constants with their Q/DQ that these read. */
function around(graph: Graph, middle: readonly string[]): ReadonlySet<string> {
  const distance = new Map<Node, number>();
  const open: Node[] = [];
  const reach = (node: Node | null, steps: number): void => {
    if (!node || steps > RADIUS || (distance.get(node) ?? Infinity) <= steps) return;
    distance.set(node, steps);
    open.push(node);
  };
  for (const name of middle) reach(graph.node(name) ?? null, 0);
  for (const node of open) {
    const steps = distance.get(node) ?? 0;
    const next = (other: Node | null): void => {
      reach(other, steps + (isQuantizer(other) ? 0 : 1));
    };
    for (const value of node.inputs) next(value?.producer() ?? null);
    for (const value of node.outputs) for (const reader of value.consumers()) next(reader);
  }
  return new Set([...distance.keys()].map((node) => node.name));
}
