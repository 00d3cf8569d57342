import { Graph } from '../../../../src/core/ir/graph.ts';
import type { Value } from '../../../../src/core/ir/graph.ts';
import type { AttributeText } from './infer-one.ts';
import { addInput, attributesOf } from './infer-one.ts';

/**
 * Builds a graph from inputs (name -> notation of `inferOne`), nodes written `y, z = Op(a, b)` and output names. Names that
 * nobody makes are left open, as names from outside are in a body.
 */
export function graphOf(
  inputs: Readonly<Record<string, string>>,
  nodes: readonly (string | readonly [string, Readonly<Record<string, AttributeText>>])[],
  outputs: readonly string[],
): Graph {
  const graph = new Graph();
  for (const [name, text] of Object.entries(inputs)) addInput(graph, name, text);
  nodes.forEach((node, index) => {
    const [text, attributes] = typeof node === 'string' ? [node, {}] : node;
    addNode(graph, index, text, attributes);
  });
  for (const name of outputs) graph.addOutput(graph.ensureValue(name));
  return graph;
}

function addNode(
  graph: Graph,
  index: number,
  text: string,
  attributes: Readonly<Record<string, AttributeText>>,
): void {
  const [, made = '', opType = '', read = ''] = /^(.*?)\s*=\s*(\w+)\((.*)\)$/.exec(text) ?? [];
  const names = (list: string): string[] => list.split(',').map((name) => name.trim());
  const bodies = Object.values(attributes).filter((a) => a instanceof Graph);
  graph.addNode({
    name: `${opType}_${index}`,
    opType,
    inputs:
      read === '' ? [] : names(read).map((name) => (name === '' ? null : graph.ensureValue(name))),
    outputs: names(made).map((name) => graph.ensureValue(name)),
    attributes: attributesOf(attributes),
    captures: bodies.flatMap((body) =>
      openValues(body).map((value) => graph.ensureValue(value.name)),
    ),
  });
}

const openValues = (body: Graph): Value[] =>
  [...body.values()].filter(
    (v) => v.producer() === null && !v.isGraphInput && v.tensor === undefined,
  );
