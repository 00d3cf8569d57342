import type { Graph, Node, Value } from '../ir/graph.ts';
import type { Model } from '../ir/model.ts';
import {
  constantOf,
  isConstantThroughQuantizers,
  isDequantizeNode,
  isQuantizer,
} from '../ir/quantizer-nodes.ts';
import { isFloatType } from '../ir/data-type.ts';

/** A model with some of its Q/DQ taken out, and where values that went with them are found now. */
export interface FloatModel {
  readonly model: Model;
  /** The value that carries the float numbers of `name`: itself, unless a Q or DQ that is gone made it. */
  nameOf(name: string): string;
}

/** The name of Identity in the copy: it keeps the name of a network output, or of a value that a subgraph reads. */
const IDENTITY = 'Identity';

/**
 * The model that calibration runs: without the Q/DQ on constants and without those whose scale is a placeholder; with
 * `float`, without any. Weights that are stored quantized keep their DQ, for the numbers they stand for are not elsewhere.
 */
export function floatModel(model: Model, options: { readonly float?: boolean } = {}): FloatModel {
  const { float = false } = options;
  return withoutQuantizers(
    model,
    (node) =>
      float ||
      constantOf(node.inputs[1])?.placeholder === true ||
      isConstantThroughQuantizers(node.inputs[0]),
  );
}

/**
 * A copy of `model` without the quantizers that `isOut` chooses, and without the DQs behind a Q that goes. Never a DQ on
 * integers that are stored as such. All names stay: a network output that a DQ made is then made by an Identity.
 */
export function withoutQuantizers(model: Model, isOut: (quantizer: Node) => boolean): FloatModel {
  const graph = model.graph.clone();
  const moved = new Map<string, string>();
  const out = new Set<Node>();
  for (const node of graph.nodes())
    if (isQuantizer(node) && isOut(node) && !readsStoredIntegers(node)) out.add(node);
  // What is behind a Q that goes works on floats, up to the DQs that would have made them.
  for (const node of [...out]) for (const reader of turnToFloat(node)) out.add(reader);
  for (const node of out) takeOut(graph, node, moved);
  const nameOf = (name: string): string => {
    let at = name;
    for (let next = moved.get(at); next !== undefined; next = moved.get(at)) at = next;
    return at;
  };
  return { model: { ...model, graph }, nameOf };
}

/** A DQ on a constant that is stored quantized. */
export function readsStoredIntegers(node: Node): boolean {
  const stored = constantOf(node.inputs[0]);
  return isDequantizeNode(node) && stored !== undefined && !isFloatType(stored.dataType);
}

function takeOut(graph: Graph, node: Node, moved: Map<string, string>): void {
  const [input] = node.inputs;
  const [output] = node.outputs;
  if (!input || !output) return;
  graph.replaceAllUses(output, input);
  const isNamed = output.isGraphOutput || output.useCount > 0;
  if (isNamed) {
    const name = graph.freshName(`${node.name}_identity`);
    graph.addNode({ name, opType: IDENTITY, inputs: [input], outputs: [output] }, node);
  }
  graph.removeNode(node);
  if (isNamed) return;
  moved.set(output.name, input.name);
  graph.dropValue(output);
}

/**
 * Makes what a Q gives, and what reshapes and pools make of it, float in the eyes of the file. Gives the DQs at the end of
 * that: they would read floats now.
 */
function turnToFloat(node: Node): readonly Node[] {
  const [input, scale, zeroPoint] = node.inputs;
  const [integers] = node.outputs;
  const dequantizers: Node[] = [];
  if (isDequantizeNode(node) || !integers) return dequantizers;
  // Where inference has not run, the constants tell the types.
  const type = input?.dataType ?? scale?.dataType;
  const integerType = integers.dataType ?? zeroPoint?.dataType;
  const open: Value[] = [integers];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    value.dataType = type;
    value.retyped = true;
    for (const reader of value.consumers()) {
      if (isDequantizeNode(reader)) dequantizers.push(reader);
      else if (integerType !== undefined && !isQuantizer(reader))
        open.push(...reader.outputs.filter((output) => output.dataType === integerType));
    }
  }
  return dequantizers;
}
