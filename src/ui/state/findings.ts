import type {
  EngineTensor,
  PredictedEngine,
  PredictedLayer,
  RuleNote,
} from '../../core/sim/predicted-engine.ts';
import { countText } from './format-text.ts';
import { computesInFloat, isFloatTensor, mainNodeOf } from './layer-words.ts';
import { PRECISION_NAME } from './precision-text.ts';

/** Something worth looking at in a predicted engine. */
export interface Finding {
  readonly id: string;
  /** A short sentence with its count: `8 INT8 layers add a float shortcut`. */
  readonly title: string;
  /** Why it matters and what would change it. */
  readonly text: string;
  /** Indices of the layers it is about. */
  readonly layers: readonly number[];
  /** ONNX nodes to look at. */
  readonly nodes: readonly string[];
  readonly ruleId?: string;
}

interface Ranked extends Finding {
  /** How much it matters for one layer: multiplied by the number of layers. */
  readonly weight: number;
}

type Finder = (engine: PredictedEngine) => readonly Ranked[];

/**
 * What to look at first, most important first: found in the prediction alone, so that every sentence can be checked
 * against a layer or a refused rule on show.
 */
export function findingsOf(engine: PredictedEngine): readonly Finding[] {
  return FINDERS.flatMap((finder) => finder(engine))
    .filter(({ layers }) => layers.length > 0)
    .sort((a, b) => b.weight * b.layers.length - a.weight * a.layers.length);
}

const indicesOf = (layers: readonly PredictedLayer[]): readonly number[] =>
  layers.map(({ index }) => index);
const nodesOf = (layers: readonly PredictedLayer[]): readonly string[] => [
  ...new Set(layers.flatMap(({ nodes }) => nodes)),
];

/** An INT8 layer that adds a float tensor of the shape of its result: the shortcut of a residual block. */
const addsFloatShortcut = (layer: PredictedLayer): boolean =>
  layer.role === 'compute' &&
  layer.precision === 'int8' &&
  layer.inputs.some((input) => input.dataType === 'Int8') &&
  shortcutOf(layer) !== undefined;

function shortcutOf(layer: PredictedLayer): EngineTensor | undefined {
  const dims = layer.outputs[0]?.dims.join();
  return layer.inputs.find((input) => isFloatTensor(input) && input.dims.join() === dims);
}

const floatShortcuts: Finder = (engine) => {
  const layers = engine.layers.filter(addsFloatShortcut);
  const first = layers[0];
  if (first === undefined) return [];
  return [
    {
      id: 'float-shortcut',
      title: `${countText(layers.length, 'INT8 layer')} ${layers.length === 1 ? 'adds' : 'add'} a float shortcut`,
      text:
        `${mainNodeOf(first)} also reads ${shortcutOf(first)?.name ?? 'it'} in float, so the sum is ` +
        'written in float and quantized again. Q/DQ on that input of the Add would keep the block in INT8.',
      layers: indicesOf(layers),
      nodes: nodesOf(layers),
      weight: 4,
    },
  ];
};

const survivors: Finder = (engine) => {
  const outside = new Set(engine.bindings);
  const layers = engine.layers.filter(
    ({ role, inputs, outputs }) =>
      role === 'qdq' && ![...inputs, ...outputs].some(({ name }) => outside.has(name)),
  );
  const first = layers[0];
  if (first === undefined) return [];
  return [
    {
      id: 'surviving-qdq',
      title: `${countText(layers.length, 'Q/DQ layer')} ${layers.length === 1 ? 'stays' : 'stay'} in the engine`,
      text: `${mainNodeOf(first)} found no layer to fuse with and runs on its own, reading and writing all of its tensor.`,
      layers: indicesOf(layers),
      nodes: nodesOf(layers),
      weight: 2,
    },
  ];
};

/** Layers that stay float although rules tried, grouped by what the rules said. */
const refusedFloatLayers: Finder = (engine) => {
  const groups = new Map<string, { notes: readonly RuleNote[]; layers: PredictedLayer[] }>();
  for (const layer of engine.layers.filter(computesInFloat)) {
    const notes = layer.notes.filter(({ outcome }) => outcome === 'refused');
    if (notes.length === 0) continue;
    const key = [...new Set(notes.map(({ ruleId, text }) => `${ruleId}: ${text}`))].join('; ');
    const group = groups.get(key) ?? { notes, layers: [] };
    group.layers.push(layer);
    groups.set(key, group);
  }
  return [...groups].map(([key, { notes, layers }]) => ({
    id: `refused:${key}`,
    title: `${floatLayerText(layers)}: ${notes[0]?.text ?? ''}`,
    text: `Refused by ${key}.`,
    layers: indicesOf(layers),
    nodes: [...new Set([...notes.flatMap(({ nodes }) => nodes), ...nodesOf(layers)])],
    ruleId: notes[0]?.ruleId ?? '',
    weight: 3,
  }));
};

function floatLayerText(layers: readonly PredictedLayer[]): string {
  const [first] = layers;
  if (layers.length > 1 || first === undefined)
    return `${countText(layers.length, 'layer')} stay in float`;
  return `${mainNodeOf(first)} stays in ${PRECISION_NAME[first.precision]}`;
}

/** Layers that stay float and that no rule had anything to say about. */
const unquantized: Finder = (engine) => {
  const layers = engine.layers.filter(
    (layer) => computesInFloat(layer) && !layer.notes.some(({ outcome }) => outcome === 'refused'),
  );
  const first = layers[0];
  if (first === undefined) return [];
  const none = engine.summary.int8Layers === 0;
  return [
    {
      id: 'float-layers',
      title: none
        ? 'Nothing runs in INT8'
        : `${countText(layers.length, 'layer')} ${layers.length === 1 ? 'runs' : 'run'} in float`,
      text: none
        ? 'No layer reads a quantized tensor: Q/DQ before convolutions and matrix products would let them run in INT8.'
        : `${mainNodeOf(first)} reads no quantized tensor, and no rule tried to give it one.`,
      layers: indicesOf(layers),
      nodes: nodesOf(layers),
      weight: none ? 3 : 1,
    },
  ];
};

const reformats: Finder = (engine) => {
  const layers = engine.layers.filter(({ role }) => role === 'reformat');
  const first = layers[0];
  if (first === undefined) return [];
  return [
    {
      id: 'reformats',
      title: `${countText(layers.length, 'reformat')} ${layers.length === 1 ? 'copies' : 'copy'} a tensor`,
      text: reformatText(first),
      layers: indicesOf(layers),
      nodes: nodesOf(layers),
      weight: 1,
    },
  ];
};

function reformatText({ name, inputs, outputs }: PredictedLayer): string {
  const [from, to] = [inputs[0], outputs[0]];
  if (from === undefined || to === undefined) return `${name} only moves data.`;
  const before = `${from.dataType} ${from.format}`;
  const after = `${to.dataType} ${to.format}`;
  return before === after
    ? `${name} copies ${before} to another place: nothing is computed.`
    : `${name} turns ${before} into ${after}, because its neighbours want different ones.`;
}

const FINDERS: readonly Finder[] = [
  floatShortcuts,
  survivors,
  refusedFloatLayers,
  unquantized,
  reformats,
];
