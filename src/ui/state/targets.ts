import type { BuildMode, Target } from '../../core/sim/target.ts';
import { targetId } from '../../core/sim/target.ts';

/** TensorRT versions that the page offers: one of each generation whose builder differs. */
export const TRT_VERSIONS: readonly string[] = ['8.6', '10.6', '11.2'];

export interface GpuChoice {
  /** Compute capability times ten. */
  readonly sm: number;
  readonly names: string;
}

/** GPUs by compute capability. Source: the table of CUDA-enabled GPUs on developer.nvidia.com/cuda-gpus. */
export const GPUS: readonly GpuChoice[] = [
  { sm: 75, names: 'T4, RTX 20' },
  { sm: 80, names: 'A100, A30' },
  { sm: 86, names: 'RTX 30, A10' },
  { sm: 87, names: 'Orin' },
  { sm: 89, names: 'RTX 40, L4, L40' },
  { sm: 90, names: 'H100, H200' },
  { sm: 100, names: 'B200' },
  { sm: 120, names: 'RTX 50' },
];

export interface ModeChoice {
  readonly mode: BuildMode;
  readonly label: string;
  readonly help: string;
}

const MODES: readonly ModeChoice[] = [
  { mode: 'best', label: 'best', help: 'weakly typed, FP16 and INT8 allowed (trtexec --best)' },
  { mode: 'fp16', label: 'fp16', help: 'weakly typed, FP16 allowed (trtexec --fp16)' },
  { mode: 'int8', label: 'int8', help: 'weakly typed, INT8 allowed (trtexec --int8)' },
  { mode: 'strong', label: 'strong', help: 'types as the model says (trtexec --stronglyTyped)' },
];

export const DEFAULT_TARGET: Target = { trt: '10.6', sm: 90, mode: 'best' };

const major = (trt: string): number => Number(trt.split('.')[0]);

/** Strong typing came with TensorRT 10; from 11 on it is the only way. */
export const modesOf = (trt: string): readonly ModeChoice[] =>
  MODES.filter(({ mode }) => {
    if (major(trt) >= 11) return mode === 'strong';
    return mode !== 'strong' || major(trt) >= 10;
  });

/** The target with its mode replaced by the nearest one that its TensorRT version has. */
export function withValidMode(target: Target): Target {
  const modes = modesOf(target.trt);
  if (modes.some(({ mode }) => mode === target.mode)) return target;
  return { ...target, mode: modes[0]?.mode ?? 'best' };
}

/** `9.0` for 90, `12.0` for 120. */
export const capabilityText = (sm: number): string => (sm / 10).toFixed(1);

/** The short form that the command line takes, with the mode: `trt10.6-sm90 best`. */
export const engineText = (target: Target): string => `${targetId(target)} ${target.mode}`;
