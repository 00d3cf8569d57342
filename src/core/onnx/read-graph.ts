import type { Diagnostic } from '../base/diagnostic.ts';
import { duplicateNodeName, duplicateValueName } from '../base/diagnostics.ts';
import { Graph, Value } from '../ir/graph.ts';
import type { Tensor } from '../ir/tensor.ts';
import { BYTES, Fields } from './fields.ts';
import type { ReadContext } from './read-context.ts';
import { checkDepth, nodeSource, readNode } from './read-node.ts';
import type { NodeSource } from './read-node.ts';
import { readSparseTensor } from './read-sparse-tensor.ts';
import { readTensor } from './read-tensor.ts';
import { applyValueInfo, scanValueInfo } from './read-value-info.ts';
import type { ValueInfo } from './read-value-info.ts';

/** What a field of the graph held when it was read. */
export interface GraphField {
  readonly number: number;
  readonly start: number;
  readonly end: number;
  /** Node, initializer (`tensor` with the `name` of its value) or value info (`name`). */
  readonly node: NodeSource | undefined;
  readonly tensor: Tensor | undefined;
  name: string | undefined;
}

/** A GraphProto as it stands in the file; the writer compares with it and copies from it. */
export interface GraphSource {
  readonly context: ReadContext;
  /** The payload of the graph field. */
  readonly start: number;
  readonly end: number;
  readonly fields: readonly GraphField[];
  readonly name: string;
  readonly docString: string;
  /** Names that nobody in the graph makes; in a subgraph they come from outside. */
  readonly free: readonly string[];
  /** Values made twice, with the names of their makers. */
  readonly duplicates: ReadonlyMap<string, readonly string[]>;
}

const isGraphSource = (source: unknown): source is GraphSource =>
  typeof source === 'object' && source !== null && 'duplicates' in source;

/** The source of a graph that was read from a file. */
export const graphSource = (graph: Graph): GraphSource | undefined =>
  isGraphSource(graph.source) ? graph.source : undefined;

/** Field numbers of GraphProto. */
export const GRAPH = {
  node: 1,
  name: 2,
  initializer: 5,
  docString: 10,
  input: 11,
  output: 12,
  valueInfo: 13,
  sparse: 15,
} as const;
/** FunctionProto has other numbers for the same things; its inputs and outputs are bare names. */
const FUNCTION = {
  node: 7,
  name: 1,
  initializer: -1,
  docString: 8,
  input: 4,
  output: 5,
  valueInfo: 12,
  sparse: -1,
} as const;

const NO_VALUES: readonly Value[] = [];

type Numbers = { readonly [K in keyof typeof GRAPH]: number };

/** Reads a GraphProto. Throws a WireError on damage. */
export function readGraph(context: ReadContext, start: number, end: number, depth = 0): Graph {
  checkDepth(context, depth, start);
  return new GraphReader(context, start, end, depth).read(GRAPH);
}

/** Reads the body of a FunctionProto. Throws a WireError on damage. */
export function readFunctionBody(context: ReadContext, start: number, end: number): Graph {
  return new GraphReader(context, start, end, 0).read(FUNCTION);
}

class GraphReader {
  private readonly graph = new Graph();
  private readonly fields: GraphField[] = [];
  private readonly inputs: ValueInfo[] = [];
  private readonly outputs: ValueInfo[] = [];
  private readonly infos: ValueInfo[] = [];
  private readonly duplicates = new Map<string, string[]>();
  private readonly suffixes = new Map<string, number>();
  private readonly context: ReadContext;
  private readonly start: number;
  private readonly end: number;
  private readonly depth: number;

  constructor(context: ReadContext, start: number, end: number, depth: number) {
    this.context = context;
    this.start = start;
    this.end = end;
    this.depth = depth;
  }
  read(numbers: Numbers): Graph {
    const { context, graph, start, end } = this;
    const fields = new Fields(context.image, start, end);
    while (fields.next()) this.takeField(fields, numbers);
    this.applyInfos();
    // A value info about a value that does not exist is none that an edit could outdate: it is just kept.
    for (const field of this.fields)
      if (field.number === numbers.valueInfo && graph.value(field.name ?? '') === undefined)
        field.name = undefined;
    graph.source = {
      context,
      start,
      end,
      fields: this.fields,
      name: graph.name,
      docString: graph.docString,
      free: this.freeNames(),
      duplicates: this.duplicates,
    } satisfies GraphSource;
    return graph;
  }
  private takeField(fields: Fields, numbers: Numbers): void {
    let node: NodeSource | undefined;
    let tensor: Tensor | undefined;
    let name: string | undefined;
    const { number, start, end } = fields;
    if (number === numbers.node) node = this.takeNode(fields);
    else if (number === numbers.initializer || number === numbers.sparse) {
      tensor = this.takeInitializer(fields, number === numbers.sparse);
      ({ name } = tensor);
    } else if (number === numbers.input) name = this.takeInfo(fields, this.inputs, numbers);
    else if (number === numbers.output) name = this.takeInfo(fields, this.outputs, numbers);
    else if (number === numbers.valueInfo) name = this.takeInfo(fields, this.infos, GRAPH);
    else if (number === numbers.name) this.graph.name = fields.string();
    else if (number === numbers.docString) this.graph.docString = fields.string();
    this.fields.push({ number, start, end, node, tensor, name });
  }
  private takeInitializer(fields: Fields, isSparse: boolean): Tensor {
    fields.expect(BYTES);
    const { context, graph } = this;
    const tensor = isSparse
      ? readSparseTensor(context, fields)
      : readTensor(context, fields.data, fields.end);
    if (this.isNew(tensor.name, 'an initializer')) graph.addInitializer(tensor.name, tensor);
    return tensor;
  }
  private takeInfo(fields: Fields, into: ValueInfo[], numbers: Numbers): string {
    const info =
      numbers === FUNCTION
        ? { name: fields.string(), elementType: undefined, shape: undefined }
        : scanValueInfo(fields);
    into.push(info);
    return info.name;
  }
  private takeNode(fields: Fields): NodeSource {
    const { context, depth, graph } = this;
    const source = readNode(context, fields, (from, to) => readGraph(context, from, to, depth + 1));
    source.shownName = this.uniqueName(source);
    const outputs: Value[] = [];
    for (const name of source.outputs)
      // Nobody can find the value of an optional output that is not wanted, nor one that was made before.
      if (name === '' || !this.isNew(name, source.shownName)) outputs.push(new Value(name));
      else outputs.push(graph.ensureValue(name));
    graph.addNode({
      name: source.shownName,
      opType: source.opType,
      domain: source.domain,
      inputs: source.inputs.map((name) => (name === '' ? null : graph.ensureValue(name))),
      outputs,
      captures: source.graphs.size === 0 ? NO_VALUES : this.captured(source),
      attributes: source,
      source,
    });
    return source;
  }
  /** What the subgraphs of a node read from this graph. */
  private captured(source: NodeSource): readonly Value[] {
    const graphs = [...source.graphs.values()].flat();
    const names = new Set(graphs.flatMap((inner) => graphSource(inner)?.free ?? []));
    return [...names].map((name) => this.graph.ensureValue(name));
  }
  /** False, and noted, when something made the value already. */
  private isNew(name: string, maker: string): boolean {
    const value = this.graph.value(name);
    const earlier = value && makerOf(value);
    if (earlier === undefined) return true;
    const makers = this.duplicates.get(name) ?? [earlier];
    makers.push(maker);
    this.duplicates.set(name, makers);
    return false;
  }
  private uniqueName({ fileName, outputs, opType }: NodeSource): string {
    const { graph } = this;
    const wish = fileName || `node_of_${outputs.find((output) => output !== '') ?? opType}`;
    if (graph.node(wish) === undefined) return wish;
    let count = this.suffixes.get(wish) ?? 1;
    let name: string;
    do name = `${wish}_${++count}`;
    while (graph.node(name) !== undefined);
    this.suffixes.set(wish, count);
    if (fileName !== '') this.context.diagnostics.push(duplicateNodeName(fileName, name));
    return name;
  }
  private applyInfos(): void {
    const { context, graph } = this;
    for (const info of this.infos) {
      const value = graph.value(info.name);
      if (value && value.tensor === undefined) applyValueInfo(context, value, info);
    }
    for (const info of this.inputs) {
      const value = graph.ensureValue(info.name);
      if (value.tensor !== undefined) continue;
      if (!value.isGraphInput && this.isNew(info.name, 'an input')) graph.addInput(value);
      applyValueInfo(context, value, info);
    }
    for (const info of this.outputs) {
      const value = graph.ensureValue(info.name);
      graph.addOutput(value);
      if (value.tensor === undefined) applyValueInfo(context, value, info);
    }
  }
  private freeNames(): string[] {
    const free: string[] = [];
    for (const value of this.graph.values()) {
      const isMade = value.producer() !== null || value.tensor !== undefined || value.isGraphInput;
      if (!isMade && (value.useCount > 0 || value.isGraphOutput)) free.push(value.name);
    }
    return free;
  }
}

/** Who makes a value so far. */
function makerOf(value: Value): string | undefined {
  if (value.tensor !== undefined) return 'an initializer';
  return value.isGraphInput ? 'an input' : value.producer()?.name;
}

/** The subgraphs of a graph's nodes, at any depth. */
export function* subgraphs(graph: Graph): Generator<Graph> {
  for (const node of graph.nodes())
    for (const inner of [...(nodeSource(node)?.graphs.values() ?? [])].flat()) {
      yield inner;
      yield* subgraphs(inner);
    }
}

/** Values of a graph that the file makes more than once. */
export const duplicateValues = (graph: Graph): Diagnostic[] =>
  [...(graphSource(graph)?.duplicates ?? [])].map(([name, makers]) =>
    duplicateValueName(name, makers),
  );
