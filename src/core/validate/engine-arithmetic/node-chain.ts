import { assert } from '../../base/assert.ts';
import type { Attribute } from '../../ir/attribute.ts';
import type { DataType } from '../../ir/data-type.ts';
import { encodeNumbers } from '../../ir/encode-numbers.ts';
import type { Graph, Node, Value } from '../../ir/graph.ts';
import { residentBytes } from '../../ir/memory-bytes.ts';

/** ONNX's numbers of the types that casts of the engine's arithmetic lead to. */
const TYPE_NUMBERS = { float32: 1n, float16: 10n, float64: 11n } as const;

const NO_ATTRIBUTES: ReadonlyMap<string, Attribute> = new Map();

/** Builds the nodes that stand for one node of the model, right before it. */
export class NodeChain {
  readonly graph: Graph;
  private readonly node: Node;

  constructor(graph: Graph, node: Node) {
    this.graph = graph;
    this.node = node;
  }

  /** A chain for another node of the graph. */
  before(node: Node): NodeChain {
    return new NodeChain(this.graph, node);
  }

  /** Adds a node and gives its output. */
  step(
    opType: string,
    inputs: readonly (Value | null)[],
    dataType: DataType,
    attributes: ReadonlyMap<string, Attribute> = NO_ATTRIBUTES,
  ): Value {
    const output = this.graph.ensureValue(this.fresh(opType));
    output.dataType = dataType;
    const name = this.fresh(`${opType}_node`);
    this.graph.addNode({ name, opType, inputs, outputs: [output], attributes }, this.node);
    return output;
  }

  cast(value: Value, type: keyof typeof TYPE_NUMBERS): Value {
    const to: Attribute = { name: 'to', type: 'int', value: TYPE_NUMBERS[type] };
    return this.step('Cast', [value], type, new Map([['to', to]]));
  }

  /** `value` in FP32. */
  float(value: Value): Value {
    return value.dataType === 'float32' ? value : this.cast(value, 'float32');
  }

  /**
   * a · b + c, rounded to FP32 once, as a GPU's fused multiply-add does: FP64 holds the product of two FP32 exactly, and its own
   * rounding of the sum is 2^29 times as fine.
   */
  fused(a: Value, b: Value, c: Value | null): Value {
    const [x, y] = [this.cast(a, 'float64'), this.cast(b, 'float64')];
    const product = this.step('Mul', [x, y], 'float64');
    const sum = c ? this.step('Add', [product, this.cast(c, 'float64')], 'float64') : product;
    return this.cast(sum, 'float32');
  }

  /** `value`, which is in the unit of `quantizer` already, as its integers: rounded half to even, ends cut off. */
  rounded(value: Value, quantizer: Node): Value {
    const [, , zeroPoint] = quantizer.inputs;
    const type = quantizer.outputs[0]?.dataType ?? zeroPoint?.dataType ?? 'int8';
    return this.step('QuantizeLinear', [value, this.number(1), zeroPoint ?? null], type);
  }

  /** A row of numbers along the channels, as [C, 1, 1 …] with so many ones; a single number is [1, 1 …]. */
  row(row: Value, trailing: number): Value {
    if (trailing === 0) return row;
    const dims = this.constant('int64', [-1, ...Array<number>(trailing).fill(1)]);
    return this.step('Reshape', [row, dims], row.dataType ?? 'float32');
  }

  number(value: number): Value {
    return this.constant('float32', [value], []);
  }

  /** Makes `result` what the node gives, in the type that it gave, and takes the node out. The value keeps its name. */
  replaceBy(result: Value): void {
    const { graph, node } = this;
    const [output] = node.outputs;
    assert(output !== undefined, `${node.name} has an output`);
    const given = output.dataType === 'float16' ? this.cast(result, 'float16') : result;
    const name = this.fresh('result');
    const { next } = node;
    graph.removeNode(node);
    graph.addNode({ name, opType: 'Identity', inputs: [given], outputs: [output] }, next);
  }

  private constant(
    dataType: 'int64' | 'float32',
    numbers: readonly number[],
    dims: readonly number[] = [numbers.length],
  ): Value {
    const bytes = encodeNumbers(dataType, numbers);
    assert(bytes !== undefined, `${dataType} can be written`);
    const name = this.fresh('constant');
    const tensor = { name, dataType, dims, bytes: residentBytes(bytes) };
    return this.graph.addInitializer(name, tensor);
  }

  private fresh(suffix: string): string {
    return this.graph.freshName(`${this.node.name}_${suffix}`);
  }
}
