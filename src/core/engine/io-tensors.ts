import type { BuiltLayer, BuiltTensor, IoTensor } from './built-engine.ts';
import { objectsOf, textOf } from './json-fields.ts';
import type { JsonObject } from './json-fields.ts';
import { profileNumber, showableName } from './layer-names.ts';
import { dimsOf } from './read-layer.ts';
import { parseTensorFormat } from './parse-tensor-format.ts';

/**
 * The network's inputs and outputs: `I/O Tensors` of TensorRT 11, names under `Bindings` before it, and where a file has neither,
 * the tensors that no layer makes or that no layer reads.
 */
export function ioTensorsOf(frame: JsonObject, layers: readonly BuiltLayer[]): IoTensor[] {
  const edges = edgesOf(layers);
  const described = objectsOf(frame['I/O Tensors']);
  if (described.length > 0)
    return described
      .map((tensor) => describedTensor(tensor, edges))
      .filter((tensor) => profileNumber(tensor.name) === 0);
  const bindings = frame['Bindings'];
  if (Array.isArray(bindings) && bindings.length > 0)
    return bindings
      .map((binding: unknown) => bindingName(binding))
      .filter((name) => name !== '' && profileNumber(name) === 0)
      .map((name) => namedTensor(name, edges));
  return endsOf(layers, edges).map((name) => namedTensor(name, edges));
}

interface Edges {
  readonly read: ReadonlyMap<string, BuiltTensor>;
  readonly made: ReadonlyMap<string, BuiltTensor>;
}

const edgesOf = (layers: readonly BuiltLayer[]): Edges => ({
  read: new Map(layers.flatMap((layer) => layer.inputs).map((tensor) => [tensor.name, tensor])),
  made: new Map(layers.flatMap((layer) => layer.outputs).map((tensor) => [tensor.name, tensor])),
});

const bindingName = (binding: unknown): string =>
  showableName(textOf(binding) ?? textOf(objectsOf([binding])[0]?.['Name']) ?? '');

function namedTensor(name: string, { read, made }: Edges): IoTensor {
  const tensor = made.get(name) ?? read.get(name);
  const mode = made.has(name) ? 'output' : read.has(name) ? 'input' : null;
  return { name, mode, dataType: tensor?.dataType ?? 'Unknown', dims: tensor?.dims ?? [] };
}

function describedTensor(tensor: JsonObject, edges: Edges): IoTensor {
  const name = showableName(textOf(tensor['Name']) ?? '');
  const known = namedTensor(name, edges);
  const said = textOf(tensor['IOMode'])?.toLowerCase() ?? '';
  const { dataType } = parseTensorFormat(textOf(tensor['DataType']) ?? '');
  const dims = dimsOf(tensor['Dimensions']);
  return {
    name,
    mode: said.includes('input') ? 'input' : said.includes('output') ? 'output' : known.mode,
    dataType: dataType === 'Unknown' ? known.dataType : dataType,
    dims: dims.length > 0 ? dims : known.dims,
  };
}

/** Inputs that are made by nobody come before outputs that nobody reads; constants of TensorRT's compiler are neither. */
function endsOf(layers: readonly BuiltLayer[], { read, made }: Edges): string[] {
  const compiler = /^__mye|_dconst$|_constant(?:Half|Float|Int8)$|const-lit-in$|zero_beta$/;
  const constants = new Set(
    layers.filter(({ role }) => role === 'constant').flatMap(({ outputs }) => outputs),
  );
  const inputs = [...read.keys()].filter((name) => !made.has(name));
  const outputs = [...made].filter(([name, tensor]) => !read.has(name) && !constants.has(tensor));
  return [...inputs, ...outputs.map(([name]) => name)].filter((name) => !compiler.test(name));
}
