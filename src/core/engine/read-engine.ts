import type { Diagnostic } from '../base/diagnostic.ts';
import {
  engineItemsSkipped,
  engineNamesRepeated,
  engineOfNamesOnly,
  engineProfilesLeftOut,
  engineShapesOpen,
  engineWithoutLayers,
  engineWithoutMetadata,
  notThisEngineFile,
} from '../base/diagnostics/engine.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { BuiltEngine, BuiltLayer, EngineFileKind } from './built-engine.ts';
import { layersOfEngineLines } from './engine-lines.ts';
import { ioTensorsOf } from './io-tensors.ts';
import { isJsonObject, textOf } from './json-fields.ts';
import type { JsonObject } from './json-fields.ts';
import { EngineInformationReader } from './log-layers.ts';
import { logLines } from './log-lines.ts';
import { profileNumber } from './layer-names.ts';
import { layerOfName, readLayer } from './read-layer.ts';
import { LAYER_KEYS, recognizeText } from './recognize-text.ts';
import type { EngineFileContent } from './recognize-text.ts';

/** What to say of a known file that is none of layers. */
const KNOWN: Readonly<Record<Exclude<EngineFileContent, 'layers'>, string>> = {
  profile: 'a profile of trtexec (times of layers without the layers)',
  times: 'times of single inferences, as trtexec exports them',
  log: 'a log of a build',
  manifest: 'the manifest of a build',
  'trex-metadata': 'metadata of TensorRT Engine Explorer',
};
const GIVE =
  'Give the layer file beside it: trtexec --loadEngine=engine.plan --profilingVerbosity=detailed --exportLayerInfo=engine.layer.json.';

/**
 * Reads the layers of an engine: JSON of trtexec's `--exportLayerInfo` or the inspector's, of TensorRT 8.2 to 11, with or without
 * detail; lists of torch-TensorRT; lines of the inspector's one-line form; and predictions of our own.
 * @param name The file's name, for sentences and headings.
 */
export function readEngine(name: string, text: string): Result<BuiltEngine> {
  const seen = recognizeText(text);
  if (seen.kind === null)
    return fail(notThisEngineFile(name, 'a file of engine layers', seen.looksLike, seen.give));
  if (seen.kind !== 'layers')
    return fail(notThisEngineFile(name, 'a file of engine layers', KNOWN[seen.kind], GIVE));
  if (seen.json === null) return engineOfLines(name, text);
  const { items, frame } = framed(seen.json);
  const layers = readItems(items);
  if (layers.length === 0) return fail(engineWithoutLayers(name));
  const skipped = items.length - layers.length;
  return ok(
    engineOf({
      name,
      fileKind: kindOf(seen.json, frame, items),
      layers,
      frame,
      remarks: skipped > 0 ? [engineItemsSkipped(name, skipped)] : [],
    }),
  );
}

function engineOfLines(name: string, text: string): Result<BuiltEngine> {
  const reader = new EngineInformationReader();
  for (const line of logLines(text)) reader.take(line);
  const { layers, bindings } = reader.finish();
  if (layers.length === 0) return fail(engineWithoutLayers(name));
  const frame = { Bindings: bindings };
  return ok(engineOf({ name, fileKind: 'list', layers, frame, remarks: [] }));
}

const readItems = (items: readonly unknown[]): BuiltLayer[] => {
  const layers: BuiltLayer[] = [];
  for (const item of items) {
    if (typeof item === 'string') layers.push(layerOfText(item, layers.length));
    else if (isJsonObject(item) && (textOf(item['Name']) ?? textOf(item['LayerType'])) !== null)
      layers.push(readLayer(item, layers.length));
  }
  return layers;
};

/** Lists of text hold names, or layers in the inspector's one-line form. */
const layerOfText = (text: string, index: number): BuiltLayer => {
  const [layer] = layersOfEngineLines(text);
  return layer ? { ...layer, index } : layerOfName(text, index);
};

/** The list of layers, and the object around it where there is one. */
function framed(json: unknown): { items: readonly unknown[]; frame: JsonObject } {
  if (Array.isArray(json)) return { items: json, frame: {} };
  const frame = isJsonObject(json) ? json : {};
  for (const key of LAYER_KEYS) {
    const items = frame[key];
    if (Array.isArray(items)) return { items, frame };
  }
  return { items: [], frame };
}

function kindOf(json: unknown, frame: JsonObject, items: readonly unknown[]): EngineFileKind {
  if (isJsonObject(frame['Predicted'])) return 'prediction';
  if (items.every((item) => typeof item === 'string')) return 'names';
  if (Array.isArray(json)) return 'list';
  return frame['I/O Tensors'] === undefined ? 'bindings' : 'io-tensors';
}

/** What an engine is made of before it is tidied. */
export interface EngineParts {
  readonly name: string;
  readonly fileKind: EngineFileKind;
  readonly layers: readonly BuiltLayer[];
  /** The object around the layers: bindings or I/O tensors. */
  readonly frame: JsonObject;
  readonly remarks: readonly Diagnostic[];
}

/** Keeps the first optimisation profile, tells layers of one name apart, finds the network's inputs and outputs. */
export function engineOf({ name, fileKind, layers, frame, remarks }: EngineParts): BuiltEngine {
  const first = layers.filter((layer) => profileNumber(layer.name) === 0);
  const kept = first.length > 0 ? first : layers;
  const { layers: named, repeated } = distinctNames(kept);
  const ioTensors = ioTensorsOf(frame, named);
  return {
    name,
    fileKind,
    trtVersion: null,
    gpu: null,
    layers: named,
    bindings: ioTensors.map((tensor) => tensor.name),
    ioTensors,
    latency: null,
    profiledRuns: null,
    passes: null,
    remarks: [
      ...(fileKind === 'names' ? [engineOfNamesOnly(name)] : []),
      ...remarks,
      ...profileRemarks(name, layers, kept),
      ...(repeated.length > 0 ? [engineNamesRepeated(name, repeated)] : []),
      ...openRemarks(name, fileKind, named),
    ],
  };
}

function profileRemarks(
  name: string,
  all: readonly BuiltLayer[],
  kept: readonly BuiltLayer[],
): Diagnostic[] {
  const numbers = all.map((layer) => profileNumber(layer.name)).filter((number) => number > 0);
  if (numbers.length === 0 || all.length === kept.length) return [];
  const profiles = [...new Set(numbers)].sort((a, b) => a - b);
  return [engineProfilesLeftOut(name, profiles, all.length - kept.length)];
}

function openRemarks(
  name: string,
  fileKind: EngineFileKind,
  layers: readonly BuiltLayer[],
): Diagnostic[] {
  if (fileKind === 'names') return [];
  const guessed = layers.filter((layer) => layer.nodesGuessed).length;
  const open = layers
    .flatMap((layer) => [...layer.inputs, ...layer.outputs])
    .filter(({ dims, formatText }) => /dynamic shapes/i.test(formatText) || dims.includes('?'));
  const tensors = new Set(open.map((tensor) => tensor.name)).size;
  return [
    ...(guessed > 0 ? [engineWithoutMetadata(name, guessed)] : []),
    ...(tensors > 0 && fileKind !== 'prediction' ? [engineShapesOpen(name, tensors)] : []),
  ];
}

/** Later layers of one name get `#2`, `#3`; what the file calls them stays under `fields.Name`. */
function distinctNames(layers: readonly BuiltLayer[]): {
  layers: BuiltLayer[];
  repeated: string[];
} {
  const seen = new Map<string, number>();
  const taken = new Set(layers.map((layer) => layer.name));
  const repeated = new Set<string>();
  const named = layers.map((layer, index) => {
    let number = (seen.get(layer.name) ?? 0) + 1;
    seen.set(layer.name, number);
    if (number === 1) return { ...layer, index };
    repeated.add(layer.name);
    while (taken.has(`${layer.name} #${String(number)}`)) number++;
    const name = `${layer.name} #${String(number)}`;
    taken.add(name);
    return { ...layer, index, name, fields: { ...layer.fields, Name: layer.name } };
  });
  return { layers: named, repeated: [...repeated] };
}

/** What the file calls a layer. */
export const nameInFile = (layer: BuiltLayer): string => textOf(layer.fields['Name']) ?? layer.name;
