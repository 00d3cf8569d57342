import type { EngineAnalysis, LayerLine } from '../../api/engine-api.ts';
import type { ErrorColumn } from './error-columns.ts';
import { sizeText } from './format-text.ts';
import { PRECISION_NAME } from './precision-text.ts';
import { shareText, timeText } from './time-heat.ts';

type Convolution = EngineAnalysis['convolutions']['convolutions'][number];
type Tactic = EngineAnalysis['tactics'][number];

/** Figures where there may be none: those without stand last. */
const figure = <Row>(
  id: string,
  title: string,
  help: string,
  of: (row: Row) => number | null,
  as: (value: number) => string = String,
): ErrorColumn<Row> => ({
  ...{ id, title, help },
  worstFirst: 'high',
  value: (row) => of(row) ?? undefined,
  text: (row) => {
    const value = of(row);
    return value === null ? '' : as(value);
  },
});

const word = <Row>(
  id: string,
  title: string,
  help: string,
  of: (row: Row) => string,
  isWide = false,
): ErrorColumn<Row> => ({
  ...{ id, title, help, isWide },
  isName: true,
  value: (row) => of(row) || undefined,
  text: of,
});

type Typed = LayerLine['takes'];
const typeText = (typed: Typed): string =>
  typed === null ? '' : `${typed.dataType}${typed.format === 'UNKNOWN' ? '' : ` ${typed.format}`}`;

const ROLE_WORDS: Readonly<Partial<Record<LayerLine['role'], string>>> = {
  reformat: 'copy',
  qdq: 'Q/DQ',
  noop: '–',
};

export const LAYER_LINE_COLUMNS: readonly ErrorColumn<LayerLine>[] = [
  figure('index', '#', 'Place in the engine', ({ index }) => index),
  word('name', 'Name', 'What TensorRT calls the layer', ({ name }) => name, true),
  figure('time', 'Time', 'Time of one run', ({ timeUs }) => timeUs, timeText),
  figure(
    'share',
    'Share',
    'Part of the time of all layers',
    ({ timeShare }) => timeShare,
    shareText,
  ),
  word('type', 'Type', 'What the layer is', ({ type }) => type),
  word(
    'precision',
    'Runs in',
    'Type of its arithmetic',
    ({ role, precision }) => ROLE_WORDS[role] ?? PRECISION_NAME[precision],
  ),
  word('takes', 'Takes', 'Type and format of the first input', ({ takes }) => typeText(takes)),
  word('gives', 'Gives', 'Type and format of the first output', ({ gives }) => typeText(gives)),
  figure(
    'bytes',
    'Moves',
    'Bytes of activations read and written',
    ({ activationBytes }) => activationBytes,
    sizeText,
  ),
  word('tactic', 'Tactic', 'The kernel that runs', ({ tactic }) => tactic ?? ''),
];

const large = (value: number): string =>
  value >= 1e9
    ? `${(value / 1e9).toPrecision(3)} G`
    : value >= 1e6
      ? `${(value / 1e6).toPrecision(3)} M`
      : value.toLocaleString('en', { maximumFractionDigits: 1 });

export const CONVOLUTION_COLUMNS: readonly ErrorColumn<Convolution>[] = [
  figure('index', '#', 'Place in the engine', ({ index }) => index),
  word('name', 'Name', 'What TensorRT calls the layer', ({ name }) => name, true),
  figure('time', 'Time', 'Time of one run', ({ timeUs }) => timeUs, timeText),
  word(
    'precision',
    'Runs in',
    'Type of its arithmetic',
    ({ precision }) => PRECISION_NAME[precision],
  ),
  word(
    'kernel',
    'Kernel',
    'Size of its window',
    ({ kernel, stride }) =>
      `${kernel.join('×')}${stride.every((step) => step === 1) ? '' : ` / ${String(stride[0])}`}`,
  ),
  word(
    'channels',
    'Channels',
    'In and out',
    ({ inputChannels, outputChannels }) => `${String(inputChannels)} → ${String(outputChannels)}`,
  ),
  figure('groups', 'Groups', 'Groups of channels', ({ gemm }) => gemm.groups),
  figure(
    'macs',
    'MAC',
    'Multiplications with addition of one inference',
    ({ macs }) => macs,
    large,
  ),
  figure('bytes', 'Bytes', 'Input, residual, output and weights', ({ bytes }) => bytes, sizeText),
  figure(
    'intensity',
    'MAC/B',
    'Arithmetic intensity: multiplications for each byte',
    ({ macsPerByte }) => macsPerByte,
    (value) => value.toFixed(1),
  ),
  figure(
    'speed',
    'GMAC/ms',
    'How fast it computes',
    ({ macsPerUs }) => macsPerUs,
    (value) => (value / 1e6).toPrecision(3),
  ),
  figure(
    'bandwidth',
    'GB/s',
    'How fast it moves bytes',
    ({ bytesPerUs }) => bytesPerUs,
    (value) => (value / 1e3).toPrecision(3),
  ),
  word(
    'cores',
    'Tensor cores',
    'As far as the name of the kernel tells',
    ({ tensorCores }) => tensorCores,
  ),
];

export const TACTIC_COLUMNS: readonly ErrorColumn<Tactic>[] = [
  word(
    'tactic',
    'Tactic',
    'The kernel, by name or number',
    ({ tactic }) => tactic ?? 'not said',
    true,
  ),
  figure('layers', 'Layers', 'Layers that run it', ({ layers }) => layers),
  figure('time', 'Time', 'Of all of them together', ({ timeUs }) => timeUs, timeText),
  figure(
    'share',
    'Share',
    'Part of the time of all layers',
    ({ timeShare }) => timeShare,
    shareText,
  ),
  word(
    'cores',
    'Tensor cores',
    'As far as the name of the kernel tells',
    ({ tensorCores }) => tensorCores,
  ),
];
