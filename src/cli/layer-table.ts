import type {
  EngineTensor,
  PredictedEngine,
  PredictedLayer,
} from '../core/sim/predicted-engine.ts';
import { targetId } from '../core/sim/target.ts';
import { colourOfLayer, markOfLayer, paint } from './layer-style.ts';
import type { Style } from './layer-style.ts';
import { counted, printable, truncateMiddle } from './plain-text.ts';
import { wrapText } from './wrap-text.ts';

const TYPE_NAMES: Readonly<Record<string, string>> = {
  Float: 'fp32',
  Half: 'fp16',
  BFloat16: 'bf16',
};

/** Names keep at least this much of a line, so that a narrow terminal wraps rather than hides them. */
const SHORTEST_NAME = 12;
const GAP = '  ';

function typeName(tensor: EngineTensor | undefined): string {
  if (tensor === undefined) return '–';
  const name = TYPE_NAMES[tensor.dataType] ?? tensor.dataType.toLowerCase();
  return tensor.uncertain ? `${name}?` : name;
}
const precisionText = (layer: PredictedLayer): string =>
  `${typeName(layer.inputs[0])} → ${typeName(layer.outputs[0])}`;

/** The layers of an engine as a table that fits the terminal, with a summary line below. */
export function layerTable(
  engine: PredictedEngine,
  title: { readonly name: string; readonly nodeCount: number },
  style: Style,
): string {
  const rows = engine.layers.map((layer) => ({
    layer,
    cells: [
      String(layer.index),
      markOfLayer(layer),
      printable(layer.layerType),
      precisionText(layer),
    ],
    name: printable(layer.name),
  }));
  const head = ['#', '', 'type', 'in → out'];
  const widths = head.map((text, i) =>
    Math.max(text.length, ...rows.map(({ cells }) => cells[i]?.length ?? 0)),
  );
  const before = widths.reduce((sum, width) => sum + width + GAP.length, 0);
  const nameWidth = Math.max(SHORTEST_NAME, style.columns - before);
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => pad(cell, widths[i] ?? 0, i === 0)).join(GAP) + GAP;
  const wrapped = (text: string): string[] =>
    wrapText(text, { width: style.columns, indent: '  ' }).split('\n');
  const modelLine = `${targetId(engine.target)} ${engine.mode}, ${counted(title.nodeCount, 'node')}`;
  return [
    ...wrapped(`${printable(title.name)}  ${modelLine}`).map((line, i) =>
      i > 0 ? line : line.replace(printable(title.name), (name) => paint(style, '1', name)),
    ),
    paint(style, '2', `${line(head)}layer`),
    ...rows.map(({ layer, cells, name }) => {
      return paint(style, colourOfLayer(layer), line(cells)) + truncateMiddle(name, nameWidth);
    }),
    ...wrapped(summaryLine(engine)).map((line) => paint(style, '1', line)),
    ...engine.remarks.flatMap((remark) => wrapped(`note: ${printable(remark)}`)),
    '',
  ].join('\n');
}

const pad = (text: string, width: number, right: boolean): string =>
  right ? text.padStart(width) : text.padEnd(width);

/** `61 layers: 52 compute (48 in INT8), 3 reformats ~, 1 surviving Q/DQ !, 2 no-ops ·`. */
export function summaryLine({ summary }: PredictedEngine): string {
  const { layers, computeLayers, int8Layers, reformats, survivingQdq, noops } = summary;
  return [
    `${counted(layers, 'layer')}: ${String(computeLayers)} compute (${String(int8Layers)} in INT8)`,
    `${counted(reformats, 'reformat')} ~`,
    `${String(survivingQdq)} surviving Q/DQ !`,
    `${counted(noops, 'no-op')} ·`,
  ].join(', ');
}
