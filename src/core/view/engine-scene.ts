import type { EngineGraph, EngineLayer, EngineTensor } from '../sim/predicted-engine.ts';
import type { Precision } from '../sim/predicted-engine.ts';
import { layoutDraft } from './draft.ts';
import type { Draft, DraftBox, DraftEdge } from './draft.ts';
import { shapeText, shortName } from './node-label.ts';
import type { Scene } from './scene.ts';

/**
 * The drawing of an engine: a box a layer, ids are layer indices as text. A tensor that several layers write (the parts
 * of a concatenation that was optimized away) joins all its writers to all its readers.
 */
export const buildEngineScene = (engine: EngineGraph): Scene => layoutDraft(engineDraft(engine));

/** The same drawing before anything has its place, for drawings with boxes of other sizes. */
export function engineDraft(engine: EngineGraph): Draft {
  const tensors = new Map<string, EngineTensor>();
  const writers = new Map<string, string[]>();
  const readers = new Map<string, string[]>();
  const note = (map: Map<string, string[]>, tensor: EngineTensor, id: string): void => {
    const ids = map.get(tensor.name);
    if (ids === undefined) map.set(tensor.name, [id]);
    else if (!ids.includes(id)) ids.push(id);
    if (!tensors.has(tensor.name)) tensors.set(tensor.name, tensor);
  };
  for (const layer of engine.layers) {
    for (const tensor of layer.outputs) note(writers, tensor, String(layer.index));
    for (const tensor of layer.inputs) note(readers, tensor, String(layer.index));
  }
  const boxes: DraftBox[] = [];
  const outputs: DraftBox[] = [];
  for (const name of new Set(engine.bindings)) {
    const id = `io:${name}`;
    const isInput = !writers.has(name);
    (isInput ? boxes : outputs).push(
      ioBox(id, isInput ? 'Input' : 'Output', name, tensors.get(name)),
    );
    if (isInput) writers.set(name, [id]);
    else readers.set(name, [...(readers.get(name) ?? []), id]);
  }
  boxes.push(...engine.layers.map(layerBox), ...outputs);
  return { boxes, edges: join(writers, readers, tensors) };
}

function join(
  writers: ReadonlyMap<string, readonly string[]>,
  readers: ReadonlyMap<string, readonly string[]>,
  tensors: ReadonlyMap<string, EngineTensor>,
): DraftEdge[] {
  const edges: DraftEdge[] = [];
  for (const [name, from] of writers) {
    const tensor = tensors.get(name);
    const precision = tensor && PRECISION_OF[tensor.dataType];
    for (const a of from) {
      for (const b of readers.get(name) ?? []) {
        const edge = { from: a, to: b, label: name, badges: [] };
        if (a !== b) edges.push(precision ? { ...edge, precision } : edge);
      }
    }
  }
  return edges;
}

const PRECISION_OF: Readonly<Partial<Record<EngineTensor['dataType'], Precision>>> = {
  Float: 'fp32',
  Half: 'fp16',
  BFloat16: 'bf16',
  Int8: 'int8',
  FP8: 'fp8',
  Int4: 'int4',
};

function ioBox(
  id: string,
  title: string,
  name: string,
  tensor: EngineTensor | undefined,
): DraftBox {
  const type = tensor === undefined ? '' : ` · ${shapeText(tensor.dims)} ${tensor.dataType}`;
  return { id, kind: 'io', title, subtitle: `${shortName(name)}${type}`, nodes: [] };
}

function layerBox(layer: EngineLayer): DraftBox {
  const box = {
    id: String(layer.index),
    kind: layer.role,
    title: layer.layerType,
    subtitle: layerSubtitle(layer),
    uncertain: layer.uncertain ?? false,
    nodes: layer.nodes,
  };
  return layer.role === 'noop' || layer.role === 'constant'
    ? box
    : { ...box, precision: layer.precision };
}

/**
 * The ONNX nodes that give a layer its work, without weights and quantizers: of
 * `w + QuantizeLinear_2 + /conv1/Conv + /relu/Relu` that is `conv1 + Relu`. Copies say where they stand.
 */
function layerSubtitle(layer: EngineLayer): string {
  const copy = COPY_NAME.exec(layer.name);
  if (copy !== null) {
    const of = copy[2]!.replace(/^(?:PWN\()+(.*?)\)+$/, '$1');
    return `${copy[1] === 'In' ? 'before' : 'after'} ${shortName(of)}`;
  }
  const own = new Set(layer.nodes);
  const isWork = (name: string): boolean => !/quantizelinear/i.test(name);
  const named = layer.name.split(' + ').filter((part) => own.has(part) && isWork(part));
  // Names of point-wise groups are nested, PWN(PWN(a), b): there the list of nodes says it better.
  const grouped = layer.name.startsWith('PWN(') ? layer.nodes.filter(isWork) : [];
  const [first, ...others] = named.length > 0 ? named : grouped;
  if (first === undefined) return shortName(layer.name);
  const tails = others.map((name) => name.slice(name.lastIndexOf('/') + 1));
  return [shortName(first), ...tails].join(' + ');
}

/** How TensorRT names the copies that it puts before an input or after an output of a layer. */
const COPY_NAME = /^Reformatting CopyNode for (In|Out)put Tensor \d+ to (.*)$/;
