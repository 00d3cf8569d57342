import { editImpossible } from '../base/diagnostics.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Graph, Node, Value } from '../ir/graph.ts';

/** Takes a node with one data input and one output out: its readers read what it read. */
export function bypassNode(graph: Graph, node: Node): Result<null> {
  const [input] = node.inputs;
  const [output] = node.outputs;
  if (!input || !output)
    return fail(editImpossible(`${node.name} has no input or no output`, { node: node.name }));
  const refusal = replaceValue(graph, output, input);
  if (!refusal.ok) return refusal;
  graph.removeNode(node);
  if (output.producer() === null && !output.isGraphOutput) graph.dropValue(output);
  return ok(null);
}

/**
 * Everybody who reads `output` reads `input` instead. An output of the network keeps its name: the maker of `input` then
 * makes it. Fails where that is impossible, and where a subgraph reads `output` by name. Changes nothing when it fails.
 */
export function replaceValue(graph: Graph, output: Value, input: Value): Result<null> {
  const place = { value: output.name };
  if (output.uses().some(({ index }) => index < 0))
    return fail(editImpossible(`a subgraph reads ${output.name} by name`, place));
  if (!output.isGraphOutput) {
    graph.replaceAllUses(output, input);
    return ok(null);
  }
  const maker = input.producer();
  if (!maker || input.isGraphOutput || input.uses().some(({ index }) => index < 0))
    return fail(editImpossible(`${output.name} is an output of the network`, place));
  graph.replaceAllUses(input, output);
  graph.setOutput(maker, maker.outputs.indexOf(input), output);
  return ok(null);
}
