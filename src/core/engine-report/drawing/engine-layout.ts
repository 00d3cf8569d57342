import type { BuiltEngine, BuiltLayer, BuiltTensor } from '../../engine/built-engine.ts';
import { layeredLayout } from '../../view/layout/layered-layout.ts';
import { engineDraft } from '../../view/engine-scene.ts';
import { shapeText } from '../../view/node-label.ts';
import { tensorText } from '../lint/engine-words.ts';
import { fitText } from './markup.ts';

/** A box with its place; x and y are its centre. Lengths are in units of the drawing. */
export interface PlacedBox {
  /** Undefined for an input or output of the network. */
  readonly layer: BuiltLayer | undefined;
  readonly title: string;
  readonly subtitle: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge {
  /** Of the tensor as its reader sees it. */
  readonly tensor: BuiltTensor | undefined;
  readonly name: string;
  /** True where several layers write the tensor, each its part. */
  readonly isShared: boolean;
  /** Two lines at its lower end: type and format, dimensions. */
  readonly lines: readonly [string, string];
  /** x0, y0, x1, y1, … */
  readonly points: readonly number[];
}

export interface PlacedEngine {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly edges: readonly PlacedEdge[];
}

const TITLE_ADVANCE = 7.6;
const TEXT_ADVANCE = 6.2;
const LABEL_ADVANCE = 6;
/** Room beside the title for the precisions. */
const SIGN = 78;
const LEAST_WIDTH = 190;
const MOST_COLUMNS = 44;
const LABEL_HEIGHT = 28;

/** Gives every layer and tensor of an engine its place, top to bottom. */
export function placeEngine(engine: BuiltEngine): PlacedEngine {
  const { boxes, edges } = engineDraft(engine);
  const byId = new Map(engine.layers.map((layer) => [String(layer.index), layer]));
  const indexOf = new Map(boxes.map(({ id }, i) => [id, i]));
  const labels = edges.map((edge) => labelOf(edge.label, byId.get(edge.to), byId.get(edge.from)));
  const shared = sharedNames(engine);
  const slots = new Float64Array(boxes.length);
  const nets = new Map<string, number>();
  const lines = edges.map(({ from, to, label }, e) => {
    const { lines: text } = labels[e]!;
    const slot = Math.max(...text.map(({ length }) => length)) * LABEL_ADVANCE + 12;
    const head = indexOf.get(to)!;
    slots[head] = slots[head]! + slot;
    const key = `${from}\n${label}`;
    if (!nets.has(key)) nets.set(key, nets.size);
    return {
      from: indexOf.get(from)!,
      to: head,
      net: nets.get(key)!,
      slot,
      headroom: LABEL_HEIGHT,
    };
  });
  const texts = boxes.map(({ title, subtitle }) => ({
    title: fitText(title, MOST_COLUMNS),
    subtitle: fitText(subtitle, MOST_COLUMNS),
  }));
  const sizes = boxes.map(({ id }, i) => {
    const { title, subtitle } = texts[i]!;
    const isLayer = byId.has(id);
    const text = Math.max(
      title.length * TITLE_ADVANCE + (isLayer ? SIGN : 0),
      subtitle.length * TEXT_ADVANCE,
    );
    const width = Math.max(isLayer ? LEAST_WIDTH : 90, slots[i]! + 16, text + 28);
    return { width: 2 * Math.ceil(width / 2), height: isLayer ? 62 : 40 };
  });
  const layout = layeredLayout({ boxes: sizes, edges: lines });
  return {
    width: layout.width,
    height: layout.height,
    boxes: boxes.map(({ id }, i) => ({
      layer: byId.get(id),
      ...texts[i]!,
      ...sizes[i]!,
      x: layout.x[i]!,
      y: layout.y[i]!,
    })),
    edges: edges.map(({ label }, e) => ({
      ...labels[e]!,
      name: label,
      isShared: shared.has(label),
      points: layout.routes[e]!,
    })),
  };
}

/** Names of tensors that several layers write. */
function sharedNames({ layers }: BuiltEngine): ReadonlySet<string> {
  const writers = new Map<string, number>();
  for (const { outputs } of layers)
    for (const name of new Set(outputs.map((tensor) => tensor.name)))
      writers.set(name, (writers.get(name) ?? 0) + 1);
  return new Set([...writers].filter(([, count]) => count > 1).map(([name]) => name));
}

function labelOf(
  name: string,
  reader: BuiltLayer | undefined,
  writer: BuiltLayer | undefined,
): Pick<PlacedEdge, 'tensor' | 'lines'> {
  const find = (tensors: readonly BuiltTensor[] | undefined): BuiltTensor | undefined =>
    tensors?.find((tensor) => tensor.name === name);
  const tensor = find(reader?.inputs) ?? find(writer?.outputs);
  return {
    tensor,
    lines: tensor ? [tensorText(tensor), fitText(shapeText(tensor.dims), 24)] : ['', ''],
  };
}
