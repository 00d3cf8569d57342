import type { BuiltEngine, BuiltLayer, BuiltTensor } from '../engine/built-engine.ts';
import type { Renamer } from './renamer.ts';

/** Fields of the inspector that hold numbers or words of TensorRT's own, never names of a model. */
const SAFE_FIELDS: ReadonlySet<string> = new Set([
  ...['', 'Conv'].flatMap((prefix) =>
    [
      'Kernel',
      'PaddingMode',
      'PrePadding',
      'PostPadding',
      'Stride',
      'Dilation',
      'OutMaps',
      'Groups',
    ]
      .concat(['Weights', 'Bias', 'HasBias', 'HasReLU', 'HasResidual', 'HasDynamicFilter'])
      .concat(['HasSparseWeights', 'HasDynamicBias'])
      .map((name) => `${prefix}${name}`),
  ),
  'ParameterSubType',
  'PoolingType',
  'WindowSize',
  'Axes',
  'ResizeScales',
  'InterpolationMode',
  'TacticValue',
]);

/**
 * The engine as the inspector would write it, with other names. What is no number, no word of TensorRT's and no name that was
 * replaced is left out, so that nothing of the model's slips through.
 */
export function engineStructure(engine: BuiltEngine, names: Renamer): object {
  return {
    Layers: engine.layers.map((layer) => layerStructure(layer, names)),
    Bindings: engine.bindings.map((name) => tensorName(name, names)),
  };
}

function layerStructure(layer: BuiltLayer, names: Renamer): object {
  const safe = Object.entries(layer.fields).filter(([name]) => SAFE_FIELDS.has(name));
  return {
    Name: layerName(layer.name, names),
    LayerType: layer.layerType,
    ...(layer.parameterType !== null && { ParameterType: layer.parameterType }),
    ...(layer.origin && { Origin: layer.origin }),
    ...(layer.activation !== undefined && { Activation: layer.activation }),
    Inputs: layer.inputs.map((tensor) => tensorStructure(tensor, names)),
    Outputs: layer.outputs.map((tensor) => tensorStructure(tensor, names)),
    ...Object.fromEntries(safe),
    ...(layer.streamId !== null && { StreamId: layer.streamId }),
    Metadata: layer.nodesGuessed
      ? ''
      : layer.nodes.map((node) => `[ONNX Layer: ${names.part(node)}]`).join('\u001E'),
  };
}

const tensorStructure = ({ name, dims, formatText }: BuiltTensor, names: Renamer): object => ({
  Name: tensorName(name, names),
  Dimensions: dims.map((dim) => (typeof dim === 'number' ? dim : -1)),
  'Format/Datatype': formatText,
});

const PLACE = /^(Reformatt(?:ing CopyNode for|ed) (?:Input|Output) Tensor \d+ to )(.*)$/;

/** Tensors are named after values, or after the layer that a reformat stands at. */
function tensorName(name: string, names: Renamer): string {
  const place = PLACE.exec(name);
  return place ? `${place[1] ?? ''}${layerName(place[2] ?? '', names)}` : part(name, names);
}

const UNNAMED = /(\(Unnamed Layer\* \d+\)(?: \[[A-Za-z_ ]+\])?)/;
const JOINT = /( \+ | \|\| |, |PWN\(|\)+|\{ForeignNode\[|\]\}|\.\.\.)/;

/** What TensorRT puts between names stays; each name is replaced. */
export function layerName(name: string, names: Renamer): string {
  const place = PLACE.exec(name);
  if (place) return `${place[1] ?? ''}${layerName(place[2] ?? '', names)}`;
  return name
    .split(UNNAMED)
    .map((piece) =>
      UNNAMED.test(piece)
        ? piece
        : piece
            .split(JOINT)
            .map((text, i) => (i % 2 === 1 ? text : part(text, names)))
            .join(''),
    )
    .join('');
}

/** Names of TensorRT's own making, which hold none of the model's. */
const OWN = /^ONNXTRT_[A-Za-z]+(?:_\d+)*$|^__myl_[A-Za-z]+_myl\d+_\d+$|^\s*$/;

function part(text: string, names: Renamer): string {
  if (OWN.test(text)) return text;
  const clone = /^(.*?)((?:_clone_\d+)?)$/.exec(text.trim());
  return `${names.part(clone?.[1] ?? text)}${clone?.[2] ?? ''}`;
}
