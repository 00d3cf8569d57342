import type { EngineTensor, PredictedLayer } from '../../core/sim/predicted-engine.ts';
import { percentText } from './format-text.ts';
import { PRECISION_NAME } from './precision-text.ts';

/** A column of the table of layers. */
export interface LayerColumn {
  readonly id: 'index' | 'name' | 'type' | 'precision' | 'inputs' | 'outputs' | 'refused' | 'sure';
  readonly title: string;
  /** `sure`: how likely the layer is right, 0 to 1, where that is known. */
  readonly text: (layer: PredictedLayer, sure?: number) => string;
}

const typesText = (tensors: readonly EngineTensor[]): string =>
  tensors.map(({ dataType, format }) => `${dataType} ${format}`).join(', ');

const refusals = (layer: PredictedLayer): number =>
  layer.notes.filter(({ outcome }) => outcome === 'refused').length;

export const LAYER_COLUMNS: readonly [LayerColumn, ...LayerColumn[]] = [
  { id: 'index', title: '#', text: ({ index }) => String(index) },
  { id: 'name', title: 'Name', text: ({ name }) => name },
  { id: 'type', title: 'Type', text: ({ layerType }) => layerType },
  {
    id: 'precision',
    title: 'Runs in',
    text: ({ role, precision }) => (role === 'compute' ? PRECISION_NAME[precision] : role),
  },
  { id: 'inputs', title: 'Inputs', text: ({ inputs }) => typesText(inputs) },
  { id: 'outputs', title: 'Outputs', text: ({ outputs }) => typesText(outputs) },
  { id: 'refused', title: 'Refused', text: (layer) => String(refusals(layer) || '') },
  {
    id: 'sure',
    title: 'Sure',
    text: (_layer, sure) => (sure === undefined ? '' : percentText(sure)),
  },
];

/** A sorted copy, with `sure` by the index of the layer; numbers inside texts count as numbers, and equal cells keep the order of the engine. */
export function sortedLayers(
  layers: readonly PredictedLayer[],
  column: LayerColumn,
  descending: boolean,
  sure: readonly number[] = [],
): readonly PredictedLayer[] {
  const byText = new Intl.Collator('en', { numeric: true }).compare;
  const sign = descending ? -1 : 1;
  const keyed = layers.map((layer) => ({ layer, text: column.text(layer, sure[layer.index]) }));
  keyed.sort((a, b) => sign * byText(a.text, b.text) || a.layer.index - b.layer.index);
  return keyed.map(({ layer }) => layer);
}

/** The table as tab-separated text with a head line, one line a layer. */
export function layersAsTsv(
  layers: readonly PredictedLayer[],
  sure: readonly number[] = [],
): string {
  const lines = layers.map((layer) =>
    LAYER_COLUMNS.map(({ text }) => text(layer, sure[layer.index])),
  );
  return [LAYER_COLUMNS.map(({ title }) => title), ...lines].map(tsvLine).join('');
}

/** One line of tab-separated text; tabs and line ends inside cells become spaces. */
export const tsvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => cell.replace(/[\t\r\n]+/g, ' ')).join('\t')}\n`;
