import { editImpossible } from '../base/diagnostics.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Graph, Node } from '../ir/graph.ts';
import { addPair, removePair } from './edit-pairs.ts';
import type { Reader, ScaleSource } from './placement-edit.ts';
import { dequantizersOf, isConstantThroughQuantizers } from '../ir/quantizer-nodes.ts';

/**
 * Takes a pair over the node beside it: from the output of `overName` to each of its computed inputs, or from its input
 * to its output. Other readers of the pair lose it in the first case and keep it in the second.
 */
export function movePair(graph: Graph, quantize: Node, overName: string): Result<null> {
  const over = graph.node(overName);
  const scale: ScaleSource = { kind: 'same-as', quantizer: quantize.name };
  if (over && quantize.inputs[0]?.producer() === over) return up(graph, quantize, over, scale);
  const reads = over ? readsBehind(quantize, over) : [];
  if (over && reads.length > 0) return down(graph, quantize, over, reads);
  return fail(
    editImpossible(`${overName} is no neighbour of ${quantize.name}`, { node: overName }),
  );
}

function up(graph: Graph, quantize: Node, over: Node, scale: ScaleSource): Result<null> {
  let moved = 0;
  for (const [input, value] of over.inputs.entries()) {
    if (!value || value.name === '' || isConstantThroughQuantizers(value)) continue;
    const added = addPair(graph, value.name, scale, { node: over.name, input });
    if (!added.ok) return added;
    moved++;
  }
  if (moved === 0)
    return fail(editImpossible(`${over.name} has no computed input`, { node: over.name }));
  return removePair(graph, quantize);
}

function down(graph: Graph, quantize: Node, over: Node, reads: readonly Reader[]): Result<null> {
  const [source] = quantize.inputs;
  const [output] = over.outputs;
  if (!source || !output || output.useCount === 0)
    return fail(editImpossible(`nobody reads ${over.name}`, { node: over.name }));
  const added = addPair(graph, output.name, { kind: 'same-as', quantizer: quantize.name });
  if (!added.ok) return added;
  for (const { input } of reads) graph.setInput(over, input, source);
  for (const dequantize of dequantizersOf(quantize))
    if (dequantize.outputs.every((value) => value.useCount === 0 && !value.isGraphOutput)) {
      graph.removeNode(dequantize);
      for (const value of dequantize.outputs) graph.dropValue(value);
    }
  return quantize.outputs[0]?.useCount === 0 ? removePair(graph, quantize) : ok(null);
}

const readsBehind = (quantize: Node, over: Node): Reader[] =>
  dequantizersOf(quantize).flatMap((dequantize) =>
    dequantize.outputs.flatMap((value) =>
      value
        .uses()
        .filter(({ node, index }) => node === over && index >= 0)
        .map(({ index }) => ({ node: over.name, input: index })),
    ),
  );
