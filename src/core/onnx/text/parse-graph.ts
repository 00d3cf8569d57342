import type { Attribute } from '../../ir/attribute.ts';
import type { DataType } from '../../ir/data-type.ts';
import { Graph, Value } from '../../ir/graph.ts';
import type { Dim } from '../../ir/graph.ts';
import type { Tensor } from '../../ir/tensor.ts';
import { MAX_DEPTH } from '../read-node.ts';
import { elementType } from './element-names.ts';
import { parseTensor, toNumber } from './parse-tensor.ts';
import type { TokenStream } from './token-stream.ts';

interface TypedName {
  readonly name: string;
  readonly dataType: DataType | undefined;
  readonly shape: readonly Dim[] | undefined;
}

/** Reads one graph, from its name to the closing brace. Throws a WireError on a mistake. */
export function parseGraph(stream: TokenStream): Graph {
  return new GraphParser(stream, { dims: 0 }, 0).parse();
}

class GraphParser {
  private readonly graph = new Graph();
  private readonly stream: TokenStream;
  private readonly unknown: { dims: number };
  private readonly depth: number;

  constructor(stream: TokenStream, unknown: { dims: number }, depth: number) {
    this.stream = stream;
    this.unknown = unknown;
    this.depth = depth;
  }
  parse(): Graph {
    const { graph, stream } = this;
    if (this.depth > MAX_DEPTH) throw stream.mistake(`more than ${MAX_DEPTH} graphs in each other`);
    graph.name = stream.name('a graph name');
    for (const input of stream.list('(', ')', () => this.typedName()))
      graph.addInput(this.declare(input));
    stream.expect('=>');
    const outputs = stream.list('(', ')', () => this.typedName());
    if (stream.sees('<')) stream.list('<', '>', () => this.declaration());
    stream.expect('{');
    while (!stream.accept('}')) this.node();
    for (const output of outputs) graph.addOutput(this.declare(output));
    return graph;
  }
  private declare({ name, dataType, shape }: TypedName): Value {
    const value = this.graph.ensureValue(name);
    value.dataType ??= dataType;
    value.shape ??= shape;
    return value;
  }
  /** `float[N, 3] x`, or just `x`. */
  private typedName(): TypedName {
    const { stream } = this;
    const { kind, text } = stream.peek();
    const dataType = kind === 'name' ? elementType(text) : undefined;
    if (dataType === undefined) return { name: stream.name('a value'), dataType, shape: undefined };
    stream.take();
    const shape = this.shape();
    return { name: stream.name('a value'), dataType, shape };
  }
  /** Nothing for a scalar, `[]` for an unknown rank, else `[2, N, ?]`. */
  private shape(): Dim[] | undefined {
    const { stream } = this;
    if (!stream.sees('[')) return [];
    if (stream.sees(']', 1)) {
      stream.take();
      stream.take();
      return undefined;
    }
    return stream.list('[', ']', () => {
      if (stream.accept('?')) return `unk__${++this.unknown.dims}`;
      return stream.peek().kind === 'number' ? stream.integer() : stream.name('a dimension');
    });
  }
  private declaration(): void {
    const typed = this.typedName();
    if (this.stream.accept('=')) this.graph.addInitializer(typed.name, this.tensor(typed));
    else this.declare(typed);
  }
  private tensor({ name, dataType, shape }: TypedName): Tensor {
    const dims = shape?.filter((dim) => typeof dim === 'number');
    if (dataType === undefined || dims?.length !== shape?.length || dims === undefined)
      throw this.stream.mistake(`the constant ${name} needs a type and known dimensions`);
    return parseTensor(this.stream, { name, dataType, dims });
  }
  /** `[label] y, z = domain.Op <attributes> (a, , b)`; the label and the attributes may be missing. */
  private node(): void {
    const { graph, stream } = this;
    const label = stream.accept('[') ? stream.name('a node name') : '';
    if (label !== '') stream.expect(']');
    const outputs: Value[] = [];
    do outputs.push(this.output());
    while (stream.accept(','));
    stream.expect('=');
    const path = [stream.name('an operator')];
    while (stream.accept('.')) path.push(stream.name('an operator'));
    const attributes = stream.sees('<') ? stream.list('<', '>', () => this.attribute()) : [];
    const inputs = stream.list('(', ')', () =>
      stream.sees(',') || stream.sees(')') ? null : graph.ensureValue(stream.name('a value')),
    );
    if (stream.sees('<')) attributes.push(...stream.list('<', '>', () => this.attribute()));
    const opType = path.pop() ?? '';
    const first = outputs.find((value) => value.name !== '')?.name ?? opType;
    const name = label || graph.freshName(`node_of_${first}`);
    if (graph.node(name)) throw stream.mistake(`the node name ${name} is taken`);
    graph.addNode({
      name,
      opType,
      domain: path.join('.'),
      inputs,
      outputs,
      attributes: new Map(attributes.map((attribute) => [attribute.name, attribute])),
      captures: this.captured(attributes),
    });
  }
  private output(): Value {
    const { graph, stream } = this;
    if (stream.sees(',') || stream.sees('=')) return new Value('');
    const value = graph.ensureValue(stream.name('a value'));
    if (value.producer() !== null || value.tensor !== undefined || value.isGraphInput)
      throw stream.mistake(`the value ${value.name} is made twice`);
    return value;
  }
  private captured(attributes: readonly Attribute[]): Value[] {
    const graphs = attributes.flatMap((attribute) =>
      attribute.type === 'graph'
        ? [attribute.value]
        : attribute.type === 'graphs'
          ? attribute.value
          : [],
    );
    const free = graphs.flatMap((graph) => [...graph.values()].filter(isFree));
    return [...new Set(free.map((value) => value.name))].map((name) =>
      this.graph.ensureValue(name),
    );
  }
  /** `name = value` or `name: type = value`; the type is needed for empty lists only. */
  private attribute(): Attribute {
    const { stream } = this;
    const name = stream.name('an attribute');
    const type = stream.accept(':') ? stream.name('an attribute type') : undefined;
    stream.expect('=');
    if (type === 'opaque') return { name, type, value: fromHex(stream.string()) };
    if (stream.sees('[')) return this.listAttribute(name, type);
    const { kind, text } = stream.peek();
    if (kind === 'number' || (kind === 'name' && /^(inf|nan)$/.test(text))) {
      stream.take();
      return isInteger(text) && type !== 'float'
        ? { name, type: 'int', value: BigInt(text) }
        : { name, type: 'float', value: toNumber(text) };
    }
    if (kind === 'string' && !stream.sees('(', 1))
      return { name, type: 'string', value: stream.string() };
    if (this.seesTensor()) return { name, type: 'tensor', value: this.tensorLiteral() };
    return { name, type: 'graph', value: this.subgraph() };
  }
  private seesTensor(): boolean {
    const { kind, text } = this.stream.peek();
    return kind === 'name' && elementType(text) !== undefined;
  }
  /** `float[2] {1, 2}` or `float[2] name = {1, 2}`. */
  private tensorLiteral(): Tensor {
    const { stream } = this;
    const dataType = elementType(stream.name('an element type'));
    const shape = this.shape();
    let name = '';
    if (!stream.sees('{')) {
      name = stream.name('a tensor name');
      stream.expect('=');
    }
    return this.tensor({ name, dataType, shape });
  }
  private subgraph(): Graph {
    return new GraphParser(this.stream, this.unknown, this.depth + 1).parse();
  }
  private listAttribute(name: string, type: string | undefined): Attribute {
    const { stream } = this;
    const { kind } = stream.peek(1);
    const isGraphs = type === 'graphs' || (kind === 'string' && stream.sees('(', 2));
    if (isGraphs)
      return { name, type: 'graphs', value: stream.list('[', ']', () => this.subgraph()) };
    if (type === 'strings' || (type === undefined && kind === 'string'))
      return { name, type: 'strings', value: stream.list('[', ']', () => stream.string()) };
    if (
      type === 'tensors' ||
      (type === undefined && kind === 'name' && elementType(stream.peek(1).text))
    )
      return { name, type: 'tensors', value: stream.list('[', ']', () => this.tensorLiteral()) };
    const isNamed = kind === 'name' && !/^(inf|nan)$/.test(stream.peek(1).text);
    if (isNamed)
      return { name, type: 'graphs', value: stream.list('[', ']', () => this.subgraph()) };
    const words = stream.list('[', ']', () => this.numberWord());
    if (words.every(isInteger) && type !== 'floats' && (words.length > 0 || type === 'ints'))
      return { name, type: 'ints', value: words.map(BigInt) };
    if (words.length === 0 && type === undefined)
      throw stream.mistake(`the empty list ${name} needs a type, such as "${name}: ints = []"`);
    return { name, type: 'floats', value: words.map(toNumber) };
  }
  private numberWord(): string {
    const { kind, text } = this.stream.peek();
    const isNumber = kind === 'number' || (kind === 'name' && /^(inf|nan)$/.test(text));
    if (!isNumber) throw this.stream.wanted('a number');
    return this.stream.take().text;
  }
}

const isInteger = (word: string): boolean => /^[-+]?\d+$/.test(word);

const isFree = (value: Value): boolean =>
  value.producer() === null &&
  value.tensor === undefined &&
  !value.isGraphInput &&
  (value.useCount > 0 || value.isGraphOutput);

const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
