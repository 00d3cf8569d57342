import type { BuiltEngine } from '../../engine/built-engine.ts';
import type { EngineDataType, Precision } from '../../sim/predicted-engine.ts';
import { layerTimeUs, sumTimeUs } from '../layer-time.ts';
import { percentText, timeText, typeText } from '../lint/engine-words.ts';
import { DRAWING_STYLE } from './drawing-style.ts';
import { placeEngine } from './engine-layout.ts';
import type { PlacedBox, PlacedEdge } from './engine-layout.ts';
import { drawingHead, HEAD_HEIGHT, HEAD_WIDTH } from './drawing-head.ts';
import { escapeMarkup, fitText, place, tooltip } from './markup.ts';

/** How boxes are filled: by the precision in which layers run, or by the time that they take. */
export type DrawingColour = 'precision' | 'heat';

export interface DrawingOptions {
  /** Default: precision. Heat needs a profile; without one, precision is taken. */
  readonly colour?: DrawingColour;
  /** Leaves the style sheet out: the page that the drawing is put into has it. */
  readonly bare?: boolean;
}

const MARGIN = 24;

/**
 * The graph of an engine as SVG: a box a layer, with type, nodes, time and share; an edge a tensor, with type, format and dimensions.
 * Valid XML whatever the names hold, without script, for light and dark schemes alike.
 */
export function engineSvg(engine: BuiltEngine, options: DrawingOptions = {}): string {
  const { width, height, boxes, edges } = placeEngine(engine);
  const times = engine.layers.map((layer) => layerTimeUs(layer) ?? 0);
  const most = times.reduce((a, b) => Math.max(a, b), 0);
  const colour = options.colour === 'heat' && most > 0 ? 'heat' : 'precision';
  const scale: Scale = { most, total: sumTimeUs(engine.layers) };
  const full = {
    width: Math.max(width, HEAD_WIDTH) + 2 * MARGIN,
    height: height + HEAD_HEIGHT + 2 * MARGIN,
  };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="engine${colour === 'heat' ? ' by-heat' : ''}" viewBox="0 0 ${place(full.width)} ${place(full.height)}" width="${place(full.width)}" height="${place(full.height)}" role="img">`,
    tooltip(`Engine ${engine.name}`),
    options.bare ? '' : `<style>${DRAWING_STYLE}</style>`,
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="stroke" d="M0 0V6"/></pattern></defs>',
    '<rect class="paper" width="100%" height="100%"/>',
    `<g transform="translate(${MARGIN} ${MARGIN})">${drawingHead(engine)}</g>`,
    `<g transform="translate(${place(MARGIN + Math.max(0, (HEAD_WIDTH - width) / 2))} ${place(MARGIN + HEAD_HEIGHT)})">`,
    ...edges.map(edgePath),
    ...boxes.map((box) => boxGroup(box, scale)),
    // Labels come last, so that no line crosses them.
    ...edges.map(edgeLabel),
    '</g></svg>\n',
  ].join('\n');
}

interface Scale {
  /** Microseconds of the slowest layer; 0 without a profile. */
  readonly most: number;
  readonly total: number | null;
}

/** Steps of the heat scale. */
export const HEAT_STEPS = 6;
export const heatStep = (timeUs: number, mostUs: number): number =>
  mostUs === 0 ? 0 : Math.min(HEAT_STEPS - 1, Math.floor((timeUs / mostUs) * HEAT_STEPS));

function boxGroup(box: PlacedBox, scale: Scale): string {
  const { layer, title, subtitle, x, y, width, height } = box;
  const [left, top] = [x - width / 2, y - height / 2];
  const open = `<g transform="translate(${place(left)} ${place(top)})">`;
  const area = `width="${place(width)}" height="${place(height)}" rx="5"`;
  if (!layer)
    return `${open}${tooltip(`${title} ${subtitle}`)}<rect class="io" ${area}/>${text(width / 2, 17, 'type mid', title)}${text(width / 2, 32, 'soft mid', subtitle)}</g>`;
  const timeUs = layerTimeUs(layer);
  const share = timeUs === null || !scale.total ? null : timeUs / scale.total;
  const isCopy = layer.role === 'reformat' || layer.role === 'qdq';
  const tags = [layer.activation ?? '', layer.convolution?.hasResidual ? '+ residual' : ''].filter(
    (tag) => tag !== '',
  );
  const time =
    timeUs === null ? '' : `${timeText(timeUs)}${share === null ? '' : ` · ${percentText(share)}`}`;
  // What the time leaves of the line, in letters of about 6 pixels.
  const room = Math.floor((width - 21) / 6) - time.length - 1;
  return [
    `<g class="${layer.precision}" transform="translate(${place(left)} ${place(top)})">`,
    tooltip(tooltipOf(box, time)),
    `<rect class="box" ${area}/><rect class="tint" ${area}/>${timeUs === null ? '' : `<rect class="heat heat${String(heatStep(timeUs, scale.most))}" ${area}/>`}`,
    isCopy ? `<rect class="copy${layer.role === 'qdq' ? ' alarm' : ''}" ${area}/>` : '',
    `<rect class="band" width="5" height="${place(height)}" rx="2"/>`,
    text(13, 17, 'type', title),
    text(width - 8, 17, 'sign', precisions(layer.inputs[0]?.dataType, layer.outputs[0]?.dataType)),
    text(13, 33, 'soft', subtitle),
    text(13, 49, 'time', time),
    tags.length > 0 ? text(width - 8, 49, 'tag sign', fitText(tags.join(' '), room)) : '',
    timeUs === null ? '' : bar(width, height, timeUs / (scale.most || 1)),
    '</g>',
  ].join('');
}

const bar = (width: number, height: number, part: number): string =>
  `<rect class="track" x="13" y="${place(height - 8)}" width="${place(width - 21)}" height="3"/><rect class="bar" x="13" y="${place(height - 8)}" width="${place((width - 21) * part)}" height="3"/>`;

const precisions = (from: EngineDataType | undefined, to: EngineDataType | undefined): string =>
  from === undefined && to === undefined
    ? ''
    : from === to || from === undefined || to === undefined
      ? typeText(from ?? to ?? 'Unknown')
      : `${typeText(from)} → ${typeText(to)}`;

function tooltipOf({ layer, title }: PlacedBox, time: string): string {
  if (!layer) return title;
  return [
    layer.name,
    time,
    layer.tactic === null ? '' : `tactic ${layer.tactic}`,
    layer.nodes.length === 0 ? '' : `nodes ${layer.nodes.join(', ')}`,
  ]
    .filter((line) => line !== '')
    .join('\n');
}

const text = (x: number, y: number, className: string, words: string): string =>
  words === ''
    ? ''
    : `<text class="${className}" x="${place(x)}" y="${place(y)}">${escapeMarkup(words)}</text>`;

const CLASS_OF: Readonly<Partial<Record<EngineDataType, Precision>>> = {
  Float: 'fp32',
  Half: 'fp16',
  BFloat16: 'bf16',
  Int8: 'int8',
  UInt8: 'int8',
  FP8: 'fp8',
  Int4: 'int4',
  FP4: 'int4',
};

const edgeClass = ({ tensor }: PlacedEdge): Precision =>
  (tensor && CLASS_OF[tensor.dataType]) ?? 'other';

/** The line of a tensor with an arrow at its reader. */
function edgePath(edge: PlacedEdge): string {
  const { points, tensor, name, isShared } = edge;
  if (points.length < 4) return '';
  let d = `M${place(points[0]!)} ${place(points[1]!)}`;
  for (let i = 2; i + 1 < points.length; i += 2)
    d += `L${place(points[i]!)} ${place(points[i + 1]!)}`;
  const [x, y] = [points.at(-2)!, points.at(-1)!];
  const down = y >= (points.at(-3) ?? y) ? -6 : 6;
  const words = `${name}${tensor ? `\n${tensor.formatText}\n${tensor.dims.join('×')}` : ''}${isShared ? '\nwritten by several layers, each its part' : ''}`;
  return `<g class="${edgeClass(edge)}">${tooltip(words)}<path class="edge" d="${d}"/><path class="arrow" d="M${place(x)} ${place(y)}l-4 ${down}h8z"/></g>`;
}

function edgeLabel(edge: PlacedEdge): string {
  const [type, dims] = edge.lines;
  if (type === '' || edge.points.length < 4) return '';
  const [x, y] = [edge.points.at(-2)!, edge.points.at(-1)!];
  const shared = edge.isShared ? '∪ ' : '';
  const width = Math.max(type.length + shared.length, dims.length) * 5.6 + 6;
  const plate = `<rect class="plate" x="${place(x - width / 2)}" y="${place(y - 30)}" width="${place(width)}" height="23"/>`;
  return `${plate}${text(x, y - 21, 'label mid', `${shared}${type}`)}${text(x, y - 10, 'label mid soft', dims)}`;
}
