import type { Diagnostic } from '../base/diagnostic.ts';
import {
  cyclicGraph,
  inconsistentGraph,
  missingInput,
  nodesOutOfOrder,
} from '../base/diagnostics.ts';
import type { Graph, Node, Value } from './graph.ts';
import { sortNodes } from './sort-nodes.ts';

export interface CheckOptions {
  /** Reads of values that nobody makes are fine: the graph is the body of another node's subgraph. */
  readonly freeNames?: boolean;
  /** Leave out what only our own edits can break; a file that was just read cannot. */
  readonly trustBooks?: boolean;
}

/**
 * Checks that a graph is in order: every value is made once and before it is read, outputs are made, there is no cycle,
 * and producers and uses agree with the nodes. Order is a warning, everything else an error.
 */
export function checkGraph(graph: Graph, options: CheckOptions = {}): Diagnostic[] {
  const { cycle, outOfOrder } = sortNodes(graph);
  const order: Diagnostic[] = [];
  if (cycle.length > 0) order.push(cyclicGraph(cycle));
  else if (outOfOrder) order.push(nodesOutOfOrder(outOfOrder.node.name, outOfOrder.value.name));
  const missing = options.freeNames === true ? [] : checkMade(graph);
  return [...order, ...missing, ...(options.trustBooks === true ? [] : checkBooks(graph))];
}

const isMade = (value: Value): boolean =>
  value.producer() !== null || value.tensor !== undefined || value.isGraphInput;

function checkMade(graph: Graph): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const value of graph.values()) {
    if (isMade(value)) continue;
    const [use] = value.uses();
    if (use) found.push(missingInput(value.name, use.node.name));
    else if (value.isGraphOutput) found.push(missingInput(value.name, `The graph ${graph.name}`));
  }
  return found;
}

/** Producers and uses, seen from the nodes and from the values. */
function checkBooks(graph: Graph): Diagnostic[] {
  const found: Diagnostic[] = [];
  const nodes = new Set(graph.nodes());
  const reads = new Map<Value, number>();
  for (const node of nodes) {
    for (const value of [...node.inputs, ...node.captures])
      if (value !== null) reads.set(value, (reads.get(value) ?? 0) + 1);
    found.push(...checkNode(graph, node));
  }
  for (const value of graph.values()) {
    const producer = value.producer();
    const place = { value: value.name };
    if (value.useCount !== (reads.get(value) ?? 0))
      found.push(inconsistentGraph(`the uses of ${value.name} are counted wrongly`, place));
    if (producer !== null && !nodes.has(producer))
      found.push(inconsistentGraph(`${value.name} is made by a removed node`, place));
    if (producer !== null && (value.tensor !== undefined || value.isGraphInput))
      found.push(inconsistentGraph(`${value.name} is made by a node and given as well`, place));
  }
  return found;
}

function checkNode(graph: Graph, node: Node): Diagnostic[] {
  const found: Diagnostic[] = [];
  const place = { node: node.name };
  for (const value of node.inputs)
    if (value !== null && graph.value(value.name) !== value)
      found.push(inconsistentGraph(`${node.name} reads ${value.name}, which is not in it`, place));
  for (const value of node.outputs) {
    if (value.producer() !== node)
      found.push(inconsistentGraph(`${value.name} does not name its producer ${node.name}`, place));
    if (value.name !== '' && graph.value(value.name) !== value)
      found.push(inconsistentGraph(`${node.name} makes ${value.name}, which is not in it`, place));
  }
  return found;
}
