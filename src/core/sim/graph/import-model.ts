import type { DataType } from '../../ir/data-type.ts';
import type { Dim, Graph, Model, Node, Value } from '../../ir/graph.ts';
import type { FoldedConstant } from '../../ir/infer/infer-report.ts';
import { neededNodes } from '../../ir/needed-nodes.ts';
import { constantOf } from '../../ir/quantizer-nodes.ts';
import type { EngineDataType } from '../predicted-engine.ts';
import type { LayerKind } from './layer-parameters.ts';
import { isDequantize, isQuantize, OPERATOR_KINDS } from './operator-kinds.ts';
import { isWeightTensor } from './queries.ts';
import { quantizerOf } from './quantizer-key.ts';
import { numbersOf, readParameters } from './read-parameters.ts';
import type { LayerInit, SimLayer } from './sim-graph.ts';
import { SimGraph, SimTensor } from './sim-graph.ts';
import { foldsOnConstants } from './weight-source.ts';

const ENGINE_TYPES: Readonly<Partial<Record<DataType, EngineDataType>>> = {
  float32: 'Float',
  float64: 'Float',
  float16: 'Half',
  bfloat16: 'BFloat16',
  int8: 'Int8',
  uint8: 'UInt8',
  int4: 'Int4',
  int32: 'Int32',
  int64: 'Int64',
  bool: 'Bool',
  float8e4m3fn: 'FP8',
  float4e2m1: 'FP4',
};

/** Constants that follow from shapes, as shape inference found them. */
export type FoldedConstants = ReadonlyMap<Value, FoldedConstant>;

/**
 * Makes the layers that TensorRT's parser would make: shape arithmetic and dead nodes are left out, weights without
 * Q/DQ live inside their layer, other constants are layers of their own. Linear in the size of the graph.
 */
export function importModel(model: Model, folded: FoldedConstants): SimGraph {
  return new Importer(model.graph, folded).run();
}

class Importer {
  private readonly graph = new SimGraph();
  private readonly tensors = new Map<Value, SimTensor>();
  /** Constants stand before everything else, as TensorRT adds them. */
  private firstComputed: SimLayer | null = null;
  /** Values that follow from constants by operators that the builder computes. */
  private readonly constants = new Set<Value>();
  private collisions = 0;
  private hasZeroPoints = false;
  private hasBroadcast = false;
  private readonly source: Graph;
  private readonly folded: FoldedConstants;

  constructor(source: Graph, folded: FoldedConstants) {
    this.source = source;
    this.folded = folded;
  }

  run(): SimGraph {
    for (const value of this.source.inputs) {
      if (value.tensor) continue;
      const tensor = this.tensor(value);
      tensor.isInput = true;
      this.graph.inputs.push(tensor);
    }
    const needed = neededNodes(this.source);
    for (const node of this.source.sortedNodes()) if (needed.has(node)) this.node(node);
    for (const value of this.source.outputs) {
      const tensor = this.isConstant(value) ? this.constant(value, 0) : this.tensor(value);
      tensor.isOutput = true;
      this.graph.outputs.push(tensor);
    }
    return this.graph;
  }

  private node(node: Node): void {
    if (node.opType === 'Constant' || node.outputs.every((value) => this.folded.has(value))) return;
    const [input] = node.inputs;
    const [output] = node.outputs;
    if (input && output && (isQuantize(node.opType) || isDequantize(node.opType)))
      return this.quantizer(node, input, output);
    if (this.foldsIntoWeights(node)) return;
    const known = OPERATOR_KINDS.get(node.opType);
    // what reads nothing is no layer that a rule could know
    const kind = known && node.inputs.some(Boolean) ? known.kind : 'OTHER';
    const { op = known?.op ?? node.opType, ...parameters } = readParameters(node, this.known);
    const inputs = this.operands(node, kind);
    if (kind === 'SLICE' && node.outputs.length > 1) return this.split(node, inputs, parameters);
    const outputs = node.outputs.map((value) => this.tensor(value));
    const init = { kind, op, name: node.name, nodes: [node.name], inputs, outputs, parameters };
    if (op === 'DepthToSpace' || op === 'SpaceToDepth') this.spaceAndDepth(init);
    else if (op === 'HardSwish') this.hardSwish(init);
    else this.add(init);
  }

  /**
   * A transpose or cast of weights is computed by the builder: who reads it reads the weights. An Identity, by which an
   * exporter shares weights that are equal, stays a layer where a Q follows it.
   */
  private foldsIntoWeights(node: Node): boolean {
    const [input] = node.inputs;
    const [output] = node.outputs;
    if (!foldsOnConstants(node.opType) || !input || !output) return false;
    if (this.isConstant(input)) {
      if (node.opType === 'Identity' && isQuantized(output)) return false;
      this.constants.add(output);
    }
    const tensor = this.tensors.get(input);
    if (!tensor || !isWeightTensor(tensor)) return this.constants.has(output);
    this.tensors.set(output, tensor);
    return true;
  }

  private isConstant(value: Value): boolean {
    return constantOf(value) !== undefined || this.folded.has(value) || this.constants.has(value);
  }

  private quantizer(node: Node, input: Value, output: Value): void {
    const quantizer = quantizerOf(node, this.known);
    const kind = isQuantize(node.opType) ? 'QUANTIZE' : 'DEQUANTIZE';
    const source = this.isConstant(input) ? this.constant(input, 0) : this.tensor(input);
    const target = this.tensor(output);
    if (kind === 'QUANTIZE') target.dataType = quantizer.type;
    if (this.hasZeroPoints) this.collisions++;
    this.hasZeroPoints ||= node.inputs[2] !== undefined;
    this.add({
      kind,
      op: node.opType,
      name: node.name,
      nodes: [node.name],
      inputs: [source],
      outputs: [target],
      quantizer,
    });
  }

  /** A layer for each output that somebody reads; all carry the ONNX node. */
  private split(node: Node, inputs: SimTensor[], parameters: object): void {
    node.outputs.forEach((value, index) => {
      if (value.uses().length === 0 && !value.isGraphOutput) return;
      this.add({
        kind: 'SLICE',
        op: 'Split',
        name: index === 0 ? node.name : `${node.name}_${String(index)}`,
        nodes: [node.name],
        inputs: inputs.slice(0, 1),
        outputs: [this.tensor(value)],
        parameters,
      });
    });
  }

  /** DepthToSpace and SpaceToDepth become a transposing shuffle and a reshaping one. */
  private spaceAndDepth(init: LayerInit): void {
    const [output] = init.outputs;
    if (output === undefined) return;
    const dims = blocked(init.inputs[0]?.dims ?? [], output.dims);
    const between = new SimTensor(`${init.name}_shuffled`, dims, output.dataType);
    this.add({ ...init, outputs: [between] });
    this.add({
      kind: 'SHUFFLE',
      op: 'Reshape',
      name: `ONNXTRT_ShapeShuffle_${String(this.collisions++)}`,
      nodes: [],
      inputs: [between],
      outputs: [output],
      parameters: { transposes: false, shuffle: 'R' },
    });
  }

  /** HardSwish becomes a HardSigmoid and its product with the input, which so has two readers. */
  private hardSwish(init: LayerInit): void {
    const [input] = init.inputs;
    const [output] = init.outputs;
    if (input === undefined || output === undefined) return;
    const gate = new SimTensor(`${init.name}_gate`, output.dims, output.dataType);
    this.add({ ...init, op: 'HardSigmoid', outputs: [gate] });
    this.add({
      kind: 'ELEMENTWISE',
      op: 'PROD',
      name: `${init.name}_${String(this.collisions++)}`,
      nodes: init.nodes,
      inputs: [input, gate],
      outputs: [output],
    });
  }

  /** The operands that TensorRT sees as tensors; weights and settings are inside the layer. */
  private operands(node: Node, kind: LayerKind): SimTensor[] {
    const rank = node.outputs[0]?.shape?.length ?? 0;
    return node.inputs.flatMap((value, index) => {
      if (!value || value.name === '') return [];
      if (!this.isConstant(value)) return [this.tensor(value)];
      return takesConstantLayers(kind) || index === 0 ? [this.constant(value, rank)] : [];
    });
  }

  private constant(value: Value, rank: number): SimTensor {
    const existing = this.tensors.get(value);
    if (existing) return existing;
    const tensor = this.tensor(value);
    const dims = tensor.dims.filter((dim): dim is number => typeof dim === 'number');
    const broadcast = rank > dims.length;
    // a network may give out what the builder computes
    const maker = value.isGraphOutput ? value.producer() : null;
    const layer: LayerInit = {
      kind: 'CONSTANT',
      op: 'Constant',
      name: broadcast ? `${value.name} + ${this.broadcastName()}` : value.name,
      nodes: maker ? [maker.name] : [],
      inputs: [],
      outputs: [tensor],
      parameters: { elements: dims.reduce((product, dim) => product * dim, 1), dims },
    };
    this.graph.add(layer, this.firstComputed);
    return tensor;
  }

  /** Names that the parser makes up are told apart by one counter; a broadcast takes two numbers, for tensor and layer. */
  private broadcastName(): string {
    const name = 'ONNXTRT_Broadcast';
    if (!this.hasBroadcast) {
      this.hasBroadcast = true;
      return name;
    }
    this.collisions += 2;
    return `${name}_${String(this.collisions - 1)}`;
  }

  private add(init: LayerInit): void {
    const layer = this.graph.add(init);
    this.firstComputed ??= layer;
  }

  private tensor(value: Value): SimTensor {
    let tensor = this.tensors.get(value);
    if (tensor === undefined) {
      const shape: readonly Dim[] = value.shape ?? [];
      const dataType = ENGINE_TYPES[value.dataType ?? 'float32'] ?? 'Float';
      this.tensors.set(value, (tensor = new SimTensor(value.name, shape, dataType)));
    }
    return tensor;
  }

  private readonly known = (value: Value | null | undefined): readonly number[] | undefined => {
    const numbers = numbersOf(value);
    if (numbers || !value) return numbers;
    const elements = this.folded.get(value)?.elements;
    return elements?.every((element): element is number => typeof element === 'number')
      ? elements
      : undefined;
  };
}

/** The six dimensions between the two shuffles: batch, channels, and each spatial one in blocks. */
function blocked(before: readonly Dim[], after: readonly Dim[]): Dim[] {
  const block = (axis: number): Dim[] => {
    const [a, b] = [before[axis], after[axis]];
    if (typeof a !== 'number' || typeof b !== 'number') return [a ?? '?', 'block'];
    const small = Math.min(a, b);
    return [small, Math.max(a, b) / small];
  };
  return [before[0] ?? 1, after[1] ?? '?', ...block(2), ...block(3)];
}

const isQuantized = (value: Value): boolean =>
  value.uses().some(({ node }) => isQuantize(node.opType));

const takesConstantLayers = (kind: LayerKind): boolean =>
  kind === 'ELEMENTWISE' || kind === 'PARAMETRIC_RELU' || kind === 'CONCATENATION';
