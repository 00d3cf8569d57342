import type { DataType } from '../../ir/data-type.ts';
import { Graph } from '../../ir/graph.ts';
import type { Node, Value } from '../../ir/graph.ts';
import { inferShapes } from '../../ir/infer/infer-shapes.ts';
import { constantOf } from '../../ir/quantizer-nodes.ts';
import { elementCount } from '../../ir/tensor.ts';
import type { PassContext } from '../rewrite-pass.ts';
import { evaluateConstant } from './evaluate-constant.ts';
import type { ConstantNumbers } from './evaluate-constant.ts';

/** Doubles hold all integers up to here; a larger int64 would come out as its neighbour. */
const EXACT = 2 ** 53;
const INTEGERS = new Set<DataType>(['int64', 'int32', 'uint8', 'int8', 'bool']);

/** What a node makes, where its inputs (or their shapes alone) settle that; undefined elsewhere. */
export function foldedOutput(node: Node, context: PassContext): ConstantNumbers | undefined {
  const [output] = node.outputs;
  if (!output || node.outputs.length > 1 || node.domain !== '') return undefined;
  if (node.opType === 'Shape' || node.opType === 'Size') return inferredOutput(node, context);
  const inputs: (ConstantNumbers | null)[] = [];
  for (const input of node.inputs) {
    const constant = input && constantNumbers(input, context);
    if (constant === undefined) return undefined;
    inputs.push(constant);
  }
  return evaluateConstant(node, inputs) ?? inferredOutput(node, context);
}

function constantNumbers(value: Value, context: PassContext): ConstantNumbers | undefined {
  const tensor = constantOf(value);
  const numbers = context.numbers(value);
  return tensor && numbers && { dataType: tensor.dataType, dims: tensor.dims, numbers };
}

/**
 * Asks shape inference, which follows small integer constants, about a graph of this node alone. Not for floats: it does
 * not round them as float32 arithmetic does.
 */
function inferredOutput(node: Node, context: PassContext): ConstantNumbers | undefined {
  const graph = new Graph();
  const twin = (value: Value): Value => {
    const known = graph.value(value.name);
    if (known) return known;
    const tensor = constantOf(value);
    if (tensor) return graph.addInitializer(value.name, tensor);
    const copy = graph.ensureValue(value.name);
    copy.dataType = value.dataType;
    copy.shape = value.shape;
    graph.addInput(copy);
    return copy;
  };
  const inputs = node.inputs.map((value) => value && twin(value));
  const output = graph.ensureValue(node.outputs[0]?.name ?? '');
  const { name, opType, attributes } = node;
  graph.addNode({ name, opType, inputs, outputs: [output], attributes });
  const { folded, diagnostics } = inferShapes({ ...context.model, graph });
  const found = folded.get(output);
  if (!found || diagnostics.length > 0 || !INTEGERS.has(found.dataType)) return undefined;
  const { dataType, shape, elements } = found;
  if (elements.length !== elementCount(shape)) return undefined;
  return elements.every((x) => typeof x === 'number' && Number.isInteger(x) && Math.abs(x) <= EXACT)
    ? { dataType, dims: shape, numbers: Float64Array.from(elements as readonly number[]) }
    : undefined;
}
