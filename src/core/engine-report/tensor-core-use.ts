export type TensorCoreUse = 'yes' | 'no' | 'unknown';

/**
 * Parts of kernel names that stand for tensor-core instructions: their names (imma, hmma, …), the shape of one instruction
 * (`tensor16x8x32`, `h1688`, `i16832`), and warp groups, which only Hopper's tensor cores work in.
 */
const TENSOR_CORES =
  /tensor\d+x\d+|warpgroup|(?:^|[_\W])[ihqbo]?g?mma(?:$|[_\W\d])|(?:^|_)[ihsqe](?:884|8816|1688|16816|16832|168128|168256)/i;
/** Parts that stand for other units: `simt`, kernels written for GPUs before tensor cores, depthwise and grouped ones. */
const OTHER_UNITS =
  /simt|depthwise|group[a-z]*dcrr|gemvx|(?:^|_)sm_?(?:30|35|50|52|53|60|61|62)_|[sf]fma|scudnn|sgemm|cudnn_generic/i;

/**
 * Whether a kernel computes on tensor cores, as far as its name tells: a tactic that the file gives by number alone, and a
 * family whose name says nothing, stay unknown.
 */
export function tensorCoreUse(tactic: string | null): TensorCoreUse {
  if (tactic === null || /^0x[0-9a-f]+$/i.test(tactic)) return 'unknown';
  // Generated kernels end in a hash, whose digits would match anything.
  const name = tactic.replace(/_0x[0-9a-f]+$/i, '');
  if (OTHER_UNITS.test(name)) return 'no';
  return TENSOR_CORES.test(name) ? 'yes' : 'unknown';
}
