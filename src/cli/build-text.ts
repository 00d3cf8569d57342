import type { BuildManifest } from '../core/engine/build-manifest.ts';
import { printable, truncateMiddle } from './plain-text.ts';
import type { Terminal } from './terminal.ts';
import type { FoundTensorrt } from './trt/backend.ts';
import type { BatchRow } from './trt/build-batch.ts';
import type { Agreement } from './trt/layer-counts.ts';

const SHORTEST_NAME = 12;
const MEGABYTE = 1024 * 1024;

/** `TensorRT 10.6.0 (Python, python3) on NVIDIA H100 80GB HBM3, compute capability 9.0, driver 550.54.15`. */
export function foundText(
  { backend, program, trtVersion, gpu }: FoundTensorrt,
  host: string | null,
): string {
  const how = backend === 'python' ? `Python's tensorrt, ${program}` : program;
  const where = host === null ? '' : ` on ${host}`;
  return printable(
    `TensorRT ${trtVersion ?? 'of unknown version'} (${how})${where}${gpuText(gpu)}`,
  );
}

function gpuText(gpu: BuildManifest['gpu']): string {
  if (gpu === null) return '';
  const parts = [
    gpu.name,
    gpu.sm === null ? undefined : `compute capability ${(gpu.sm / 10).toFixed(1)}`,
    gpu.memoryBytes === null ? undefined : `${(gpu.memoryBytes / MEGABYTE / 1024).toFixed(0)} GB`,
    gpu.driver === null ? undefined : `driver ${gpu.driver}`,
  ];
  return `, ${parts.filter((part) => part !== undefined).join(', ')}`;
}

const COLOURS: Readonly<Record<string, string>> = {
  built: '32',
  refused: '31',
  failed: '31',
  'timed-out': '33',
};

/** What became of a batch, a line for each model. */
export function batchTable(
  rows: readonly BatchRow[],
  style: Pick<Terminal, 'columns' | 'colour'>,
): string {
  const table = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, i) => Math.max(...table.map((cells) => (cells[i] ?? '').length)));
  const behind = widths.slice(1).reduce((sum, width) => sum + width + 2, 0);
  const names = Math.max(SHORTEST_NAME, Math.min(widths[0] ?? 0, style.columns - behind));
  return table
    .map((cells, i) => {
      const [name = '', ...figures] = cells;
      const line = [
        truncateMiddle(name, names).padEnd(names),
        ...figures.map((cell, k) =>
          k === figures.length - 1 ? cell : cell.padStart(widths[k + 1] ?? 0),
        ),
      ].join('  ');
      const colour = i === 0 ? '2' : COLOURS[figures.at(-1)?.split(' ')[0] ?? ''];
      return style.colour && colour !== undefined
        ? `\u001b[${colour}m${line}\u001b[0m\n`
        : `${line}\n`;
    })
    .join('');
}

const HEAD: readonly string[] = [
  'model',
  'mode',
  'layers',
  'INT8',
  'median',
  'build',
  'engine',
  'agrees',
  'outcome',
];

function cellsOf({
  path,
  manifest,
  counts,
  agreement,
  kept,
  problem,
}: BatchRow): readonly string[] {
  const latency = manifest?.latency;
  const outcome = manifest?.outcome ?? 'failed';
  return [
    printable(manifest?.model.name ?? path),
    manifest?.mode ?? '–',
    counts === undefined ? '–' : String(counts.layers),
    counts === undefined ? '–' : String(counts.int8),
    latency ? `${(latency.computeMedianUs / 1000).toFixed(3)} ms` : '–',
    figure(manifest?.buildSeconds, 1, 's'),
    figure(manifest?.engineBytes, MEGABYTE, 'MB'),
    agreement ? agreementText(agreement) : '–',
    kept
      ? `${outcome} before`
      : problem
        ? `${outcome} (${problem.code.replace(/^\w+\//, '')})`
        : outcome,
  ];
}

const figure = (value: number | null | undefined, unit: number, name: string): string =>
  value === null || value === undefined ? '–' : `${(value / unit).toFixed(1)} ${name}`;

/** Of layers and of types; one figure where they are the same. */
function agreementText({ layers, precision }: Agreement): string {
  const [first, second] = [layers, precision].map((share) => String(Math.floor(100 * share)));
  return first === second ? `${String(first)} %` : `${String(first)}/${String(second)} %`;
}
