import type { Dim } from '../ir/graph.ts';
import type { EngineLayer, LayerRole, Precision } from '../sim/predicted-engine.ts';
import { precisionOf } from '../sim/precision.ts';
import type { BuiltLayer, BuiltTensor } from './built-engine.ts';
import { isJsonObject, numberOf, objectsOf, textOf } from './json-fields.ts';
import type { JsonObject } from './json-fields.ts';
import { convolutionFacts, operationLines, weightBytes } from './layer-facts.ts';
import { nodesOfMetadata, partsOfName, showableName } from './layer-names.ts';
import { roleOfLayer } from './layer-role.ts';
import { parseTensorFormat } from './parse-tensor-format.ts';

/** The fields that are read into fields of their own; all others are kept as they are. */
const TAKEN = new Set([
  'Name',
  'LayerType',
  'ParameterType',
  'Inputs',
  'Outputs',
  'Origin',
  'Activation',
  'ConvActivation',
  'StreamId',
  'Metadata',
]);

/** A layer as an object of TensorRT's inspector, or of a file of our own. */
export function readLayer(layer: JsonObject, index: number): BuiltLayer {
  const name = showableName(textOf(layer['Name']) ?? '') || `layer ${String(index)}`;
  const layerType = textOf(layer['LayerType']) ?? textOf(layer['ParameterType']) ?? 'Unknown';
  const inputs = tensorsOf(layer['Inputs']);
  const outputs = tensorsOf(layer['Outputs']);
  const said = isJsonObject(layer['Predicted']) ? layer['Predicted'] : {};
  const nodes = nodesOf(layer, said, name);
  const role = roleSaid(said) ?? guessRole(layer, { name, layerType, inputs, outputs, nodes });
  const activation = textOf(layer['Activation']) ?? textOf(layer['ConvActivation']);
  return {
    index,
    name,
    layerType,
    role,
    ...originOf(layer),
    ...(activation !== null && activation !== 'NONE' && { activation }),
    precision: precisionSaid(said) ?? precisionOfLayer(inputs, outputs),
    inputs,
    outputs,
    nodes: nodes.nodes,
    ...(said['uncertain'] === true && { uncertain: true }),
    parameterType: textOf(layer['ParameterType']),
    tactic: tacticOf(layer),
    streamId: numberOf(layer['StreamId']),
    operations: operationLines(layer),
    convolution: convolutionFacts(layer),
    weightBytes: weightBytes(layer),
    nodesGuessed: nodes.guessed && role !== 'constant' && role !== 'noop' && role !== 'shape',
    time: null,
    fields: Object.fromEntries(Object.entries(layer).filter(([field]) => !TAKEN.has(field))),
  };
}

/** A layer of which a file has the name alone. */
export function layerOfName(text: string, index: number): BuiltLayer {
  const layer = readLayer({ Name: text, LayerType: typeOfName(text) }, index);
  return { ...layer, fields: {} };
}

const TYPES_BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/^Reformatting CopyNode/, 'Reformat'],
  [/^PWN\(/, 'PointWiseV2'],
  [/^\{ForeignNode\[/, 'Myelin'],
  [/^__?myl_/, 'kgen'],
  [/^(?:dummy_)?shape_call/, 'shape_call'],
];
const typeOfName = (name: string): string =>
  TYPES_BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? 'Unknown';

interface NodesOfLayer {
  readonly nodes: readonly string[];
  /** Read off the name alone. */
  readonly guessed: boolean;
}

function nodesOf(layer: JsonObject, said: JsonObject, name: string): NodesOfLayer {
  const predicted = said['nodes'];
  if (Array.isArray(predicted))
    return { nodes: predicted.filter((node) => typeof node === 'string'), guessed: false };
  const told = nodesOfMetadata(textOf(layer['Metadata']) ?? '');
  if (told.length > 0) return { nodes: told, guessed: false };
  const parts = partsOfName(name);
  // One name that is nothing but a name leaves nothing between the lines.
  return { nodes: parts, guessed: parts.length > 0 && parts[0] !== name };
}

function guessRole(
  layer: JsonObject,
  parts: Pick<BuiltLayer, 'name' | 'layerType' | 'inputs' | 'outputs'> & {
    readonly nodes: NodesOfLayer;
  },
): LayerRole {
  const { name, layerType, inputs, outputs } = parts;
  const places = [...objectsOf(layer['Inputs']), ...objectsOf(layer['Outputs'])].map(
    (tensor) => tensor['Location'],
  );
  return roleOfLayer({
    name,
    layerType,
    origin: textOf(layer['Origin']),
    input: inputs[0]?.dataType ?? null,
    output: outputs[0]?.dataType ?? null,
    nodes: parts.nodes.nodes,
    onHost: places.length > 0 && places.every((place) => place === 'Host'),
  });
}

const ORIGINS = ['QDQ', 'REFORMAT', 'CAST', 'CONCAT'] as const;

function originOf(layer: JsonObject): Pick<EngineLayer, 'origin'> {
  const origin = ORIGINS.find((known) => known === layer['Origin']);
  return origin ? { origin } : {};
}

const ROLES: readonly LayerRole[] = ['compute', 'reformat', 'noop', 'qdq', 'constant', 'shape'];
const roleSaid = (said: JsonObject): LayerRole | undefined =>
  ROLES.find((role) => role === said['role']);

const PRECISIONS: readonly Precision[] = ['int8', 'fp8', 'int4', 'fp16', 'bf16', 'fp32', 'other'];
const precisionSaid = (said: JsonObject): Precision | undefined =>
  PRECISIONS.find((precision) => precision === said['precision']);

/** Parameters that TensorRT's compiler hands to its kernels as inputs; they say little of what the kernel computes in. */
const COMPILER_CONSTANT =
  /const-lit-in$|_?dconst$|_constant(?:Half|Float|Int8|BFloat16)?$|zero_beta$/;

/** By what the arithmetic takes in: the first input, as predictions have it; a kernel's constants and indices come last. */
function precisionOfLayer(
  inputs: readonly BuiltTensor[],
  outputs: readonly BuiltTensor[],
): Precision {
  const compiled = [...inputs, ...outputs].some(({ name }) => /^__mye|^__myln/.test(name));
  const data = compiled ? inputs.filter(({ name }) => !COMPILER_CONSTANT.test(name)) : inputs;
  const candidates = compiled ? [...data, ...inputs, ...outputs] : [inputs[0] ?? outputs[0]];
  const classes = candidates.map((tensor) => precisionOf(tensor?.dataType ?? 'Unknown'));
  return classes.find((precision) => precision !== 'other') ?? 'other';
}

/** By name where there is one; Myelin's layers of 10.x have no number, most others no name before 8.6. */
function tacticOf(layer: JsonObject): string | null {
  const named = textOf(layer['TacticName']);
  if (named) return named;
  const numbered = layer['TacticValue'];
  return textOf(numbered) ?? (typeof numbered === 'number' ? String(numbered) : null);
}

const tensorsOf = (tensors: unknown): BuiltTensor[] =>
  (Array.isArray(tensors) ? tensors : []).flatMap((tensor: unknown) =>
    typeof tensor === 'string'
      ? [readTensor({ Name: tensor })]
      : isJsonObject(tensor)
        ? [readTensor(tensor)]
        : [],
  );

/** Type and format stand in one field up to 10.x, in several where strides are told. */
export function readTensor(tensor: JsonObject): BuiltTensor {
  const joint = textOf(tensor['Format/Datatype']);
  const type = textOf(tensor['Datatype']) ?? textOf(tensor['DataType']);
  const order = textOf(tensor['Format']);
  const formatText = joint ?? [type, order].filter((words) => words !== null).join(' ');
  const words = parseTensorFormat(formatText);
  const stated = type === null ? words : parseTensorFormat(type);
  return {
    name: showableName(textOf(tensor['Name']) ?? ''),
    dims: dimsOf(tensor['Dimensions']),
    dataType: stated.dataType === 'Unknown' ? words.dataType : stated.dataType,
    format: order === null ? words.format : parseTensorFormat(order).format,
    ...(tensor['uncertain'] === true && { uncertain: true }),
    formatText,
  };
}

/** Extents that depend on the input are -1 in the file and `?` here. */
export const dimsOf = (dims: unknown): Dim[] =>
  (Array.isArray(dims) ? dims : []).map((dim: unknown) => {
    const extent = numberOf(dim);
    if (extent === null) return textOf(dim) ?? '?';
    return extent < 0 ? '?' : extent;
  });
