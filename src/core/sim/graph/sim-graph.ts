import { assert } from '../../base/assert.ts';
import type { Dim } from '../../ir/graph.ts';
import type { EngineDataType, RuleNote } from '../predicted-engine.ts';
import type { LayerKind, LayerParameters, Quantizer } from './layer-parameters.ts';

/** An edge between simulated layers. */
export class SimTensor {
  name: string;
  readonly dims: readonly Dim[];
  /** As the network or a quantizer fixes it; float types stay open until the end in weakly typed builds. */
  dataType: EngineDataType;
  producer: SimLayer | null = null;
  /** One entry for each read, so a layer that reads twice stands twice. */
  readonly readers: SimLayer[] = [];
  isInput = false;
  isOutput = false;

  constructor(name: string, dims: readonly Dim[], dataType: EngineDataType) {
    this.name = name;
    this.dims = dims;
    this.dataType = dataType;
  }
  /** The only reader, or null when there are none or several, or when the network gives the tensor out. */
  soleReader(): SimLayer | null {
    return this.readers.length === 1 && !this.isOutput ? (this.readers[0] ?? null) : null;
  }
}

export interface LayerInit {
  readonly kind: LayerKind;
  /** The operator within its kind: `Relu`, `SUM`, `MAX`, `NEAREST`. */
  readonly op: string;
  readonly name: string;
  readonly nodes: readonly string[];
  readonly inputs: readonly SimTensor[];
  readonly outputs: readonly SimTensor[];
  readonly parameters?: LayerParameters;
  readonly quantizer?: Quantizer;
}

/** A layer as the builder sees it between two passes. Its lists are changed only through SimGraph. */
export class SimLayer {
  kind: LayerKind;
  op: string;
  name: string;
  /** ONNX nodes that run in this layer, in the order in which they were absorbed. Replaced, never changed in place. */
  nodes: readonly string[];
  inputs: SimTensor[];
  outputs: SimTensor[];
  parameters: LayerParameters;
  quantizer: Quantizer | undefined;
  /** Set when a convolution, deconvolution or element-wise layer computes on integers. */
  quantized = false;
  activation: string | undefined;
  hasResidual = false;
  readonly notes: RuleNote[] = [];
  alive = true;
  previous: SimLayer | null = null;
  next: SimLayer | null = null;

  constructor(init: LayerInit) {
    this.kind = init.kind;
    this.op = init.op;
    this.name = init.name;
    this.nodes = init.nodes;
    this.inputs = [...init.inputs];
    this.outputs = [...init.outputs];
    this.parameters = init.parameters ?? {};
    this.quantizer = init.quantizer;
  }
  /** First input; every layer but a constant has one. */
  get input(): SimTensor {
    const tensor = this.inputs[0];
    assert(tensor !== undefined, `${this.name} has no input`);
    return tensor;
  }
  /** First output; every layer has one. */
  get output(): SimTensor {
    const tensor = this.outputs[0];
    assert(tensor !== undefined, `${this.name} has no output`);
    return tensor;
  }
  /** The layer that makes the first input. */
  get producer(): SimLayer | null {
    return this.inputs[0]?.producer ?? null;
  }
}

/** The network as layers, in an order in which each comes after those that it reads. Layers may go while it is walked. */
export class SimGraph {
  readonly inputs: SimTensor[] = [];
  readonly outputs: SimTensor[] = [];
  private first: SimLayer | null = null;
  private last: SimLayer | null = null;
  private count = 0;

  get layerCount(): number {
    return this.count;
  }
  *layers(): Generator<SimLayer, void, undefined> {
    for (let layer = this.first; layer !== null; layer = layer.next) if (layer.alive) yield layer;
  }
  /** The layers of some kinds as they stand now, in order or from last to first. */
  collect(kinds: ReadonlySet<LayerKind>, backward: boolean): SimLayer[] {
    const found: SimLayer[] = [];
    let layer = backward ? this.last : this.first;
    while (layer !== null) {
      if (kinds.has(layer.kind)) found.push(layer);
      layer = backward ? layer.previous : layer.next;
    }
    return found;
  }
  /** Appends a layer, or puts it right before `before`. */
  add(init: LayerInit, before: SimLayer | null = null): SimLayer {
    const layer = new SimLayer(init);
    this.link(layer, before);
    for (const tensor of layer.inputs) tensor.readers.push(layer);
    for (const tensor of layer.outputs) tensor.producer = layer;
    this.count++;
    return layer;
  }
  /** Takes a layer out; a walk that stands on it goes on with the next one. */
  remove(layer: SimLayer): void {
    assert(layer.alive, `${layer.name} is gone already`);
    for (const tensor of layer.inputs) dropReader(tensor, layer);
    for (const tensor of layer.outputs) if (tensor.producer === layer) tensor.producer = null;
    this.unlink(layer);
    layer.alive = false;
    this.count--;
  }
  /** Puts a layer as early as its first input allows. */
  hoist(layer: SimLayer): void {
    const { producer } = layer;
    this.moveBefore(layer, producer === null ? this.first : producer.next);
  }
  /** Puts a layer elsewhere in the order. */
  moveBefore(layer: SimLayer, before: SimLayer | null): void {
    if (layer === before) return;
    this.unlink(layer);
    this.link(layer, before);
  }
  setInput(layer: SimLayer, index: number, tensor: SimTensor): void {
    const old = layer.inputs[index];
    assert(old !== undefined, `${layer.name} has no input ${String(index)}`);
    dropReader(old, layer);
    layer.inputs[index] = tensor;
    tensor.readers.push(layer);
  }
  addInput(layer: SimLayer, tensor: SimTensor): void {
    layer.inputs.push(tensor);
    tensor.readers.push(layer);
  }
  removeInput(layer: SimLayer, index: number): void {
    const [old] = layer.inputs.splice(index, 1);
    if (old !== undefined) dropReader(old, layer);
  }
  /** Makes `layer` the producer of `tensor` in place of its output `index`. */
  setOutput(layer: SimLayer, index: number, tensor: SimTensor): void {
    const old = layer.outputs[index];
    if (old?.producer === layer) old.producer = null;
    layer.outputs[index] = tensor;
    tensor.producer = layer;
  }
  /** Everybody who reads `from` reads `to`. */
  redirect(from: SimTensor, to: SimTensor): void {
    for (const reader of new Set(from.readers))
      reader.inputs.forEach((tensor, index) => {
        if (tensor === from) this.setInput(reader, index, to);
      });
  }

  private link(layer: SimLayer, before: SimLayer | null): void {
    layer.previous = before === null ? this.last : before.previous;
    layer.next = before;
    if (layer.previous === null) this.first = layer;
    else layer.previous.next = layer;
    if (before === null) this.last = layer;
    else before.previous = layer;
  }
  private unlink(layer: SimLayer): void {
    if (layer.previous === null) this.first = layer.next;
    else layer.previous.next = layer.next;
    if (layer.next === null) this.last = layer.previous;
    else layer.next.previous = layer.previous;
    // layer.next stays, so that a walk standing on the layer finds its way on
  }
}

function dropReader(tensor: SimTensor, layer: SimLayer): void {
  const at = tensor.readers.indexOf(layer);
  if (at >= 0) tensor.readers.splice(at, 1);
}
