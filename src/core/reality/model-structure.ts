import { ok } from '../base/result.ts';
import type { Attribute } from '../ir/attribute.ts';
import { byteSize } from '../ir/data-type.ts';
import type { DataType } from '../ir/data-type.ts';
import { encodeNumbers } from '../ir/encode-numbers.ts';
import { Graph } from '../ir/graph.ts';
import type { Dim, Model, Node, Value } from '../ir/graph.ts';
import { isQuantizer } from '../ir/quantizer-nodes.ts';
import { elementCount } from '../ir/tensor.ts';
import type { Tensor, TensorBytes } from '../ir/tensor.ts';
import type { Renamer } from './renamer.ts';

/** Shapes, axes, factors of Resize and bounds of Clip are smaller; biases are larger. */
const KEPT_ELEMENTS = 8;

/** What of a model goes into a report. */
export interface StructureOptions {
  readonly names: Renamer;
  /** Leaves out metadata, producer, and texts that are no settings of ONNX's own operators. */
  readonly strip: boolean;
}

/**
 * The structure of a model as a new model: graph, shapes, types, attributes, and of constants only scales, zero points, integers
 * that say shapes and axes, and floats of a few elements. All other constants are ones; doc strings, local functions, strings and
 * sparse tensors are left out. The prediction stays the same, since it looks at no weights.
 */
export function modelStructure(model: Model, { names, strip }: StructureOptions): Model {
  return {
    graph: new Copier(names, strip).graph(model.graph),
    irVersion: model.irVersion,
    opsets: model.opsets,
    producerName: strip ? '' : model.producerName,
    producerVersion: strip ? '' : model.producerVersion,
    metadata: strip ? new Map() : model.metadata,
    functions: [],
  };
}

class Copier {
  private readonly names: Renamer;
  private readonly strip: boolean;

  constructor(names: Renamer, strip: boolean) {
    this.names = names;
    this.strip = strip;
  }

  graph(original: Graph): Graph {
    const copy = new Graph();
    copy.name = this.strip ? 'graph' : original.name;
    const kept = scalesOf(original);
    for (const value of original.values()) this.value(copy, value);
    for (const value of original.initializers.values())
      if (value.tensor)
        copy.addInitializer(
          this.names.value(value.name),
          this.tensor(value.tensor, kept.has(value)),
        );
    for (const value of original.inputs) copy.addInput(this.twin(copy, value));
    for (const node of original.nodes()) this.node(copy, node, kept);
    for (const value of original.outputs) copy.addOutput(this.twin(copy, value));
    return copy;
  }

  private twin = (copy: Graph, value: Value): Value =>
    copy.ensureValue(this.names.value(value.name));

  private value(copy: Graph, value: Value): void {
    const twin = this.twin(copy, value);
    if (value.dataType) copy.retype(twin, value.dataType, value.shape && this.dims(value.shape));
  }

  private dims = (shape: readonly Dim[]): Dim[] =>
    shape.map((dim) => (typeof dim === 'string' ? this.names.dim(dim) : dim));

  private node(copy: Graph, node: Node, kept: ReadonlySet<Value>): void {
    const isKept = node.outputs.some((value) => kept.has(value));
    const attributes = new Map<string, Attribute>();
    for (const [name, attribute] of node.attributes) {
      const changed = this.attribute(attribute, node, isKept);
      if (changed) attributes.set(name, changed);
    }
    copy.addNode({
      name: this.names.node(node.name),
      opType: node.opType,
      domain: node.domain,
      inputs: node.inputs.map((value) => value && this.twin(copy, value)),
      outputs: node.outputs.map((value) => this.twin(copy, value)),
      captures: node.captures.map((value) => this.twin(copy, value)),
      attributes,
    });
  }

  /** Null leaves the attribute out. */
  private attribute(attribute: Attribute, node: Node, isKept: boolean): Attribute | null {
    switch (attribute.type) {
      case 'tensor':
        return { ...attribute, value: this.tensor(attribute.value, isKept) };
      case 'tensors':
        return {
          ...attribute,
          value: attribute.value.map((tensor) => this.tensor(tensor, isKept)),
        };
      case 'graph':
        return { ...attribute, value: this.graph(attribute.value) };
      case 'graphs':
        return { ...attribute, value: attribute.value.map((graph) => this.graph(graph)) };
      case 'floats':
        return attribute.value.length > KEPT_ELEMENTS
          ? { ...attribute, value: attribute.value.map(() => 1) }
          : { ...attribute };
      case 'strings':
        return { ...attribute, value: attribute.value.map(() => '') };
      case 'string':
        return this.strip && node.domain !== '' ? null : { ...attribute };
      case 'opaque':
        return null;
      default:
        return { ...attribute };
    }
  }

  private tensor({ name, dataType, dims, bytes }: Tensor, isScale: boolean): Tensor {
    const head = { name: this.names.value(name), dataType, dims };
    if (dataType === 'string')
      return { ...head, bytes, strings: Array.from({ length: elementCount(dims) }, () => '') };
    if (isScale || isStructural(dataType, elementCount(dims))) return { ...head, bytes };
    return { ...head, bytes: new Ones(dataType, elementCount(dims)) };
  }
}

/** Integers that weights are not made of say shapes, axes and indices. */
function isStructural(dataType: DataType, elements: number): boolean {
  if (elements > 4096) return false;
  if (dataType === 'int64' || dataType === 'bool') return true;
  if (dataType === 'int32') return elements <= KEPT_ELEMENTS;
  return (
    elements <= KEPT_ELEMENTS && /^(?:float(?:16|32|64)|bfloat16|u?int(?:16|64|32))$/.test(dataType)
  );
}

/** Scales and zero points of all Q and DQ. */
function scalesOf(graph: Graph): ReadonlySet<Value> {
  const found = new Set<Value>();
  for (const node of graph.nodes())
    if (isQuantizer(node)) for (const value of node.inputs.slice(1)) if (value) found.add(value);
  return found;
}

/** As many ones, made when somebody writes them, so that models of gigabytes need no second copy. */
class Ones implements TensorBytes {
  readonly byteLength: number;
  private readonly dataType: DataType;

  constructor(dataType: DataType, elements: number) {
    this.dataType = dataType;
    this.byteLength = byteSize(dataType, elements) ?? 0;
  }
  resident(): undefined {
    return undefined;
  }
  read(): ReturnType<TensorBytes['read']> {
    const bytes = new Uint8Array(this.byteLength);
    // Eight elements of any type end on a byte.
    const pattern = encodeNumbers(this.dataType, new Uint8Array(8).fill(1));
    if (pattern) {
      bytes.set(pattern.subarray(0, bytes.length));
      for (let done = pattern.length; done < bytes.length; done *= 2)
        bytes.copyWithin(done, 0, done);
    }
    return Promise.resolve(ok(bytes));
  }
}
