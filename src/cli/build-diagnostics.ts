import type { Diagnostic } from '../core/base/diagnostic.ts';

/*
 * The sentences of `build`: what keeps TensorRT from building, and what to do about it. Reasons in TensorRT's, the driver's or the
 * system's own words are handed in.
 */

const problem = (code: string, message: string, advice: string): Diagnostic => ({
  code: `build/${code}`,
  severity: 'error',
  message,
  advice,
});

const withoutStop = (text: string): string => text.trim().replace(/[.\s]+$/, '');

/** The same name for two models of one call, or for one named twice. */
export const sameArtefacts = (first: string, second: string, stem: string): Diagnostic =>
  problem(
    'same-artefacts',
    `${first} and ${second} would both write ${stem}.*.`,
    'Build them into two folders, or rename one.',
  );

/** A model without dimensions, or a name in `--shapes` that is none. */
export const shapesNeeded = (reason: string): Diagnostic =>
  problem(
    'shapes',
    `Shapes: ${withoutStop(reason)}.`,
    'Give each dynamic input with --shapes, such as input=1x3x224x224, or min:opt:max as input=1x3x224x224:8x3x224x224:16x3x224x224.',
  );

/** A mode that this TensorRT does not have. */
export const modeNotBuilt = (mode: string, version: string): Diagnostic =>
  problem(
    'mode',
    `TensorRT ${version} does not build with --mode ${mode}.`,
    mode === 'strong'
      ? 'Strong typing came with TensorRT 10.0: use a newer TensorRT, or --mode best.'
      : 'TensorRT 11 took weak typing away: the types stand in the model alone. Use --mode strong, with Q/DQ and casts where INT8 and FP16 are wanted, or a TensorRT before 11.',
  );

/** TensorRT said no. */
export const refusedByTensorrt = (reason: string): Diagnostic =>
  problem(
    'refused',
    `TensorRT refuses the model: ${withoutStop(reason)}.`,
    'The build log holds all of it; qdq-lab lint says what it knows about such models.',
  );

/** The builder's process ended in a way that says nothing more. */
export const builderDied = (how: string, tail: string): Diagnostic =>
  problem(
    'builder-died',
    `The builder ended with ${how}${tail === '' ? '' : `: ${withoutStop(tail)}`}.`,
    'The end of the build log shows where; a newer TensorRT or driver may not do it.',
  );

/** Killed by the system, which on Linux means memory almost always. */
export const outOfHostMemory = (): Diagnostic =>
  problem(
    'host-memory',
    'The builder was killed by the system, as it is when the memory of the machine is used up.',
    'Close other programs, add swap, lower --workspace, or build with --host on a larger machine.',
  );

export const outOfGpuMemory = (reason: string): Diagnostic =>
  problem(
    'gpu-memory',
    `The memory of the GPU does not suffice: ${withoutStop(reason)}.`,
    'Close other programs on the GPU (nvidia-smi lists them), lower --workspace, or give smaller --shapes.',
  );

export const diskFull = (reason: string): Diagnostic =>
  problem(
    'disk-full',
    `No space is left where files are written: ${withoutStop(reason)}.`,
    'Free some space, choose another folder with --out, or leave the engines out with --no-engine.',
  );

export const noGpu = (reason: string): Diagnostic =>
  problem(
    'no-gpu',
    `No NVIDIA GPU is to be seen: ${withoutStop(reason)}.`,
    'Check nvidia-smi and CUDA_VISIBLE_DEVICES; in a container, start it with --gpus all. qdq-lab predict needs no GPU, --host uses that of another machine.',
  );

export const noDriver = (reason: string): Diagnostic =>
  problem(
    'no-driver',
    `The driver of NVIDIA is not installed: ${withoutStop(reason)}.`,
    'Install it; in a container, start it with --gpus all. qdq-lab predict needs no GPU, --host uses that of another machine.',
  );

export const driverTooOld = (reason: string): Diagnostic =>
  problem(
    'driver-too-old',
    `The driver is too old for this TensorRT: ${withoutStop(reason)}.`,
    "Install a newer driver, or a TensorRT made for the driver's CUDA version (nvidia-smi shows it).",
  );

export const cudaFailed = (reason: string): Diagnostic =>
  problem(
    'cuda',
    `The GPU does not work: ${withoutStop(reason)}.`,
    'Check nvidia-smi; after an error of a GPU only a new start of the driver or machine may help.',
  );

export const libraryMissing = (reason: string): Diagnostic =>
  problem(
    'library-missing',
    `A library of TensorRT cannot be loaded: ${withoutStop(reason)}.`,
    'Set LD_LIBRARY_PATH to the folder with libnvinfer, or install the TensorRT that fits.',
  );

/** Neither trtexec nor Python's package. `tried` says what was looked for. */
export const noTensorrt = (tried: readonly string[]): Diagnostic =>
  problem(
    'no-tensorrt',
    `No TensorRT was found: ${tried.map(withoutStop).join('; ')}.`,
    'Name trtexec with --trtexec or the environment variable TRTEXEC, or a Python that has the package tensorrt with --python; --dry-run shows the commands without it.',
  );

/** A backend that was asked for and does not answer. */
export const backendUnusable = (program: string, reason: string): Diagnostic =>
  problem(
    'backend-unusable',
    `${program} cannot be used: ${withoutStop(reason)}.`,
    'Check its path, or let another be looked for by leaving the option out.',
  );

/** An option that this backend or version cannot take. */
export const notWithBackend = (what: string, why: string, advice: string): Diagnostic =>
  problem('not-with-backend', `${what} cannot be passed on: ${withoutStop(why)}.`, advice);

export const timedOut = (seconds: number, step: string): Diagnostic =>
  problem(
    'timed-out',
    `Stopped after ${String(seconds)} s, while ${step}.`,
    'Allow more with --timeout, or let fewer kernels be timed with --max-tactics; the timing cache makes a second try faster.',
  );

export const buildCancelled = (): Diagnostic =>
  problem('cancelled', 'Cancelled.', 'qdq-lab build --resume goes on where it was stopped.');

/** Files that cannot be read or written beside the build. */
export const fileTrouble = (reason: string): Diagnostic =>
  problem('file', `A file cannot be read or written: ${withoutStop(reason)}.`, 'Check the path.');

/** A host that ssh must not be given, or that does not answer. */
export const hostInvalid = (host: string): Diagnostic =>
  problem(
    'host-invalid',
    `"${host}" is no host.`,
    'Write it as user@box or box; other settings of ssh belong into its own configuration.',
  );

export const hostUnreachable = (host: string, reason: string): Diagnostic =>
  problem(
    'host-unreachable',
    `${host} cannot be used: ${withoutStop(reason)}.`,
    `Check that ssh ${host} logs in without questions and that python3 is there.`,
  );

/** A prediction that could not be made for what was really there. */
export const notPredicted = (reason: string): Diagnostic => ({
  ...problem(
    'not-predicted',
    `No prediction beside the engine: ${withoutStop(reason)}.`,
    'Name a target with --target.',
  ),
  severity: 'warning',
});
