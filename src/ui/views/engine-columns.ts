import { html } from 'lit';
import type { EngineAnalysis, LayerLine } from '../../api/engine-api.ts';
import { shortLayerName } from '../state/built-words.ts';
import type { ErrorColumn } from '../state/error-columns.ts';
import { sizeText } from '../state/format-text.ts';
import { PRECISION_NAME } from '../state/precision-text.ts';
import { shareText, timeText } from '../state/time-heat.ts';
import { chipOf, roleChip } from './card-parts.ts';

type Convolution = EngineAnalysis['convolutions']['convolutions'][number];
type Tactic = EngineAnalysis['tactics'][number];

/** What figures and words have in common. */
interface ColumnInit {
  readonly id: string;
  readonly title: string;
  readonly help: string;
  readonly track?: string;
}

const SMALL = 'minmax(44px, 1fr)';
const WIDE = 'minmax(140px, 5fr)';
const FIGURE = 'minmax(60px, 1fr)';

/** Figures where there may be none: those without stand last. */
export const figureColumn = <Row>(
  init: ColumnInit,
  of: (row: Row) => number | null,
  as: (value: number) => string = String,
): ErrorColumn<Row> => ({
  track: FIGURE,
  ...init,
  worstFirst: 'high',
  value: (row) => of(row) ?? undefined,
  text: (row) => {
    const value = of(row);
    return value === null ? '' : as(value);
  },
});

export const wordColumn = <Row>(
  init: ColumnInit,
  of: (row: Row) => string,
  cell?: (row: Row) => unknown,
): ErrorColumn<Row> => ({
  track: 'minmax(72px, 1.5fr)',
  ...init,
  isName: true,
  value: (row) => of(row) || undefined,
  text: of,
  ...(cell && { cell }),
});

const index = <Row extends { readonly index: number }>(): ErrorColumn<Row> => ({
  ...figureColumn<Row>(
    { id: 'index', title: '#', help: 'Place in the engine' },
    (row) => row.index,
  ),
  track: '32px',
  worstFirst: 'low',
});

type Typed = LayerLine['takes'];
const typeText = (typed: Typed): string =>
  typed === null ? '' : `${typed.dataType}${typed.format === 'UNKNOWN' ? '' : ` ${typed.format}`}`;

const time = <Row extends { readonly timeUs: number | null }>(help: string): ErrorColumn<Row> =>
  figureColumn({ id: 'time', title: 'Time', help }, ({ timeUs }) => timeUs, timeText);

const share = <Row extends { readonly timeShare: number | null }>(): ErrorColumn<Row> =>
  figureColumn(
    { id: 'share', title: 'Share', help: 'Part of the time of all layers', track: SMALL },
    ({ timeShare }) => timeShare,
    shareText,
  );

export const LAYER_LINE_COLUMNS: readonly ErrorColumn<LayerLine>[] = [
  index(),
  wordColumn(
    {
      id: 'name',
      title: 'Layer',
      help: 'By what it runs; the tooltip has its whole name',
      track: WIDE,
    },
    ({ name }) => name,
    shortLayerName,
  ),
  time('Time of one run'),
  share(),
  wordColumn({ id: 'type', title: 'Type', help: 'What the layer is' }, ({ type }) => type),
  wordColumn(
    { id: 'precision', title: 'Runs in', help: 'Type of its arithmetic', track: '52px' },
    ({ role, precision }) => (role === 'compute' ? PRECISION_NAME[precision] : role),
    (row) => roleChip(row),
  ),
  wordColumn(
    { id: 'takes', title: 'Takes', help: 'Type and format of the first input' },
    ({ takes }) => typeText(takes),
  ),
  wordColumn(
    { id: 'gives', title: 'Gives', help: 'Type and format of the first output' },
    ({ gives }) => typeText(gives),
  ),
  figureColumn(
    { id: 'bytes', title: 'Moves', help: 'Bytes of activations read and written' },
    ({ activationBytes }) => activationBytes,
    sizeText,
  ),
  wordColumn(
    {
      id: 'tactic',
      title: 'Tactic',
      help: 'The implementation that TensorRT chose',
      track: 'minmax(80px, 3fr)',
    },
    ({ tactic }) => tactic ?? '',
  ),
];

const large = (value: number): string => {
  if (value >= 1e9) return `${(value / 1e9).toPrecision(3)} G`;
  if (value >= 1e6) return `${(value / 1e6).toPrecision(3)} M`;
  return value.toLocaleString('en', { maximumFractionDigits: 1 });
};

const CORES_WORDS = { yes: 'yes', no: 'no', unknown: 'not said' } as const;
const CORES: ColumnInit = {
  id: 'cores',
  title: 'Tensor cores',
  help: 'As far as the name of the tactic tells',
  track: '84px',
};

export const CONVOLUTION_COLUMNS: readonly ErrorColumn<Convolution>[] = [
  index(),
  wordColumn(
    { id: 'name', title: 'Layer', help: 'What TensorRT calls it', track: WIDE },
    ({ name }) => name,
    ({ name }) => shortConvolution(name),
  ),
  time('Time of one run'),
  wordColumn(
    { id: 'precision', title: 'Runs in', help: 'Type of its arithmetic', track: '52px' },
    ({ precision }) => PRECISION_NAME[precision],
    ({ precision }) => chipOf(precision),
  ),
  wordColumn(
    { id: 'kernel', title: 'Kernel', help: 'Size of its window, and its stride' },
    ({ kernel, stride }) =>
      `${kernel.join('×')}${stride.every((step) => step === 1) ? '' : ` / ${String(stride[0])}`}`,
  ),
  wordColumn(
    { id: 'channels', title: 'Channels', help: 'In and out' },
    ({ inputChannels, outputChannels }) => `${String(inputChannels)} → ${String(outputChannels)}`,
  ),
  figureColumn(
    { id: 'groups', title: 'Groups', help: 'Groups of channels', track: SMALL },
    ({ gemm }) => gemm.groups,
  ),
  figureColumn(
    { id: 'macs', title: 'MAC', help: 'Multiplications with addition of one inference' },
    ({ macs }) => macs,
    large,
  ),
  figureColumn(
    { id: 'bytes', title: 'Bytes', help: 'Input, residual, output and weights' },
    ({ bytes }) => bytes,
    sizeText,
  ),
  figureColumn(
    {
      id: 'intensity',
      title: 'MAC/B',
      help: 'Arithmetic intensity: multiplications for each byte',
    },
    ({ macsPerByte }) => macsPerByte,
    (value) => value.toFixed(1),
  ),
  figureColumn(
    { id: 'speed', title: 'GMAC/ms', help: 'How fast it computes' },
    ({ macsPerUs }) => macsPerUs,
    (value) => (value / 1e6).toPrecision(3),
  ),
  figureColumn(
    { id: 'bandwidth', title: 'GB/s', help: 'How fast it moves bytes' },
    ({ bytesPerUs }) => bytesPerUs,
    (value) => (value / 1e3).toPrecision(3),
  ),
  wordColumn(CORES, ({ tensorCores }) => CORES_WORDS[tensorCores]),
];

/** The name without what stands for weights and quantizers: `/s/c/Conv + PWN(…)`. */
const shortConvolution = (name: string): string => {
  const parts = name.split(' + ');
  const work = parts.filter(
    (part, i) => !/quantizelinear/i.test(part) && (i > 0 || parts.length === 1),
  );
  return work.length === 0 ? name : work.join(' + ');
};

export const TACTIC_COLUMNS: readonly ErrorColumn<Tactic>[] = [
  wordColumn(
    {
      id: 'tactic',
      title: 'Tactic',
      help: 'By name, or by number where the file gives no name',
      track: WIDE,
    },
    ({ tactic }) => tactic ?? 'not said',
    ({ tactic }) => tactic ?? html`<span class="muted">not said</span>`,
  ),
  figureColumn(
    { id: 'layers', title: 'Layers', help: 'Layers that run it', track: SMALL },
    ({ layers }) => layers,
  ),
  time('Of all of them together'),
  share(),
  wordColumn(CORES, ({ tensorCores }) => CORES_WORDS[tensorCores]),
];
