import type { EngineFigures, LayerSum } from '../engine-summary.ts';
import { percentText, timeText } from '../lint/engine-words.ts';
import { engineTitle } from './engine-title.ts';
import type { Cell, ReportTable } from './report-tables.ts';

/** Figures of some engines, an engine a column. */
export const summaryTable = (engines: readonly EngineFigures[]): ReportTable => ({
  id: 'summary',
  title: 'Summary',
  columns: [{ title: 'figure' }, ...engines.map(({ name }) => ({ title: engineTitle(name) }))],
  rows: ROWS.map(([title, cell]) => [title, ...engines.map(cell)]).filter((row) =>
    row.slice(1).some((cell) => cell !== ''),
  ),
});

const ROWS: readonly (readonly [string, (figures: EngineFigures) => Cell])[] = [
  ['TensorRT', ({ trtVersion }) => trtVersion ?? ''],
  ['GPU', ({ gpu }) => gpu ?? ''],
  ['inputs', ({ inputs }) => inputs.map(ioText).join(', ')],
  ['outputs', ({ outputs }) => outputs.map(ioText).join(', ')],
  ['latency, median', ({ latency }) => timeText(latency?.computeMedianUs ?? null)],
  ['latency, 95th percentile', ({ latency }) => timeText(latency?.computeP95Us ?? null)],
  ['with copies to and from the host', ({ latency }) => timeText(latency?.latencyMedianUs ?? null)],
  ['sum over layers', ({ layerTimeUs }) => timeText(layerTimeUs)],
  ['profiled runs', ({ profiledRuns }) => (profiledRuns === null ? '' : String(profiledRuns))],
  ['layers', ({ layers }) => String(layers)],
  ['layers that compute', ({ compute }) => sumText(compute)],
  [
    'in INT8 or narrower',
    ({ low, lowShare }) =>
      `${sumText(low)}${lowShare === null ? '' : `; ${percentText(lowShare)} of the layers that compute`}`,
  ],
  ['of unknown precision', ({ untold }) => (untold.layers === 0 ? '' : sumText(untold))],
  ['reformats', ({ reformats }) => sumText(reformats)],
  ['Q/DQ that no layer took', ({ quantizers }) => sumText(quantizers)],
  ['weights', ({ weightBytes }) => byteText(weightBytes)],
  ['activations, each tensor once', ({ activationBytes }) => byteText(activationBytes)],
];

const ioText = ({ name, dims, dataType }: EngineFigures['inputs'][number]): string =>
  `${name} ${dims.join('×')} ${dataType}`;

/** `21 (185 µs, 69.8 %)`. */
export const sumText = ({ layers, timeUs, timeShare }: LayerSum): string =>
  timeUs === null
    ? String(layers)
    : `${String(layers)} (${timeText(timeUs)}${timeShare === null ? '' : `, ${percentText(timeShare)}`})`;

/** `784 KB`: binary units. */
export function byteText(bytes: number): string {
  if (bytes < 1024) return `${String(bytes)} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(bytes < 10240 ? 1 : 0)} KB`;
  if (bytes < 1024 ** 3) return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
  return `${(bytes / 1024 ** 3).toFixed(2)} GB`;
}
