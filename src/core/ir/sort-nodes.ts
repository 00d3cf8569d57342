import type { Graph, Node, Value } from './graph.ts';

/** Nodes in an order of execution, and those that wait for each other. */
export interface SortedNodes {
  /** Every node once; each after its producers, otherwise in the order of the graph; unsortable ones last. */
  readonly nodes: readonly Node[];
  /** Names of the nodes on one cycle, in the order of data flow; empty when there is none. */
  readonly cycle: readonly string[];
  /** The first read of a value whose producer stands later; undefined when the graph is in order already. */
  readonly outOfOrder: { readonly node: Node; readonly value: Value } | undefined;
}

/** A value among `values` whose producer has not been seen. */
function findEarly(values: readonly (Value | null)[], seen: ReadonlySet<Node>): Value | undefined {
  for (const value of values) {
    const producer = value?.producer() ?? null;
    if (value && producer !== null && !seen.has(producer)) return value;
  }
  return undefined;
}

function* readValues(node: Node): Generator<Value> {
  for (const value of node.inputs) if (value !== null) yield value;
  yield* node.captures;
}

/** Sorts the nodes of a graph, without recursion and in linear time. */
export function sortNodes(graph: Graph): SortedNodes {
  const inOrder: Node[] = [];
  const seen = new Set<Node>();
  let outOfOrder: SortedNodes['outOfOrder'];
  for (const node of graph.nodes()) {
    const early =
      outOfOrder === undefined && (findEarly(node.inputs, seen) ?? findEarly(node.captures, seen));
    if (early) outOfOrder = { node, value: early };
    inOrder.push(node);
    seen.add(node);
  }
  return outOfOrder === undefined
    ? { nodes: inOrder, cycle: [], outOfOrder }
    : { ...sortByDepth(inOrder), outOfOrder };
}

/** Depth first, each node after its producers; an edge back into the current path closes a cycle. */
function sortByDepth(nodes: readonly Node[]): { nodes: Node[]; cycle: string[] } {
  const done: Node[] = [];
  const state = new Map<Node, 'open' | 'done'>();
  let cycle: string[] = [];
  for (const root of nodes) {
    const path: { node: Node; inputs: Generator<Value> }[] = [];
    const open = (node: Node): void => {
      state.set(node, 'open');
      path.push({ node, inputs: readValues(node) });
    };
    if (!state.has(root)) open(root);
    for (let top; (top = path.at(-1)) !== undefined;) {
      const next = top.inputs.next();
      if (next.done === true) {
        state.set(top.node, 'done');
        done.push(top.node);
        path.pop();
        continue;
      }
      const producer = next.value.producer();
      if (producer === null) continue;
      if (!state.has(producer)) open(producer);
      else if (state.get(producer) === 'open' && cycle.length === 0)
        cycle = path
          .slice(path.findIndex((step) => step.node === producer))
          .map((step) => step.node.name)
          .reverse();
    }
  }
  return { nodes: done, cycle };
}
