import { compareVersions } from '../../core/sim/target.ts';
import { modeNotBuilt, notWithBackend } from '../build-diagnostics.ts';
import { Refusal } from '../command.ts';
import type { BuildSettings, Output } from './backend.ts';
import type { ShapeRange, ShapeRanges } from './shape-ranges.ts';

/** What trtexec is asked for. */
export interface TrtexecRequest {
  readonly model: string;
  readonly timingCache: string;
  readonly outputs: Readonly<Record<Output, string>>;
  readonly settings: BuildSettings;
}

const WARM_UP_MS = 300;

/**
 * The options of a trtexec of `version` that build and time a model in one call. Source: the option parsers of trtexec 8.0, 8.2, 8.4,
 * 8.6, 10 and 11 (samples/common/sampleOptions.cpp of TensorRT's open source). Throws a `Refusal` for what this version cannot do,
 * or what its option syntax cannot say.
 */
export function trtexecOptions(
  { model, timingCache, outputs, settings }: TrtexecRequest,
  version: string,
): readonly string[] {
  const since = (other: string): boolean => compareVersions(version, other) >= 0;
  return [
    `--onnx=${model}`,
    ...(settings.keepEngine ? [`--saveEngine=${outputs.engine}`] : []),
    ...modeOptions(settings.mode, version, since),
    ...shapeOptions(settings.shapes),
    ...workspaceOptions(settings.workspaceMb, since),
    ...tacticOptions(settings.maxTactics, version, since),
    `--timingCacheFile=${timingCache}`,
    since('8.4') ? '--profilingVerbosity=detailed' : '--nvtxMode=verbose',
    '--verbose',
    // The inspector came with 8.2.
    ...(since('8.2') ? [`--exportLayerInfo=${outputs.layers}`] : []),
    `--exportProfile=${outputs.profile}`,
    `--exportTimes=${outputs.times}`,
    // From 11.0 on these are what it does anyway, and the options do nothing but warn.
    ...(since('11.0')
      ? []
      : ['--separateProfileRun', '--useCudaGraph', '--noDataTransfers', '--useSpinWait']),
    `--warmUp=${String(WARM_UP_MS)}`,
    '--duration=0',
    `--iterations=${String(settings.runs)}`,
  ];
}

type Since = (version: string) => boolean;

function modeOptions(
  mode: BuildSettings['mode'],
  version: string,
  since: Since,
): readonly string[] {
  if (mode === 'strong') {
    if (!since('10.0')) throw new Refusal(modeNotBuilt(mode, version));
    return since('11.0') ? [] : ['--stronglyTyped'];
  }
  if (since('11.0')) throw new Refusal(modeNotBuilt(mode, version));
  // From 9 on --best allows BF16 as well, which is another engine than the one that best stands for.
  if (mode === 'best') return since('9.0') ? ['--fp16', '--int8'] : ['--best'];
  return [`--${mode}`];
}

function workspaceOptions(megabytes: number | null, since: Since): readonly string[] {
  if (megabytes === null) return [];
  return [
    since('8.4')
      ? `--memPoolSize=workspace:${String(megabytes)}`
      : `--workspace=${String(megabytes)}`,
  ];
}

function tacticOptions(most: number | null, version: string, since: Since): readonly string[] {
  if (most === null) return [];
  if (since('10.6')) return [`--maxTactics=${String(most)}`];
  const why = `TensorRT ${version} times all kernels`;
  throw new Refusal(
    notWithBackend('--max-tactics', why, 'Leave it out, or use TensorRT 10.6 or newer.'),
  );
}

function shapeOptions(shapes: ShapeRanges): readonly string[] {
  const ranges = Object.entries(shapes);
  if (ranges.length === 0) return [];
  // trtexec splits at commas and drops quotation marks, also inside of names.
  const odd = ranges.find(([name]) => /[,']/.test(name));
  if (odd)
    throw new Refusal(
      notWithBackend(
        `The name ${odd[0]}`,
        'trtexec splits its options at commas and drops quotation marks',
        'Use --backend python, or rename the input.',
      ),
    );
  const listed = (which: 0 | 1 | 2): string =>
    ranges.map(([name, range]) => `${name}:${dimsText(range, which)}`).join(',');
  return [
    `--minShapes=${listed(0)}`,
    `--optShapes=${listed(1)}`,
    `--maxShapes=${listed(2)}`,
    `--shapes=${listed(1)}`,
  ];
}

const dimsText = (range: ShapeRange, which: 0 | 1 | 2): string =>
  range[which].length === 0 ? 'scalar' : range[which].join('x');
