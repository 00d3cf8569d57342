import type { SimGraph, SimLayer, SimTensor } from '../graph/sim-graph.ts';
import type {
  EngineDataType,
  EngineTensor,
  PredictedLayer,
  TensorFormat,
} from '../predicted-engine.ts';
import { precisionOf } from '../precision.ts';
import type { SimContext } from '../sim-rule.ts';
import type { TypeChoice } from './choose-float-types.ts';
import { chooseFloatTypes } from './choose-float-types.ts';
import { forcedFormat, formatOf } from './choose-format.ts';
import { engineLayerType } from './layer-types.ts';

/** Turns the simulated layers into layers of the engine: chooses types and formats, and adds the reformats they force. */
export function emitEngine(graph: SimGraph, context: SimContext): PredictedLayer[] {
  return new Emitter(graph, context).run();
}

class Emitter {
  private readonly layers: PredictedLayer[] = [];
  private readonly typeOf: (tensor: SimTensor) => TypeChoice;
  private readonly graph: SimGraph;

  private readonly context: SimContext;

  constructor(graph: SimGraph, context: SimContext) {
    this.graph = graph;
    this.context = context;
    this.typeOf = chooseFloatTypes(graph, context.target);
  }

  run(): PredictedLayer[] {
    for (const layer of this.graph.layers()) this.layer(layer);
    return this.layers;
  }

  private layer(layer: SimLayer): void {
    const outputs = layer.outputs.map((tensor) => this.tensor(tensor));
    const inputs = layer.inputs.map((tensor, index) =>
      this.input(layer, tensor, index, outputs[0]),
    );
    const { layerType, role, origin } = engineLayerType(layer);
    const arithmetic = inputs[0] ?? outputs[0];
    this.layers.push({
      index: this.layers.length,
      name: layer.name,
      layerType,
      role,
      ...(origin && { origin }),
      ...(layer.activation !== undefined && { activation: layer.activation }),
      precision: precisionOf(arithmetic?.dataType ?? 'Float'),
      inputs,
      outputs,
      nodes: [...new Set(layer.nodes)],
      notes: [...new Set(layer.notes)],
      uncertain:
        (this.context.implicitInt8 && layer.quantized) ||
        [...inputs, ...outputs].some((tensor) => tensor.uncertain === true),
    });
  }

  /** An input as the layer takes it; where it lies in another float type or format, a reformat is added before. */
  private input(
    layer: SimLayer,
    tensor: SimTensor,
    index: number,
    output: EngineTensor | undefined,
  ): EngineTensor {
    const stored = this.tensor(tensor);
    const dataType = this.forcedType(layer, stored, output);
    const format = forcedFormat(layer, tensor, stored.format);
    if (dataType === null && format === null) return stored;
    return this.reformat(layer, index, stored, {
      ...(dataType && { dataType }),
      ...(format && { format }),
    });
  }

  /** A float layer computes in one type: a network input in FP32 is converted for a layer that gives FP16 out. */
  private forcedType(
    layer: SimLayer,
    input: EngineTensor,
    output: EngineTensor | undefined,
  ): EngineDataType | null {
    if (layer.kind === 'QUANTIZE' || layer.kind === 'CAST' || layer.kind === 'CONSTANT')
      return null;
    if (this.context.implicitInt8 && layer.quantized)
      return isFloat(input.dataType) ? 'Int8' : null;
    const differs =
      isFloat(input.dataType) &&
      output &&
      isFloat(output.dataType) &&
      input.dataType !== output.dataType;
    return differs && layer.kind === 'CONVOLUTION' && !layer.quantized ? output.dataType : null;
  }

  private reformat(
    layer: SimLayer,
    index: number,
    stored: EngineTensor,
    wanted: { readonly dataType?: EngineDataType; readonly format?: TensorFormat },
  ): EngineTensor {
    const number = String(index);
    const output = {
      ...stored,
      ...wanted,
      name: `Reformatted Input Tensor ${number} to ${layer.name}`,
    };
    const text = `${describe(stored)} -> ${describe(output)}`;
    this.layers.push({
      index: this.layers.length,
      name: `Reformatting CopyNode for Input Tensor ${number} to ${layer.name}`,
      layerType: 'Reformat',
      role: 'reformat',
      origin: 'REFORMAT',
      precision: precisionOf(stored.dataType),
      inputs: [stored],
      outputs: [output],
      nodes: [],
      notes: [{ ruleId: 'reformat', outcome: 'fired', text, nodes: [...layer.nodes] }],
      uncertain: output.uncertain === true,
    });
    return output;
  }

  private tensor(tensor: SimTensor): EngineTensor {
    const { dataType, uncertain } = this.typeOf(tensor);
    const format = formatOf(tensor, dataType);
    return {
      name: tensor.name,
      dims: tensor.dims,
      dataType,
      format,
      ...(uncertain && { uncertain }),
    };
  }
}

const isFloat = (type: EngineDataType): boolean =>
  type === 'Float' || type === 'Half' || type === 'BFloat16';
const describe = ({ dataType, format }: EngineTensor): string => `${dataType} ${format}`;
