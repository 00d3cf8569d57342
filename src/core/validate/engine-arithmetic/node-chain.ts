import { assert } from '../../base/assert.ts';
import type { Attribute } from '../../ir/attribute.ts';
import type { DataType } from '../../ir/data-type.ts';
import type { Graph, Node, Value } from '../../ir/graph.ts';
import { encodeNumbers } from '../../ir/encode-numbers.ts';
import { residentBytes } from '../../ir/memory-bytes.ts';

/** ONNX's numbers of the types that casts of the engine's arithmetic lead to. */
const TYPE_NUMBERS = { float32: 1n, float16: 10n } as const;

/** Builds the nodes that stand for one node of the model, right before it. */
export class NodeChain {
  readonly graph: Graph;
  private readonly node: Node;

  constructor(graph: Graph, node: Node) {
    this.graph = graph;
    this.node = node;
  }

  /** Adds a node and gives its output. */
  step(
    opType: string,
    inputs: readonly Value[],
    dataType: DataType,
    attributes: ReadonlyMap<string, Attribute> = new Map(),
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

  /** A row of numbers along the channels of an image: [C] as [C, 1, 1 …], with `spatial` ones. */
  alongChannels(row: Value, spatial: number): Value {
    const dims = this.constant('int64', [-1, ...Array<number>(spatial).fill(1)]);
    return this.step('Reshape', [row, dims], 'float32');
  }

  number(value: number): Value {
    return this.constant('float32', [value], []);
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
