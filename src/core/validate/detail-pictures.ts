import type { QuantizerRange, TensorDetail } from './validation-report.ts';

/** Size of a picture in units of its own. */
const WIDTH = 420;
const HEIGHT = 160;
const BASE = HEIGHT - 18;

const place = (x: number): string => x.toFixed(1);
const label = (x: number): string => String(Number(x.toPrecision(3)));

/**
 * The histograms of a tensor before (filled) and after (line) as SVG without style or script, counts by their logarithm, with the
 * range of its quantizer and, where they are wide enough to be seen, its bins. Holds numbers only, no name from a file.
 */
export function histogramPicture({ before, after, quantizer }: TensorDetail): string {
  const { limit } = before;
  if (limit === 0) return '';
  const bins = before.counts.length;
  const most = Math.log1p(Math.max(...before.counts, ...after.counts));
  const y = (count: number): number => BASE - ((BASE - 6) * Math.log1p(count)) / most;
  const outline = (counts: readonly number[]): string =>
    counts
      .map((count, bin) => {
        const [left, right] = [(bin * WIDTH) / bins, ((bin + 1) * WIDTH) / bins];
        return `L${place(left)} ${place(y(count))}L${place(right)} ${place(y(count))}`;
      })
      .join('');
  const path = (counts: readonly number[]): string =>
    `M0 ${BASE}${outline(counts)}L${WIDTH} ${BASE}`;
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">`,
    '<title>Histogram before (filled) and after (line), logarithmic</title>',
    quantizer ? rangeMarks(quantizer, limit) : '',
    `<path d="${path(before.counts)}Z" fill="#7a9cc6" fill-opacity="0.7"/>`,
    `<path d="${path(after.counts)}" fill="none" stroke="#b3480e" stroke-width="1"/>`,
    axis(limit),
    '</svg>',
  ].join('');
}

/** Pairs (before, after) as points, with the line on which both are equal. */
export function scatterPicture({ scatter, before: { limit } }: TensorDetail): string {
  if (limit === 0 || scatter.length === 0) return '';
  const size = BASE;
  const x = (value: number): string => place(((value / limit + 1) * size) / 2);
  const y = (value: number): string => place(((1 - value / limit) * size) / 2);
  let points = '';
  for (let i = 0; i + 1 < scatter.length; i += 2) {
    const [a = NaN, b = NaN] = [scatter[i], scatter[i + 1]];
    if (Number.isFinite(a) && Number.isFinite(b)) points += `M${x(a)} ${y(b)}h0`;
  }
  return [
    `<svg viewBox="0 0 ${size} ${HEIGHT}" width="${size}" height="${HEIGHT}" role="img">`,
    '<title>Before (across) against after (up)</title>',
    `<path d="M0 ${size}L${size} 0" stroke="#999" stroke-width="0.5"/>`,
    `<path d="${points}" stroke="#b3480e" stroke-opacity="0.5" stroke-width="2" stroke-linecap="round"/>`,
    '</svg>',
  ].join('');
}

/** The narrowest bin that is drawn; finer ones would only be grey. */
const NARROWEST = 3;

function rangeMarks(
  { lowest, highest, scale, quantizedType }: QuantizerRange,
  limit: number,
): string {
  const x = (value: number): number =>
    Math.max(0, Math.min(WIDTH, ((value / limit + 1) * WIDTH) / 2));
  const [left, right] = [x(lowest), x(highest)];
  const width = (scale * WIDTH) / (2 * limit);
  let bins = '';
  if (/^u?int/.test(quantizedType) && width >= NARROWEST)
    for (let value = Math.ceil(-limit / scale); value * scale <= limit; value++) {
      const edge = (value + 0.5) * scale;
      if (edge > lowest && edge < highest) bins += `M${place(x(edge))} 0V${BASE}`;
    }
  return (
    `<rect x="${place(left)}" y="0" width="${place(right - left)}" height="${BASE}" fill="#eef3e6"/>` +
    (bins === '' ? '' : `<path d="${bins}" stroke="#c9d6b5" stroke-width="0.5"/>`) +
    `<path d="M${place(left)} 0V${BASE}M${place(right)} 0V${BASE}" stroke="#6b8a3a"/>`
  );
}

const axis = (limit: number): string =>
  `<path d="M0 ${BASE}H${WIDTH}" stroke="#666"/>` +
  `<text x="0" y="${HEIGHT - 4}" font-size="11">${label(-limit)}</text>` +
  `<text x="${WIDTH / 2}" y="${HEIGHT - 4}" font-size="11" text-anchor="middle">0</text>` +
  `<text x="${WIDTH}" y="${HEIGHT - 4}" font-size="11" text-anchor="end">${label(limit)}</text>`;
