import onnxProto from 'onnx-proto';
import { sparsePieces } from './sparse-pieces.ts';

const { onnx } = onnxProto;

const FLOAT = 1;
const INT8 = 3;

/**
 * Builds ONNX models with Q/DQ nodes for tests and benchmarks: activations and weights are quantized to int8, weights
 * by a scale for each output channel. Names look like those that PyTorch exports. Works in Node and in browsers.
 */
export class ModelBuilder {
  private readonly nodes: InstanceType<typeof onnx.NodeProto>[] = [];
  private readonly initializers: InstanceType<typeof onnx.TensorProto>[] = [];
  private state = 1;
  private readonly zeros = new Set<string>();
  /** Bytes of weights that are left as holes, by name. */
  private readonly holes = new Map<string, number>();
  private readonly sparse: boolean;

  /** With `sparse`, weights have no bytes: `finishSparse` leaves holes for them. */
  constructor(options: { readonly sparse?: boolean } = {}) {
    this.sparse = options.sparse ?? false;
  }

  get nodeCount(): number {
    return this.nodes.length;
  }

  /** Adds a node with one output, named after the node, and gives the output's name. */
  node(
    opType: string,
    name: string,
    inputs: readonly string[],
    ints: Readonly<Record<string, number | readonly number[]>> = {},
  ): string {
    const output = `${name}_output_0`;
    const attribute = Object.entries(ints).map(([key, value]) =>
      typeof value === 'number'
        ? { name: key, type: 2, i: value }
        : { name: key, type: 7, ints: [...value] },
    );
    this.nodes.push(
      onnx.NodeProto.create({ name, opType, input: [...inputs], output: [output], attribute }),
    );
    return output;
  }

  /** Adds Q and DQ behind `value`, with one scale; gives what DQ gives. */
  quantized(value: string, scope: string): string {
    const parameters = this.scaleAndZero(scope, [], 0.05);
    const q = this.node('QuantizeLinear', `${scope}/QuantizeLinear`, [value, ...parameters]);
    return this.node('DequantizeLinear', `${scope}/DequantizeLinear`, [q, ...parameters]);
  }

  /** Adds a float weight with Q and DQ, a scale for each of its first dimension; gives what DQ gives. */
  weight(name: string, dims: readonly number[]): string {
    const [channels = 1] = dims;
    const count = dims.reduce((product, dim) => product * dim, 1);
    const bound = Math.sqrt(channels / count);
    const values = new Float32Array(this.sparse ? 0 : count);
    for (let i = 0; i < values.length; i++) values[i] = this.random() * bound;
    this.constant(name, FLOAT, dims, new Uint8Array(values.buffer));
    if (this.sparse) this.holes.set(name, 4 * count);
    const parameters = this.scaleAndZero(name, [channels], bound / 127);
    const axis = { axis: 0 };
    const q = this.node('QuantizeLinear', `${name}/QuantizeLinear`, [name, ...parameters], axis);
    return this.node('DequantizeLinear', `${name}/DequantizeLinear`, [q, ...parameters], axis);
  }

  /** Adds a float bias of zeros. */
  bias(name: string, channels: number): string {
    this.constant(name, FLOAT, [channels], new Uint8Array(4 * channels));
    return name;
  }

  /** The model as ONNX bytes: opset 17, one float input and one output. */
  finish(input: { name: string; dims: readonly number[] }, output: string): Uint8Array {
    return onnx.ModelProto.encode(this.model(input, output)).finish();
  }

  /** The model as `finish` gives it, as pieces: bytes, or the length of a hole that stands for a weight. */
  finishSparse(
    input: { name: string; dims: readonly number[] },
    output: string,
  ): (Uint8Array | number)[] {
    return sparsePieces(this.model(input, output), this.holes);
  }

  private model(
    input: { name: string; dims: readonly number[] },
    output: string,
  ): InstanceType<typeof onnx.ModelProto> {
    const typed = (name: string, dims: readonly number[]) => ({
      name,
      type: {
        tensorType: { elemType: FLOAT, shape: { dim: dims.map((dimValue) => ({ dimValue })) } },
      },
    });
    return onnx.ModelProto.create({
      irVersion: 8,
      producerName: 'qdq-lab test models',
      opsetImport: [{ domain: '', version: 17 }],
      graph: {
        name: 'main',
        node: this.nodes,
        initializer: this.initializers,
        input: [typed(input.name, input.dims)],
        output: [{ name: output, type: { tensorType: { elemType: FLOAT } } }],
      },
    });
  }

  /** Numbers in (-1, 1) that are the same in each run; cheap enough for millions of weights. */
  private random(): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) | 0;
    return this.state / 2 ** 31;
  }

  private scaleAndZero(scope: string, dims: readonly number[], scale: number): [string, string] {
    const count = dims[0] ?? 1;
    const zero = `zero_point_${dims.join('x')}`;
    const values = new Float32Array(count).fill(scale);
    this.constant(`${scope}/scale`, FLOAT, dims, new Uint8Array(values.buffer));
    if (!this.zeros.has(zero)) this.constant(zero, INT8, dims, new Uint8Array(count));
    this.zeros.add(zero);
    return [`${scope}/scale`, zero];
  }

  private constant(
    name: string,
    dataType: number,
    dims: readonly number[],
    rawData: Uint8Array,
  ): void {
    this.initializers.push(onnx.TensorProto.create({ name, dataType, dims: [...dims], rawData }));
  }
}
