import type {
  EngineTensor,
  PredictedEngine,
  PredictedLayer,
  TensorFormat,
} from './predicted-engine.ts';
import { compareVersions, targetId } from './target.ts';

/** TensorRT's inspector joins the ONNX nodes of a layer with this character. */
const SEPARATOR = '\u001e';

const FORMATS: Readonly<Record<TensorFormat, string>> = {
  LINEAR: 'Row major linear',
  CHW2: 'Two wide channel vectorized row major',
  CHW4: 'Four wide channel vectorized row major',
  CHW32: 'Thirty-two wide channel vectorized row major',
  HWC: 'Channel major',
  HWC8: 'Channel major, channel % 8 == 0,',
  HWC16: 'Channel major, channel % 16 == 0,',
  CHW16: 'Sixteen wide channel vectorized row major',
  CHW64: 'Sixty-four wide channel vectorized row major',
  HWC4: 'Channel major, channel % 4 == 0,',
  DHWC: 'Channel major',
  DHWC8: 'Channel major, channel % 8 == 0,',
  CDHW32: 'Thirty-two wide channel vectorized row major',
  UNKNOWN: 'Unknown',
};
const TYPES: Readonly<Record<string, string>> = { Float: 'FP32', Half: 'FP16', BFloat16: 'BF16' };

/**
 * A prediction in the shape of TensorRT's inspector JSON, so that every reader of layer.json reads it; what the real file
 * has not stands under `Predicted`.
 */
export function predictionFile(engine: PredictedEngine): object {
  return {
    Layers: engine.layers.map(layerJson),
    ...bindingsJson(engine),
    Predicted: {
      target: targetId(engine.target),
      mode: engine.mode,
      summary: engine.summary,
      remarks: engine.remarks,
    },
  };
}

/** TensorRT 11 describes the network's inputs and outputs where earlier versions list their names. */
function bindingsJson({ bindings, layers, target }: PredictedEngine): object {
  if (compareVersions(target.trt, '11.0') < 0) return { Bindings: bindings };
  const made = new Set(layers.flatMap((layer) => layer.outputs.map((tensor) => tensor.name)));
  const tensors = new Map<string, EngineTensor>();
  for (const layer of layers)
    for (const tensor of [...layer.inputs, ...layer.outputs]) tensors.set(tensor.name, tensor);
  return {
    'I/O Tensors': bindings.map((name) => ({
      Name: name,
      IOMode: made.has(name) ? 'Output' : 'Input',
      DataType: tensors.get(name)?.dataType ?? 'Float',
      Dimensions: tensors.get(name)?.dims ?? [],
      Location: 'Device',
    })),
  };
}

function layerJson(layer: PredictedLayer): object {
  return {
    Name: layer.name,
    LayerType: layer.layerType,
    ...(layer.origin && { Origin: layer.origin }),
    Inputs: layer.inputs.map(tensorJson),
    Outputs: layer.outputs.map(tensorJson),
    ...(layer.activation !== undefined && { Activation: layer.activation }),
    Metadata: metadataOf(layer),
    Predicted: {
      role: layer.role,
      precision: layer.precision,
      nodes: layer.nodes,
      uncertain: layer.uncertain,
      rules: [
        ...new Set(
          layer.notes.filter((note) => note.outcome === 'fired').map((note) => note.ruleId),
        ),
      ],
      refused: layer.notes
        .filter((note) => note.outcome === 'refused')
        .map(({ ruleId, text, nodes }) => ({ rule: ruleId, reason: text, nodes })),
    },
  };
}

/** The real file says nothing of what a whole Myelin region (TensorRT 8) runs; `Predicted.nodes` does. */
const metadataOf = ({ layerType, nodes }: PredictedLayer): string =>
  layerType === 'Myelin' ? '' : nodes.map((node) => `[ONNX Layer: ${node}]`).join(SEPARATOR);

const tensorJson = ({ name, dims, dataType, format }: EngineTensor): object => ({
  Name: name,
  Dimensions: dims,
  'Format/Datatype': `${FORMATS[format]} ${TYPES[dataType] ?? dataType} format`,
});
