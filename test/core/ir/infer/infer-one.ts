import type { Attribute } from '../../../../src/core/ir/attribute.ts';
import type { DataType } from '../../../../src/core/ir/data-type.ts';
import { DATA_TYPES } from '../../../../src/core/ir/data-type.ts';
import { Graph } from '../../../../src/core/ir/graph.ts';
import type { Dim, Value } from '../../../../src/core/ir/graph.ts';
import type { InferReport } from '../../../../src/core/ir/infer/infer-report.ts';
import { inferShapes } from '../../../../src/core/ir/infer/infer-shapes.ts';
import type { Model } from '../../../../src/core/ir/model.ts';
import type { Tensor } from '../../../../src/core/ir/tensor.ts';

/** Attribute values as tests write them: a bare number is an int, `{ float: 1 }` a float. */
export type AttributeText =
  number | string | readonly number[] | { float: number } | { floats: number[] } | Tensor | Graph;

export interface OneNode {
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeText>>;
  readonly opset?: number;
  readonly domain?: string;
  readonly outputs?: number;
}

export interface Inferred {
  readonly outputs: readonly string[];
  readonly report: InferReport;
  readonly graph: Graph;
}

/** A model around `graph` that imports all the operator sets that tests use. */
export const modelOf = (graph: Graph, opset = 17): Model => ({
  graph,
  irVersion: 8,
  opsets: new Map([
    ['', opset],
    ['com.microsoft', 1],
    ['trt', 1],
  ]),
  producerName: '',
  producerVersion: '',
  metadata: new Map(),
  functions: [],
});

/**
 * Infers a graph of one node. Inputs are `float32[1,3,h]` (a graph input), `int64{1,-1}` (a constant list), `int64=5` (a
 * constant scalar), `float32` (unknown shape) or `` (left out). Outputs come back in the same notation.
 */
export function inferOne(node: OneNode): Inferred {
  const graph = new Graph();
  const inputs = node.inputs.map((text, i) => addInput(graph, `in${i}`, text));
  const outputs = Array.from({ length: node.outputs ?? 1 }, (_, i) => graph.ensureValue(`out${i}`));
  graph.addNode({
    name: 'node',
    opType: node.opType,
    domain: node.domain ?? '',
    inputs,
    outputs,
    attributes: attributesOf(node.attributes ?? {}),
  });
  outputs.forEach((value) => {
    graph.addOutput(value);
  });
  const report = inferShapes(modelOf(graph, node.opset));
  return { outputs: outputs.map((value) => showValue(value, report)), report, graph };
}

/** `float32[1,h]`, with `={…}` behind it where the elements are known. */
export function showValue(value: Value, report?: InferReport): string {
  const shape = value.shape === undefined ? '' : `[${value.shape.join(',')}]`;
  const folded = report?.folded.get(value);
  return `${value.dataType ?? '?'}${shape}${folded === undefined ? '' : `={${folded.elements.join(',')}}`}`;
}

/** Makes the value that the notation of `inferOne` describes. */
export function addInput(graph: Graph, name: string, text: string): Value | null {
  if (text === '') return null;
  const constant = /^(\w+)(?:\{(.*)\}|=(.*))$/.exec(text);
  if (constant !== null) {
    const [, type = '', list, scalar] = constant;
    const numbers = (list ?? scalar ?? '')
      .split(',')
      .filter((s) => s !== '')
      .map(Number);
    return graph.addInitializer(
      name,
      tensorOf(typeOf(type), list === undefined ? [] : [numbers.length], numbers),
    );
  }
  const [, type = '', dims] = /^(\w+)(?:\[(.*)\])?$/.exec(text) ?? [];
  const value = graph.ensureValue(name);
  if (type !== 'unknown') value.dataType = typeOf(type);
  if (dims !== undefined) value.shape = dims === '' ? [] : dims.split(',').map(dimOf);
  graph.addInput(value);
  return value;
}

const dimOf = (text: string): Dim => (/^-?\d+$/.test(text) ? Number(text) : text);

function typeOf(name: string): DataType {
  const dataType = DATA_TYPES.find((t) => t === name);
  if (dataType === undefined) throw new Error(`no element type ${name}`);
  return dataType;
}

/** A tensor in memory; enough types for tests. */
export function tensorOf(
  dataType: DataType,
  dims: readonly number[],
  numbers: readonly number[],
): Tensor {
  const bytes = new Uint8Array(encode(dataType, numbers).buffer);
  return {
    name: '',
    dataType,
    dims,
    bytes: {
      byteLength: bytes.length,
      resident: () => bytes,
      read: () => Promise.resolve({ ok: true, value: bytes }),
    },
  };
}

function encode(
  dataType: DataType,
  numbers: readonly number[],
): Uint8Array | Float32Array | BigInt64Array | Int32Array {
  switch (dataType) {
    case 'float32':
      return Float32Array.from(numbers);
    case 'int64':
      return BigInt64Array.from(numbers.map((n) => BigInt(n)));
    case 'int32':
      return Int32Array.from(numbers);
    default:
      return Uint8Array.from(numbers);
  }
}

/** Attributes as the IR wants them. */
export function attributesOf(
  texts: Readonly<Record<string, AttributeText>>,
): ReadonlyMap<string, Attribute> {
  return new Map(Object.entries(texts).map(([name, text]) => [name, attributeOf(name, text)]));
}

function attributeOf(name: string, text: AttributeText): Attribute {
  if (typeof text === 'number') return { name, type: 'int', value: BigInt(text) };
  if (typeof text === 'string') return { name, type: 'string', value: text };
  if (text instanceof Graph) return { name, type: 'graph', value: text };
  if ('float' in text) return { name, type: 'float', value: text.float };
  if ('floats' in text) return { name, type: 'floats', value: text.floats };
  if ('dims' in text) return { name, type: 'tensor', value: text };
  return { name, type: 'ints', value: text.map((n) => BigInt(n)) };
}
