import type { BuiltEngine, BuiltLayer } from '../engine/built-engine.ts';
import type {
  EngineDataType,
  LayerRole,
  Precision,
  TensorFormat,
} from '../sim/predicted-engine.ts';
import type { EngineFlow } from './engine-flow.ts';
import { layerKind } from './layer-kind.ts';
import { layerTimeUs, shareOf, sumTimeUs } from './layer-time.ts';
import { layerMemory } from './memory-footprint.ts';

/** One layer as a row of a table. */
export interface LayerLine {
  readonly index: number;
  readonly name: string;
  readonly layerType: string;
  /** `Convolution` of a `CaskConvolution`; Q/DQ and copies are told apart. */
  readonly type: string;
  readonly role: LayerRole;
  readonly precision: Precision;
  /** Types and formats of the first input and output; null where there is none. */
  readonly takes: TypeAndFormat | null;
  readonly gives: TypeAndFormat | null;
  readonly tactic: string | null;
  readonly nodes: readonly string[];
  /** Microseconds, and of the time of all layers, 0 to 1; null without a profile. */
  readonly timeUs: number | null;
  readonly timeShare: number | null;
  /** Bytes of activations read and written, and of weights. */
  readonly activationBytes: number;
  readonly weightBytes: number;
}

export interface TypeAndFormat {
  readonly dataType: EngineDataType;
  readonly format: TensorFormat;
}

/** By what a list of layers can be sorted. */
export const LAYER_ORDERS = ['time', 'index', 'bytes', 'weights', 'type', 'name'] as const;
export type LayerOrder = (typeof LAYER_ORDERS)[number];

/** All layers of an engine as rows, in its order. */
export function layerLines(engine: BuiltEngine, flow: EngineFlow): readonly LayerLine[] {
  const total = sumTimeUs(engine.layers);
  return engine.layers.map((layer) => {
    const memory = layerMemory(layer, flow);
    const timeUs = layerTimeUs(layer);
    return {
      index: layer.index,
      name: layer.name,
      layerType: layer.layerType,
      type: layerKind(layer),
      role: layer.role,
      precision: layer.precision,
      takes: typeAndFormat(layer.inputs),
      gives: typeAndFormat(layer.outputs),
      tactic: layer.tactic,
      nodes: layer.nodes,
      timeUs,
      timeShare: shareOf(timeUs, total),
      activationBytes: memory.inputBytes + memory.outputBytes,
      weightBytes: memory.weightBytes,
    };
  });
}

const typeAndFormat = ([first]: BuiltLayer['inputs']): TypeAndFormat | null =>
  first === undefined ? null : { dataType: first.dataType, format: first.format };

/** Rows in another order: figures from the largest down, words and indices upwards. Equal rows keep the engine's order. */
export function sortLayers(lines: readonly LayerLine[], order: LayerOrder): readonly LayerLine[] {
  const compare: Readonly<Record<LayerOrder, (a: LayerLine, b: LayerLine) => number>> = {
    time: (a, b) => (b.timeUs ?? -1) - (a.timeUs ?? -1),
    index: (a, b) => a.index - b.index,
    bytes: (a, b) => b.activationBytes + b.weightBytes - a.activationBytes - a.weightBytes,
    weights: (a, b) => b.weightBytes - a.weightBytes,
    type: (a, b) => compareText(a.type, b.type),
    name: (a, b) => compareText(a.name, b.name),
  };
  return [...lines].sort((a, b) => compare[order](a, b) || a.index - b.index);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
