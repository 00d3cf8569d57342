import { modeNotInVersion, unknownTarget, versionTooOld } from '../base/diagnostics.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { BuildMode, Target } from './target.ts';

/** TensorRT versions whose behaviour the rules tell apart, oldest first. */
export const KNOWN_VERSIONS = [
  '8.0',
  '8.2',
  '8.4',
  '8.5',
  '8.6',
  '10.0',
  '10.6',
  '10.16',
  '11.0',
  '11.2',
] as const;

/** Compute capability times ten of GPUs by the names that people use. Source: NVIDIA's list of CUDA GPUs. */
const GPUS: Readonly<Record<string, number>> = {
  t4: 75,
  rtx2080: 75,
  rtx2080ti: 75,
  a100: 80,
  a30: 80,
  a10: 86,
  a40: 86,
  rtx3060: 86,
  rtx3070: 86,
  rtx3080: 86,
  rtx3090: 86,
  rtxa6000: 86,
  orin: 87,
  l4: 89,
  l40: 89,
  l40s: 89,
  rtx4080: 89,
  rtx4090: 89,
  h100: 90,
  h200: 90,
  gh200: 90,
  b100: 100,
  b200: 100,
  gb200: 100,
  rtx5080: 120,
  rtx5090: 120,
};

/** Compute capabilities that a target may name. */
export const KNOWN_SMS = [75, 80, 86, 87, 89, 90, 100, 120] as const;

/** Where no target is asked for. */
export const DEFAULT_TARGET = 'trt10.6-sm90';

/**
 * The target that `text` names: `trt10.6-sm90`, also with a patch version or the name of a GPU (`trt10.6.0-h100`). An
 * unknown version takes the nearest known one below (see `takenVersionRemark`). Without `mode` it is `best`, or `strong`
 * from 11.0 on, which has nothing else. Fails on names that say nothing, versions below 8.0, and modes that the version
 * does not have.
 */
export function parseTarget(text: string, mode?: BuildMode): Result<Target> {
  const match = /^trt(\d{1,3})\.(\d{1,3})(?:\.\d+)*-(sm\d+|[a-z0-9]+)$/.exec(text.toLowerCase());
  const [, major = '', minor = '', gpu = ''] = match ?? [];
  const sm = /^sm\d+$/.test(gpu) ? Number(gpu.slice(2)) : GPUS[gpu];
  if (!match || sm === undefined || !KNOWN_SMS.some((known) => known === sm))
    return fail(unknownTarget(text, KNOWN_SMS));
  const trt = nearestBelow(Number(major), Number(minor));
  if (trt === undefined) return fail(versionTooOld(text, KNOWN_VERSIONS[0]));
  const strongOnly = Number(major) >= 11;
  const chosen = mode ?? (strongOnly ? 'strong' : 'best');
  if (strongOnly && chosen !== 'strong') return fail(modeNotInVersion(chosen, trt, ['strong']));
  if (Number(major) < 10 && chosen === 'strong')
    return fail(modeNotInVersion(chosen, trt, ['best', 'fp16', 'int8']));
  return ok({ trt, sm, mode: chosen });
}

/** Says that `target` stands in for the version that `text` asked for; undefined where it is that version. */
export function takenVersionRemark(text: string, target: Target): string | undefined {
  const asked = /^trt(\d+\.\d+)/.exec(text.toLowerCase())?.[1];
  return asked === undefined || asked === target.trt
    ? undefined
    : `TensorRT ${asked} is not known; ${target.trt}, the nearest known version below, is taken.`;
}

function nearestBelow(major: number, minor: number): string | undefined {
  return KNOWN_VERSIONS.findLast((version) => {
    const [knownMajor = 0, knownMinor = 0] = version.split('.').map(Number);
    return knownMajor < major || (knownMajor === major && knownMinor <= minor);
  });
}
