import { assert } from '../base/assert.ts';
import type { Attribute } from './attribute.ts';
import type { DataType } from './data-type.ts';
import type { Tensor } from './tensor.ts';

/** One dimension: a number, or a name when it is symbolic (`batch`) or unknown (`unk__7`). */
export type Dim = number | string;

/** Node `node` reads a value as its input number `index`. */
export interface Use {
  readonly node: Node;
  readonly index: number;
}

/** An edge of the graph: made by one node, or a graph input, or an initializer; read by any number of nodes. */
export class Value {
  name: string;
  /** Element type; undefined until known from the file or by inference. */
  dataType: DataType | undefined = undefined;
  /** Undefined while not even the rank is known. */
  shape: readonly Dim[] | undefined = undefined;
  /** The constant that this value is, when it is an initializer. */
  tensor: Tensor | undefined = undefined;
  isGraphInput = false;
  isGraphOutput = false;
  /** @internal Kept by Graph. */
  producerNode: Node | null = null;
  /** @internal Kept by Graph. */
  readonly useList: Use[] = [];

  constructor(name: string) {
    this.name = name;
  }
  /** The node that makes this value; null for graph inputs and initializers. */
  producer(): Node | null {
    return this.producerNode;
  }
  /** Who reads this value and as which input, in the order in which the reads were added. */
  uses(): readonly Use[] {
    return this.useList;
  }
  /** The nodes that read this value, each once. */
  consumers(): readonly Node[] {
    return [...new Set(this.useList.map((use) => use.node))];
  }
}

/** Attributes by name, or a function that decodes them when somebody asks. */
export type AttributeSource =
  ReadonlyMap<string, Attribute> | (() => ReadonlyMap<string, Attribute>);

export interface NodeInit {
  readonly name: string;
  readonly opType: string;
  readonly domain?: string;
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly Value[];
  readonly attributes?: AttributeSource;
  /** What a writer needs to copy an unchanged node byte for byte. Opaque to everyone else. */
  readonly source?: unknown;
}

/** A vertex of the graph. Its lists are changed only through Graph, which keeps uses and order right. */
export class Node {
  /** Unique in its graph; nodes without a name in the file get `node_of_<first output>`, as TensorRT does. */
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  readonly source: unknown;
  /** @internal */ inputList: (Value | null)[];
  /** @internal */ outputList: Value[];
  /** @internal */ previous: Node | null = null;
  /** @internal */ next: Node | null = null;
  /** True once anything about the node differs from `source`. */
  changed = false;
  private attributeSource: AttributeSource;

  constructor(init: NodeInit) {
    this.name = init.name;
    this.opType = init.opType;
    this.domain = init.domain ?? '';
    this.source = init.source;
    this.inputList = [...init.inputs];
    this.outputList = [...init.outputs];
    this.attributeSource = init.attributes ?? new Map();
  }
  /** Inputs in ONNX order; a missing optional input is null. */
  get inputs(): readonly (Value | null)[] {
    return this.inputList;
  }
  get outputs(): readonly Value[] {
    return this.outputList;
  }
  get attributes(): ReadonlyMap<string, Attribute> {
    if (typeof this.attributeSource === 'function') this.attributeSource = this.attributeSource();
    return this.attributeSource;
  }
  /** Replaces all attributes. */
  setAttributes(attributes: ReadonlyMap<string, Attribute>): void {
    this.attributeSource = attributes;
    this.changed = true;
  }
}

/** A graph whose nodes keep the order of the file and may be edited while they are walked. */
export class Graph {
  name = '';
  docString = '';
  readonly inputs: Value[] = [];
  readonly outputs: Value[] = [];
  /** Values that hold constants, by name, in the order of the file. */
  readonly initializers = new Map<string, Value>();
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
  addInput(value: Value): void {
    value.isGraphInput = true;
    this.inputs.push(value);
  }
  addOutput(value: Value): void {
    value.isGraphOutput = true;
    this.outputs.push(value);
  }
  addInitializer(name: string, tensor: Tensor): Value {
    const value = this.ensureValue(name);
    value.tensor = tensor;
    value.dataType = tensor.dataType;
    value.shape = tensor.dims;
    this.initializers.set(name, value);
    return value;
  }
  /** Appends a node, or puts it right before `before`. */
  addNode(init: NodeInit, before: Node | null = null): Node {
    assert(!this.nodesByName.has(init.name), `node name ${init.name} is taken`);
    const node = new Node(init);
    this.nodesByName.set(node.name, node);
    node.previous = before === null ? this.last : before.previous;
    node.next = before;
    if (node.previous === null) this.first = node;
    else node.previous.next = node;
    if (before === null) this.last = node;
    else before.previous = node;
    node.inputList.forEach((value, index) => value?.useList.push({ node, index }));
    for (const value of node.outputList) value.producerNode = node;
    return node;
  }
  /** Takes a node out. Its outputs stay as values without a producer. */
  removeNode(node: Node): void {
    node.inputList.forEach((value, index) => {
      if (value !== null) dropUse(value, node, index);
    });
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
    if (old) dropUse(old, node, index);
    node.inputList[index] = value;
    value?.useList.push({ node, index });
    node.changed = true;
  }
  /** Makes everybody who reads `from` read `to`. Graph outputs are not touched. */
  replaceAllUses(from: Value, to: Value): void {
    for (const { node, index } of [...from.useList]) this.setInput(node, index, to);
  }
}

function dropUse(value: Value, node: Node, index: number): void {
  const at = value.useList.findIndex((use) => use.node === node && use.index === index);
  if (at >= 0) value.useList.splice(at, 1);
}

/** An ONNX model: one main graph and what surrounds it. */
export interface Model {
  readonly graph: Graph;
  readonly irVersion: number;
  /** Version by operator set domain; '' is the ONNX domain. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly metadata: ReadonlyMap<string, string>;
  /** Model-local functions: kept and shown, not inlined. */
  readonly functions: readonly ModelFunction[];
  /** What a writer needs to copy untouched bytes. Opaque to everyone else. */
  readonly source?: unknown;
}

export interface ModelFunction {
  readonly name: string;
  readonly domain: string;
  readonly nodeCount: number;
}
