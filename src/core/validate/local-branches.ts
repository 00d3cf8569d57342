import { floatModel } from '../calibrate/float-model.ts';
import type { FloatModel } from '../calibrate/float-model.ts';
import { isFloatType } from '../ir/data-type.ts';
import type { Graph, Node, Value } from '../ir/graph.ts';
import type { Model } from '../ir/model.ts';
import {
  isConstantThroughQuantizers,
  isDequantizeNode,
  isQuantizeNode,
  isQuantizer,
} from '../ir/quantizer-nodes.ts';

/** A layer that reads a DQ of activations or of weights. */
export interface FakeQuantizedLayer {
  readonly node: Node;
  /** Its first output, a float value. */
  readonly output: Value;
  readonly order: number;
}

/** The float model with a copy of each layer and of its quantizers beside it, all fed with float numbers. */
export interface BranchedModel extends FloatModel {
  /** Where the layer of that name gives its local result; undefined for those that cannot be cut out. */
  localOf(layer: string): string | undefined;
}

/** Nodes that only move numbers: exporters put them between a DQ and the layer that it is for. */
const MOVING = /^(?:Identity|Transpose|Reshape|Flatten|Squeeze|Unsqueeze)$/;

/** The nodes that compute on what DQs give, in topological order; nodes that only move numbers are none. */
export function fakeQuantizedLayers(graph: Graph): readonly FakeQuantizedLayer[] {
  const layers: FakeQuantizedLayer[] = [];
  for (const [order, node] of graph.sortedNodes().entries()) {
    const [output] = node.outputs;
    if (isQuantizer(node) || MOVING.test(node.opType) || !output) continue;
    // Bodies of If and Loop are networks of their own, not layers.
    if (node.captures.length > 0 || isConstantThroughQuantizers(output)) continue;
    if (output.dataType === undefined || !isFloatType(output.dataType)) continue;
    if (node.inputs.some((input) => isDequantizeNode(makerOf(input))))
      layers.push({ node, output, order });
  }
  return layers;
}

/** The node behind moves that makes a value. */
function makerOf(value: Value | null): Node | null {
  let maker = value?.producer() ?? null;
  while (maker && MOVING.test(maker.opType)) maker = maker.inputs[0]?.producer() ?? null;
  return maker;
}

/**
 * Puts a copy of each of `layers`, with the quantizers before it, into the model without Q/DQ: there it reads the float numbers
 * of the same run. So one run gives the local error of any number of layers, and weights are in memory once.
 */
export function branchLayers(model: Model, layers: readonly FakeQuantizedLayer[]): BranchedModel {
  const float = floatModel(model, { float: true });
  const { graph } = float.model;
  const locals = new Map<string, string>();
  for (const { node } of layers) {
    const output = new BranchCopy(graph, float).copy(node);
    if (output) locals.set(node.name, output.name);
  }
  return { ...float, localOf: (layer) => locals.get(layer) };
}

/** Copies one layer and what stands between it and the float values that its quantizers read. */
class BranchCopy {
  private readonly graph: Graph;
  private readonly float: FloatModel;
  /** Outputs of copied nodes, by the names that they have in the quantized model. */
  private readonly copies = new Map<string, Value>();

  constructor(graph: Graph, float: FloatModel) {
    this.graph = graph;
    this.float = float;
  }

  /** The first output of the copy; undefined where something that it reads is not in the float model. */
  copy(node: Node): Value | undefined {
    const inputs: (Value | null)[] = [];
    for (const input of node.inputs) {
      const value = input && this.read(input);
      if (value === undefined) return undefined;
      inputs.push(value);
    }
    const outputs = node.outputs.map(({ name, dataType, shape }) => {
      const made = this.graph.ensureValue(this.graph.freshName(`${name}_local`));
      made.dataType = dataType;
      made.shape = shape;
      made.retyped = true;
      this.copies.set(name, made);
      return made;
    });
    this.graph.addNode({
      name: this.graph.freshName(`${node.name}_local`),
      opType: node.opType,
      domain: node.domain,
      inputs,
      outputs,
      attributes: node.attributes,
    });
    return outputs[0];
  }

  /** What a layer reads: copies of the quantizers and moves before it, else the float value. */
  private read(value: Value): Value | undefined {
    const known = this.copies.get(value.name);
    if (known) return known;
    const maker = value.producer();
    const isQuantized = isDequantizeNode(makerOf(value));
    if (maker && isQuantized) {
      // Integers that are stored as such keep their DQ in the float model.
      if (this.isKept(maker)) return this.graph.value(value.name);
      return isDequantizeNode(maker) ? this.dequantized(maker) : this.copied(maker, value);
    }
    return this.graph.value(this.float.nameOf(value.name));
  }

  private isKept(maker: Node): boolean {
    const twin = this.graph.node(maker.name);
    return twin !== undefined && isDequantizeNode(makerOf(twin.outputs[0] ?? null));
  }

  private copied(maker: Node, value: Value): Value | undefined {
    this.copy(maker);
    return this.copies.get(value.name);
  }

  /** A copy of a DQ, of the Q that it belongs to, and of what works on integers in between. */
  private dequantized(maker: Node): Value | undefined {
    const path = [maker];
    for (let at = maker; !isQuantizeNode(at);) {
      const before = at.inputs[0]?.producer();
      if (!before) return undefined;
      path.push((at = before));
    }
    let last: Value | undefined;
    for (const node of path.reverse()) {
      const [output] = node.outputs;
      const source = node.inputs[0];
      if (!output || !source) return undefined;
      // A Q reads float numbers: those of the float model.
      if (isQuantizeNode(node)) {
        const float = this.graph.value(this.float.nameOf(source.name));
        if (float) this.copies.set(source.name, float);
      }
      last = this.copies.get(output.name) ?? this.copy(node);
      if (isQuantizeNode(node)) this.copies.delete(source.name);
    }
    return last;
  }
}
