import type { Graph, Model, Node, Value } from '../ir/graph.ts';
import type { InferReport } from '../ir/infer/infer-report.ts';
import { neededNodes } from '../ir/needed-nodes.ts';
import { tensorNumbers } from '../ir/tensor-values.ts';
import { elementCount } from '../ir/tensor.ts';
import { constantOf } from '../ir/quantizer-nodes.ts';
import { isDequantize, isQuantize } from '../sim/graph/operator-kinds.ts';
import type { EngineTensor, PredictedEngine, PredictedLayer } from '../sim/predicted-engine.ts';
import type { Target } from '../sim/target.ts';
import { quantizerFacts } from './quantizer-facts.ts';
import type { QuantizerFacts } from './quantizer-facts.ts';

/** Operators whose second operand is a weight that runs with INT8 kernels. */
const WEIGHTED: ReadonlySet<string> = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);

/** A model and its prediction, with the questions that findings ask answered once. Linear in the size of the graph. */
export class LintContext {
  readonly model: Model;
  readonly graph: Graph;
  readonly engine: PredictedEngine;
  readonly target: Target;
  /** Version of the ONNX operator set. */
  readonly opset: number;
  /** Nodes that an output depends on, each after those that it reads. */
  readonly nodes: readonly Node[];
  /** All live Q and DQ, in order. */
  readonly quantizers: readonly QuantizerFacts[];
  private readonly inferred: InferReport;
  private readonly live: ReadonlySet<Node>;
  private readonly facts = new Map<Node, QuantizerFacts>();
  private readonly layersByNode = new Map<string, PredictedLayer[]>();
  private readonly constants: ReadonlySet<Value>;
  private readonly behind: ReadonlySet<Node>;
  private readonly ahead: ReadonlySet<Node>;

  constructor(model: Model, engine: PredictedEngine, inferred: InferReport) {
    this.model = model;
    this.graph = model.graph;
    this.engine = engine;
    this.target = engine.target;
    this.inferred = inferred;
    this.opset = model.opsets.get('') ?? model.opsets.get('ai.onnx') ?? 21;
    this.live = neededNodes(model.graph);
    this.nodes = model.graph.sortedNodes().filter((node) => this.live.has(node));
    this.constants = constantValues(this.nodes, inferred);
    for (const node of this.nodes) {
      const facts = quantizerFacts(node, this);
      if (facts) this.facts.set(node, facts);
    }
    this.quantizers = [...this.facts.values()];
    for (const layer of engine.layers)
      for (const name of layer.nodes) {
        const layers = this.layersByNode.get(name);
        if (layers) layers.push(layer);
        else this.layersByNode.set(name, [layer]);
      }
    const data = this.quantizers.filter(({ onWeight }) => !onWeight);
    this.behind = reach(data, 'Q', (node) => node.inputs.map((v) => v?.producer() ?? null));
    this.ahead = reach(data, 'DQ', (node) => node.outputs.flatMap((v) => v.consumers()));
  }

  /** What a Q or DQ node says; undefined for other nodes. */
  quantizer(node: Node | null | undefined): QuantizerFacts | undefined {
    return node ? this.facts.get(node) : undefined;
  }
  /** The DQ that makes a value, if one does. */
  dequantizeOf(value: Value | null | undefined): QuantizerFacts | undefined {
    const facts = this.quantizer(value?.producer());
    return facts?.kind === 'DQ' ? facts : undefined;
  }
  /** The Qs that read a value. */
  quantizesOf(value: Value): QuantizerFacts[] {
    return this.readers(value).flatMap((node) => {
      const facts = this.quantizer(node);
      return facts?.kind === 'Q' && facts.data === value ? [facts] : [];
    });
  }
  /** Live nodes that read a value, each once. */
  readers(value: Value): Node[] {
    return value.consumers().filter((node) => this.live.has(node));
  }
  /** The only reader of a node's first output; undefined when there are several or the network gives it out. */
  soleReader(node: Node): Node | undefined {
    const [output] = node.outputs;
    if (!output || output.isGraphOutput) return undefined;
    const readers = this.readers(output);
    return readers.length === 1 ? readers[0] : undefined;
  }
  /** Layers that run or absorb a node. */
  layers(node: Node): readonly PredictedLayer[] {
    return this.layersByNode.get(node.name) ?? [];
  }
  /** The layer that computes a node, if one does. */
  layer(node: Node): PredictedLayer | undefined {
    return this.layers(node).find(({ role }) => role === 'compute');
  }
  /** True for a Q or DQ that no layer took: it runs as one of its own. */
  survives(node: Node): boolean {
    return this.layers(node).some(({ role }) => role === 'qdq');
  }
  /** True when one layer computes both nodes. */
  sharesLayer(a: Node, b: Node): boolean {
    const layer = this.layer(a);
    return layer !== undefined && layer === this.layer(b);
  }
  /** True when the layer that computes a node runs a convolution or matrix product too. */
  runsWithWeights(node: Node): boolean {
    const names = this.layer(node)?.nodes ?? [];
    return names.some((name) => this.isWeighted(this.graph.node(name)));
  }
  /** True for a convolution, deconvolution or matrix product. */
  isWeighted(node: Node | null | undefined): node is Node {
    return node !== null && node !== undefined && WEIGHTED.has(node.opType);
  }
  /** True when a Q of an activation follows somewhere below the node. */
  isQuantizedLater(node: Node): boolean {
    return this.behind.has(node);
  }
  /** True when a DQ of an activation stands somewhere above the node. */
  isQuantizedBefore(node: Node): boolean {
    return this.ahead.has(node);
  }
  /** True for a value that never changes: an initializer, or made of constants alone. */
  isConstant(value: Value): boolean {
    return value.tensor !== undefined || this.constants.has(value);
  }
  /** True for a constant, through Q/DQ or not. */
  isWeight(value: Value): boolean {
    return this.isConstant(value);
  }
  /** Elements that a value is known to hold before the network runs. */
  numbers(value: Value | null | undefined): readonly number[] | undefined {
    if (!value) return undefined;
    const tensor = constantOf(value);
    const numbers = tensor && tensorNumbers(tensor);
    if (numbers) return Array.from(numbers);
    const elements = this.inferred.folded.get(value)?.elements;
    return elements?.every((element): element is number => typeof element === 'number')
      ? elements
      : undefined;
  }
  /** The shape of a value when all of it is known. */
  dims(value: Value): readonly number[] | undefined {
    const shape = constantOf(value)?.dims ?? value.shape;
    return shape?.every((dim): dim is number => typeof dim === 'number') ? shape : undefined;
  }
  /** The value that an engine tensor holds; a DQ split for each of its readers gives copies of its output. */
  valueOf({ name }: EngineTensor): Value | undefined {
    return this.graph.value(name) ?? this.graph.value(name.replace(/_clone_\d+$/, ''));
  }
  /** Bytes of a value at `bytesPerElement` each; symbolic dimensions count as 1. */
  bytes(value: Value | undefined, bytesPerElement = 4): number {
    return elementsOf(value?.shape) * bytesPerElement;
  }
  /** Bytes of an engine tensor if it were FP32; symbolic dimensions count as 1. */
  tensorBytes(tensor: EngineTensor | undefined): number {
    return elementsOf(tensor?.dims) * 4;
  }
}

const elementsOf = (shape: readonly (number | string)[] | undefined): number =>
  shape === undefined
    ? 0
    : elementCount(shape.map((dim) => (typeof dim === 'number' && dim > 0 ? dim : 1)));

/** True for QuantizeLinear and DequantizeLinear in any spelling. */
export const isQuantizer = (node: Node): boolean =>
  isQuantize(node.opType) || isDequantize(node.opType);

/** Values that nodes make of constants alone, with what inference folded. `nodes` must be in order. */
function constantValues(nodes: readonly Node[], { folded }: InferReport): ReadonlySet<Value> {
  const constants = new Set<Value>(folded.keys());
  const isConstant = (value: Value | null): boolean =>
    value === null || value.tensor !== undefined || constants.has(value);
  for (const node of nodes)
    if (
      !node.opType.startsWith('Random') &&
      node.captures.length === 0 &&
      node.inputs.every(isConstant)
    )
      for (const value of node.outputs) constants.add(value);
  return constants;
}

/** Nodes from which a quantizer of `kind` is met, walking on by `next` from each of them. */
function reach(
  quantizers: readonly QuantizerFacts[],
  kind: 'Q' | 'DQ',
  next: (node: Node) => readonly (Node | null)[],
): ReadonlySet<Node> {
  const found = new Set<Node>();
  const open = quantizers.filter((facts) => facts.kind === kind).flatMap(({ node }) => next(node));
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === null || found.has(node)) continue;
    found.add(node);
    for (const other of next(node)) open.push(other);
  }
  return found;
}
