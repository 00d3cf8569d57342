import type { BackendFacts, CompanionStatus } from '../../api/companion-api.ts';
import type { ModelSummary } from '../../api/analyze-api.ts';
import type { BuildMode, Target } from '../../core/sim/target.ts';
import type { BuildWish } from './companion-state.ts';
import { GPUS, TRT_VERSIONS, withValidMode } from './targets.ts';
import { dynamicDims } from './validation-wish.ts';

/** What builds: the first that can. */
export const builderOf = ({ backends }: CompanionStatus): BackendFacts | undefined =>
  backends.find(({ problem }) => problem === null);

/** `10.6` of `10.6.0`. */
const release = (version: string): string => version.split('.').slice(0, 2).join('.');

const asNumber = (version: string): number => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 100 + minor;
};

/** The mode to build in: what was chosen, else that of the target, as far as the TensorRT that builds has it. */
export function modeOfWish(
  { mode }: BuildWish,
  target: Target,
  status: CompanionStatus,
): BuildMode {
  const trt = builderOf(status)?.trtVersion ?? null;
  const wished = { ...target, mode: mode ?? target.mode };
  return withValidMode(trt === null ? wished : { ...wished, trt: release(trt) }).mode;
}

/**
 * What to predict for so that the prediction is for the machine that builds, as near as the page knows it; null where it is
 * already, or where the machine is not known.
 */
export function targetOfMachine(target: Target, status: CompanionStatus): Partial<Target> | null {
  const version = builderOf(status)?.trtVersion ?? null;
  const below = TRT_VERSIONS.filter((trt) => asNumber(trt) <= asNumber(version ?? ''));
  const trt = version === null ? target.trt : (below.at(-1) ?? TRT_VERSIONS[0] ?? target.trt);
  const capability = status.gpu?.sm ?? target.sm;
  const sm = GPUS.filter((gpu) => gpu.sm <= capability).at(-1)?.sm ?? target.sm;
  return trt === target.trt && sm === target.sm ? null : { trt, sm };
}

/** What still keeps a build from being started, in words; empty where nothing does. */
export function buildObstacle(wish: BuildWish, summary: ModelSummary | null): string {
  if (summary === null) return 'Open a model first.';
  const open = dynamicDims(summary).filter((dim) => !wish.dims[dim]);
  return open.length === 0 ? '' : `Give a size to ${open.join(', ')}.`;
}

/** Dimensions of the inputs that have dynamic ones. */
export function shapesOfWish(
  { dims }: BuildWish,
  { inputs }: ModelSummary,
): Readonly<Record<string, readonly number[]>> {
  const dynamic = inputs.filter(({ shape = [] }) => shape.some((dim) => typeof dim === 'string'));
  return Object.fromEntries(
    dynamic.map(({ name, shape = [] }) => [
      name,
      shape.map((dim) => (typeof dim === 'number' ? dim : (dims[dim] ?? 1))),
    ]),
  );
}

/** A name for the model that every system takes: what it is called here, as far as that goes. */
export function safeModelName(fileName: string): string {
  const stem = fileName
    .replace(/\.onnx$/i, '')
    .replace(/[^\w.()+@=-]+/g, '_')
    .replace(/^[.-]+|\.+$/g, '');
  const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(stem);
  return `${device || stem === '' ? `model_${stem}` : stem.slice(0, 120)}.onnx`;
}
