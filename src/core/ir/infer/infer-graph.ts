import { cyclicGraph, inferGraphTooDeep } from '../../base/diagnostics.ts';
import type { Graph, Value } from '../graph.ts';
import type { InferSession } from './infer-session.ts';
import { isUnknownName } from './merge-shapes.ts';
import type { BodyInference } from './node-context.ts';
import { NodeContext } from './node-context.ts';
import { operatorFor } from './operators.ts';
import { sortNodes } from '../sort-nodes.ts';
import { isFromOutside } from './bodies.ts';

/** Graphs nested deeper than this are left as the file describes them. */
const MAX_DEPTH = 32;

/** Infers all nodes of `graph`, and of the bodies in it. `outer` are the graphs around it, the nearest last. */
export function inferGraph(
  session: InferSession,
  graph: Graph,
  outer: readonly Graph[] = [],
): void {
  if (outer.length > 0) takeFromOutside(session, graph, outer);
  nameUnknownInputDims(session, graph);
  const scope = [...outer, graph];
  const bodies: BodyInference = {
    depth: outer.length,
    infer: (body, node) => {
      if (scope.length <= MAX_DEPTH) inferGraph(session, body, scope);
      else session.diagnostics.push(inferGraphTooDeep(node, MAX_DEPTH));
    },
  };
  const { nodes, cycle } = sortNodes(graph);
  if (cycle.length > 0) session.diagnostics.push(cyclicGraph(cycle));
  for (const node of nodes) {
    const infer = operatorFor(node.domain, node.opType);
    if (infer === undefined) {
      session.unknownOperators.add(
        node.domain === '' ? node.opType : `${node.domain}::${node.opType}`,
      );
    } else infer(new NodeContext(node, session, bodies));
  }
}

/** Copies what is known of values that a body reads by name from the graphs around it. */
function takeFromOutside(session: InferSession, graph: Graph, outer: readonly Graph[]): void {
  for (const value of graph.values()) {
    if (!isFromOutside(value)) continue;
    const source = findOutside(value.name, outer);
    if (source === undefined || source === value) continue;
    value.dataType = source.dataType ?? value.dataType;
    value.shape = source.shape ?? value.shape;
    const constant = session.constantOf(source);
    if (constant !== undefined) session.folded.set(value, constant);
  }
}

function findOutside(name: string, outer: readonly Graph[]): Value | undefined {
  for (let i = outer.length - 1; i >= 0; i--) {
    const value = outer[i]?.value(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Inputs may leave dimensions open without a name; each gets one, so that it can be followed through the graph. */
function nameUnknownInputDims(session: InferSession, graph: Graph): void {
  for (const input of graph.inputs) {
    if (input.shape?.every((d) => !needsName(d)) ?? true) continue;
    input.shape = input.shape?.map((d) => (needsName(d) ? session.freshDim(input, null) : d));
  }
}

const needsName = (dim: number | string): boolean =>
  typeof dim === 'number' ? dim < 0 : isUnknownName(dim) && !dim.startsWith('unk__');
