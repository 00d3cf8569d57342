import type { BuiltEngine } from '../../engine/built-engine.ts';
import type { Precision } from '../../sim/predicted-engine.ts';
import { sumTimeUs } from '../layer-time.ts';
import { counted, timeText } from '../lint/engine-words.ts';
import { escapeMarkup, fitText } from './markup.ts';

/** Room that title and legend take above the graph. */
export const HEAD_HEIGHT = 104;
export const HEAD_WIDTH = 800;

const PRECISIONS: readonly (readonly [Precision, string])[] = [
  ['int8', 'INT8'],
  ['fp8', 'FP8'],
  ['int4', 'INT4'],
  ['fp16', 'FP16'],
  ['bf16', 'BF16'],
  ['fp32', 'FP32'],
  ['other', 'other or unknown'],
];

/** Title, figures and legend of a drawing. */
export function drawingHead(engine: BuiltEngine): string {
  const time = sumTimeUs(engine.layers);
  const facts = [
    counted(engine.layers.length, 'layer'),
    ...(time === null ? ['no profile'] : [`${timeText(time)} in all layers`]),
    ...(engine.trtVersion === null ? [] : [`TensorRT ${engine.trtVersion}`]),
    ...(engine.gpu === null ? [] : [engine.gpu]),
  ];
  const used = new Set(engine.layers.map(({ precision }) => precision));
  let x = 0;
  const entries = PRECISIONS.filter(([precision]) => used.has(precision)).map(
    ([precision, name]) => {
      const at = x;
      x += 34 + name.length * 7;
      return `<g class="${precision}" transform="translate(${String(at)} 56)"><rect class="band" width="14" height="14" rx="3"/><text x="20" y="11">${name}</text></g>`;
    },
  );
  return [
    `<text class="head" y="16">${escapeMarkup(fitText(engine.name, 70))}</text>`,
    `<text class="soft" y="36">${escapeMarkup(fitText(facts.join(' · '), 120))}</text>`,
    ...entries,
    time === null ? '' : heatLegend(x),
    signs(),
  ].join('');
}

const heatLegend = (x: number): string =>
  `<g class="heat" transform="translate(${String(x + 10)} 56)"><text y="11">0 µs</text>${[
    0, 1, 2, 3, 4, 5,
  ]
    .map(
      (step) =>
        `<rect class="heat${String(step)}" x="${String(34 + step * 18)}" width="18" height="14"/>`,
    )
    .join('')}<text x="148" y="11">slowest layer</text></g>`;

/** What the marks on boxes and edges mean. */
const signs = (): string =>
  '<g transform="translate(0 80)"><rect class="copy" width="24" height="14" rx="3"/><text x="30" y="11">reformat</text>' +
  '<rect class="copy alarm" x="94" width="24" height="14" rx="3"/><text x="124" y="11">Q/DQ that no layer took</text>' +
  '<rect class="track" x="270" y="6" width="30" height="3"/><rect class="bar" x="270" y="6" width="18" height="3"/><text x="306" y="11">time, against the slowest layer</text>' +
  '<text x="506" y="11">∪ part of a tensor that several layers write</text></g>';
