import { assert } from '../base/assert.ts';
import type { DataType } from './data-type.ts';
import { Node } from './node.ts';
import type { NodeInit } from './node.ts';
import { sortNodes } from './sort-nodes.ts';
import type { Tensor } from './tensor.ts';
import { Value } from './value.ts';
import type { Dim } from './value.ts';

export type { Model, ModelFunction } from './model.ts';
export { Node } from './node.ts';
export type { AttributeDecoder, AttributeSource, NodeInit } from './node.ts';
export { Value } from './value.ts';
export type { Dim, Use } from './value.ts';

/** Index of a use by a subgraph. */
const CAPTURE = -1;

/** A graph whose nodes keep the order of the file and may be edited while they are walked. */
export class Graph {
  name = '';
  docString = '';
  /** What has to be fed. An input that also has an initializer is only the initializer, as TensorRT sees it. */
  readonly inputs: Value[] = [];
  readonly outputs: Value[] = [];
  /** Values that hold constants, by name, in the order of the file. */
  readonly initializers = new Map<string, Value>();
  /** What a writer needs to copy untouched bytes. Opaque to everyone else. */
  source: unknown = undefined;
  /** What nodes that are added from now on say about where they come from. */
  stamp = '';
  private readonly valuesByName = new Map<string, Value>();
  private readonly nodesByName = new Map<string, Node>();
  private first: Node | null = null;
  private last: Node | null = null;

  get nodeCount(): number {
    return this.nodesByName.size;
  }
  /** Nodes in order. Nodes may be added and removed during the walk. */
  *nodes(): Generator<Node, void, undefined> {
    for (let node = this.first; node !== null; node = node.next) yield node;
  }
  /** Nodes so that each comes after those it reads from, otherwise in order; nodes on a cycle come last. */
  sortedNodes(): readonly Node[] {
    return sortNodes(this).nodes;
  }
  node(name: string): Node | undefined {
    return this.nodesByName.get(name);
  }
  value(name: string): Value | undefined {
    return this.valuesByName.get(name);
  }
  values(): IterableIterator<Value> {
    return this.valuesByName.values();
  }
  /** The value of that name, made when there is none. */
  ensureValue(name: string): Value {
    let value = this.valuesByName.get(name);
    if (value === undefined) this.valuesByName.set(name, (value = new Value(name)));
    return value;
  }
  /** `wish`, or `wish_2`, `wish_3` … when a node or value has that name already. */
  freshName(wish: string): string {
    const taken = (name: string): boolean =>
      this.nodesByName.has(name) || this.valuesByName.has(name);
    let name = wish;
    for (let i = 2; taken(name); i++) name = `${wish}_${i}`;
    return name;
  }
  addInput(value: Value): void {
    value.isGraphInput = true;
    this.inputs.push(value);
  }
  addOutput(value: Value): void {
    value.isGraphOutput = true;
    this.outputs.push(value);
  }
  /** Makes `to` the graph output in the place of `from`. */
  replaceOutput(from: Value, to: Value): void {
    const at = this.outputs.indexOf(from);
    assert(at >= 0, `${from.name} is no graph output`);
    this.outputs[at] = to;
    from.isGraphOutput = this.outputs.includes(from);
    to.isGraphOutput = true;
  }
  addInitializer(name: string, tensor: Tensor): Value {
    const value = this.ensureValue(name);
    value.tensor = tensor;
    value.dataType = tensor.dataType;
    value.shape = tensor.dims;
    this.initializers.set(name, value);
    return value;
  }
  /** Takes the constant away; the value stays for those who still read it. */
  removeInitializer(value: Value): void {
    value.tensor = undefined;
    this.initializers.delete(value.name);
  }
  /** Gives a value a name that no other value has. */
  renameValue(value: Value, name: string): void {
    assert(!this.valuesByName.has(name), `value name ${name} is taken`);
    this.valuesByName.delete(value.name);
    const isInitializer = this.initializers.delete(value.name);
    value.name = name;
    this.valuesByName.set(name, value);
    if (isInitializer) this.initializers.set(name, value);
  }
  /** Sets type and shape so that a saved file says so too; inference writes the fields of Value directly instead. */
  retype(value: Value, dataType: DataType, shape: readonly Dim[] | undefined): void {
    value.dataType = dataType;
    value.shape = shape;
    value.retyped = true;
  }
  /** Forgets a value that nobody makes, reads or shows. */
  dropValue(value: Value): void {
    assert(
      value.producerNode === null && value.useCount === 0 && !value.isGraphOutput,
      `value ${value.name} is still in use`,
    );
    if (value.tensor !== undefined) this.removeInitializer(value);
    this.valuesByName.delete(value.name);
  }
  /** Appends a node, or puts it right before `before`. */
  addNode(init: NodeInit, before: Node | null = null): Node {
    assert(!this.nodesByName.has(init.name), `node name ${init.name} is taken`);
    const node = new Node(this.stamp === '' ? init : { docString: this.stamp, ...init });
    this.nodesByName.set(node.name, node);
    node.previous = before === null ? this.last : before.previous;
    node.next = before;
    if (node.previous === null) this.first = node;
    else node.previous.next = node;
    if (before === null) this.last = node;
    else before.previous = node;
    const { inputList, captures, outputList } = node;
    for (let index = 0; index < inputList.length; index++)
      inputList[index]?.useList.add({ node, index });
    for (const value of captures) value.useList.add({ node, index: CAPTURE });
    for (const value of outputList) value.producerNode = node;
    return node;
  }
  /** Takes a node out. Its outputs stay as values without a producer. */
  removeNode(node: Node): void {
    node.inputList.forEach((value, index) => value?.useList.delete(node, index));
    for (const value of node.captures) value.useList.delete(node, CAPTURE);
    for (const value of node.outputList) if (value.producerNode === node) value.producerNode = null;
    if (node.previous === null) this.first = node.next;
    else node.previous.next = node.next;
    if (node.next === null) this.last = node.previous;
    else node.next.previous = node.previous;
    this.nodesByName.delete(node.name);
  }
  /** Makes `node` read `value` as input `index`; null takes an optional input away. */
  setInput(node: Node, index: number, value: Value | null): void {
    const old = node.inputList[index];
    if (old === value) return;
    old?.useList.delete(node, index);
    while (node.inputList.length < index) node.inputList.push(null);
    node.inputList[index] = value;
    value?.useList.add({ node, index });
    node.changed = true;
  }
  /** Makes `node` the producer of `value` as output `index`. */
  setOutput(node: Node, index: number, value: Value): void {
    const old = node.outputList[index];
    if (old === value) return;
    if (old?.producerNode === node) old.producerNode = null;
    node.outputList[index] = value;
    value.producerNode = node;
    node.changed = true;
  }
  /**
   * Makes everybody who reads `from` read `to`. Graph outputs are not touched, nor are reads by name inside subgraphs:
   * those keep `from` in use.
   */
  replaceAllUses(from: Value, to: Value): void {
    for (const { node, index } of from.uses()) if (index >= 0) this.setInput(node, index, to);
  }
  /** A copy of the structure: values and nodes are new; tensors, attributes and subgraphs are shared. */
  clone(): Graph {
    const copy = new Graph();
    copy.name = this.name;
    copy.docString = this.docString;
    copy.source = this.source;
    const twins = new Map<Value, Value>();
    const twin = (value: Value): Value => {
      let made = twins.get(value);
      if (made === undefined) twins.set(value, (made = copyValue(value)));
      return made;
    };
    for (const value of this.valuesByName.values()) copy.valuesByName.set(value.name, twin(value));
    for (const value of this.initializers.values()) copy.initializers.set(value.name, twin(value));
    copy.inputs.push(...this.inputs.map(twin));
    copy.outputs.push(...this.outputs.map(twin));
    for (const node of this.nodes()) copy.addNode(twinNode(node, twin)).changed = node.changed;
    copy.stamp = this.stamp;
    return copy;
  }
}

function copyValue(value: Value): Value {
  const copy = new Value(value.name, value.fileName);
  copy.dataType = value.dataType;
  copy.shape = value.shape;
  copy.tensor = value.tensor;
  copy.isGraphInput = value.isGraphInput;
  copy.isGraphOutput = value.isGraphOutput;
  copy.retyped = value.retyped;
  return copy;
}

function twinNode(node: Node, twin: (value: Value) => Value): NodeInit {
  return {
    name: node.name,
    opType: node.opType,
    domain: node.domain,
    inputs: node.inputs.map((value) => value && twin(value)),
    outputs: node.outputs.map(twin),
    captures: node.captures.map(twin),
    attributes: node.attributeSource,
    source: node.source,
    docString: node.docString,
  };
}
