import { editImpossible } from '../base/diagnostics.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Graph, Node, Use, Value } from '../ir/graph.ts';
import { precedes } from '../ir/node-order.ts';
import { replaceValue } from './bypass-node.ts';
import { makeScale } from './make-scale.ts';
import type { QuantizerInputs } from './make-scale.ts';
import type { Reader, ScaleSource } from './placement-edit.ts';
import { removeNodeAndItsOwn } from './remove-node.ts';
import { dequantizersOf } from '../ir/quantizer-nodes.ts';
import { pairName } from './pair-name.ts';

/** A Q and the DQ behind it. */
export interface Pair {
  readonly quantize: Node;
  readonly dequantize: Node;
}

/** Puts Q and DQ between `valueName` and its readers, or the one `reader`. */
export function addPair(
  graph: Graph,
  valueName: string,
  source: ScaleSource,
  reader?: Reader,
): Result<Pair> {
  const value = graph.value(valueName);
  if (!value) return fail(editImpossible(`there is no value ${valueName}`, { value: valueName }));
  const uses = value
    .uses()
    .filter(
      ({ node, index }) =>
        index >= 0 && (!reader || (node.name === reader.node && index === reader.input)),
    );
  if (uses.length === 0)
    return fail(editImpossible(`nobody reads ${valueName} there`, { value: valueName }));
  const scale = makeScale(graph, value, source);
  return scale.ok ? ok(insertPair(graph, value, uses, scale.value)) : scale;
}

function insertPair(
  graph: Graph,
  value: Value,
  uses: readonly Use[],
  { scale, zeroPoint, attributes, dataType }: QuantizerInputs,
): Pair {
  const before = firstOf(new Set(uses.map(({ node }) => node)));
  const settings = zeroPoint ? [scale, zeroPoint] : [scale];
  const subject = pairName(value, uses);
  const add = (opType: string, input: Value, type: typeof dataType, ending: string): Node => {
    const output = graph.ensureValue(graph.freshName(`${value.name}_${ending}`));
    graph.retype(output, type, value.shape);
    const name = graph.freshName(`${subject}_${opType}`);
    const inputs = [input, ...settings];
    return graph.addNode({ name, opType, inputs, outputs: [output], attributes }, before);
  };
  const quantize = add('QuantizeLinear', value, dataType, 'quantized');
  const integers = quantize.outputs[0] ?? value;
  const dequantize = add('DequantizeLinear', integers, value.dataType ?? 'float32', 'dequantized');
  const [fresh = value] = dequantize.outputs;
  for (const { node, index } of uses) graph.setInput(node, index, fresh);
  return { quantize, dequantize };
}

/** Whichever of `nodes` comes first in the order of the graph. */
function firstOf(nodes: ReadonlySet<Node>): Node | null {
  let first: Node | null = null;
  for (const node of nodes) if (!first || precedes(node, first)) first = node;
  return first;
}

/** Takes a Q and all DQs behind it out, and their scales where nobody else reads them. */
export function removePair(graph: Graph, quantize: Node): Result<null> {
  const [input] = quantize.inputs;
  const [integers] = quantize.outputs;
  const pairs = dequantizersOf(quantize);
  const place = { node: quantize.name };
  if (!input || !integers || integers.isGraphOutput || integers.useCount !== pairs.length)
    return fail(editImpossible(`not only DequantizeLinear nodes read ${quantize.name}`, place));
  for (const dequantize of pairs) {
    const [output] = dequantize.outputs;
    const done = output ? replaceValue(graph, output, input) : ok(null);
    if (!done.ok) return done;
    removeNodeAndItsOwn(graph, dequantize);
  }
  removeNodeAndItsOwn(graph, quantize);
  return ok(null);
}
