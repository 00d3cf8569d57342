import type { Node, Use, Value } from '../../ir/graph.ts';
import type {
  EngineDataType,
  EngineTensor,
  PredictedEngine,
  PredictedLayer,
} from '../../sim/predicted-engine.ts';

const NO_LAYERS: readonly PredictedLayer[] = [];

/**
 * The type of a tensor. Where the builder decides by timing between FP32 and FP16, FP32 is taken: that explained the outputs of all
 * engines better that we measured (README.md).
 */
const typeOf = ({ dataType, uncertain }: EngineTensor): EngineDataType =>
  dataType === 'Half' && uncertain === true ? 'Float' : dataType;

/** Which layers of an engine run which nodes of the model. */
export class LayerMap {
  private readonly layers = new Map<string, PredictedLayer[]>();
  /** Tensors that a reformat makes of another one, by their names: the name that it had before. */
  private readonly reformatted = new Map<string, string>();

  constructor(engine: PredictedEngine) {
    for (const layer of engine.layers) {
      for (const node of layer.nodes) {
        const known = this.layers.get(node);
        if (known) known.push(layer);
        else this.layers.set(node, [layer]);
      }
      const [from] = layer.inputs;
      const [to] = layer.outputs;
      if (layer.origin === 'REFORMAT' && from && to) this.reformatted.set(to.name, from.name);
    }
  }

  /** The layers that run a node; none where the builder left it out, several where it copied it. */
  layersOf(node: Node): readonly PredictedLayer[] {
    return this.layers.get(node.name) ?? NO_LAYERS;
  }

  /** Whether a layer runs both nodes, so that nothing is stored between them. */
  isInside(maker: Node, reader: Node): boolean {
    const readers = this.layersOf(reader);
    return this.layersOf(maker).some((layer) => readers.includes(layer));
  }

  /** The reads of a value that a layer other than its maker's does. */
  outsideUses(value: Value): readonly Use[] {
    const maker = value.producer();
    return value.uses().filter(({ node }) => maker === null || !this.isInside(maker, node));
  }

  /**
   * The type in which the engine stores a value that a node makes; undefined where it stores none by that name, and the layer gives
   * out more than one type. What a DQ makes is stored only under its own name: a DQ that moved is elsewhere than in the model.
   */
  storedType(value: Value, isDequantized: boolean): EngineDataType | undefined {
    const maker = value.producer();
    if (maker === null) return undefined;
    const outputs = this.layersOf(maker).flatMap((layer) => layer.outputs);
    const own = outputs.find(({ name }) => name === value.name);
    if (own) return typeOf(own);
    const types = new Set(outputs.map(typeOf));
    return types.size === 1 && !isDequantized ? [...types][0] : undefined;
  }

  /** Whether a layer that runs the node takes FP16 in. */
  computesInHalf(node: Node): boolean {
    return this.layersOf(node).some(({ inputs: [first] }) => first && typeOf(first) === 'Half');
  }

  /** The type to which a layer converts a value before it reads it; undefined where it takes it as it is stored. */
  convertedType(value: Value, reader: Node): EngineDataType | undefined {
    for (const layer of this.layersOf(reader))
      for (const tensor of layer.inputs)
        if (this.reformatted.get(tensor.name) === value.name) return typeOf(tensor);
    return undefined;
  }
}
