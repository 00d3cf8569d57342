import type { Node } from '../ir/graph.ts';
import { isQuantizeNode } from '../ir/quantizer-nodes.ts';
import type { EngineTensor, PredictedEngine, PredictedLayer } from '../sim/predicted-engine.ts';

/** Who makes, reads and runs what in an engine; built once, in linear time. */
export class EngineIndex {
  readonly engine: PredictedEngine;
  private readonly byNode = new Map<string, PredictedLayer[]>();
  private readonly makers = new Map<string, PredictedLayer[]>();
  private readonly readers = new Map<string, PredictedLayer[]>();
  private readonly tensors = new Map<string, EngineTensor>();
  private readonly bindings: ReadonlySet<string>;

  constructor(engine: PredictedEngine) {
    this.engine = engine;
    this.bindings = new Set(engine.bindings);
    for (const layer of engine.layers) {
      for (const node of layer.nodes) push(this.byNode, node, layer);
      for (const tensor of layer.outputs) push(this.makers, tensor.name, layer);
      for (const name of new Set(layer.inputs.map((tensor) => tensor.name)))
        push(this.readers, name, layer);
      for (const tensor of [...layer.inputs, ...layer.outputs])
        this.tensors.set(tensor.name, tensor);
    }
  }
  /** The layers that run a node or absorbed it: compute layers first. */
  layersOf(node: string): readonly PredictedLayer[] {
    const layers = this.byNode.get(node) ?? [];
    return [...layers].sort((a, b) => rank(a) - rank(b) || a.index - b.index);
  }
  /** The layers that make a tensor; several where a concatenation was removed. Looks through inserted reformats. */
  makersOf(tensor: string): readonly PredictedLayer[] {
    return (this.makers.get(tensor) ?? []).flatMap((layer) => {
      const [input] = layer.inputs;
      return isReformat(layer) && input ? this.makersOf(input.name) : [layer];
    });
  }
  /** The layers that read a tensor, looking through inserted reformats. */
  readersOf(tensor: string): readonly PredictedLayer[] {
    return (this.readers.get(tensor) ?? []).flatMap((layer) => {
      const [output] = layer.outputs;
      return isReformat(layer) && output ? this.readersOf(output.name) : [layer];
    });
  }
  tensor(name: string): EngineTensor | undefined {
    return this.tensors.get(name);
  }
  /** The tensor that holds what a node gives, be it behind the Q that its layer took. */
  resultOf(node: Node | undefined): EngineTensor | undefined {
    const [output] = node?.outputs ?? [];
    if (!output) return undefined;
    const quantized = output.consumers().filter(isQuantizeNode);
    return [output, ...quantized.flatMap((reader) => reader.outputs)]
      .map((value) => this.tensors.get(value.name))
      .find((tensor) => tensor !== undefined);
  }
  isBinding(tensor: string): boolean {
    return this.bindings.has(tensor);
  }
}

const isReformat = (layer: PredictedLayer): boolean => layer.origin === 'REFORMAT';
const rank = ({ role }: PredictedLayer): number =>
  role === 'compute' ? 0 : role === 'qdq' ? 1 : 2;

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}
