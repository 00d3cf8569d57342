/** What an engine is built for: TensorRT version × compute capability × typing mode. */
export interface Target {
  /** `major.minor`, such as `10.6`. */
  readonly trt: string;
  /** Compute capability times ten: 75, 80, 86, 87, 89, 90, 100, 120. */
  readonly sm: number;
  readonly mode: BuildMode;
}

/** `best`: weakly typed, FP16 and INT8 allowed; `fp16`, `int8`: weakly typed; `strong`: strongly typed (10.0 on). */
export type BuildMode = 'best' | 'fp16' | 'int8' | 'strong';

/** The id of a target without its mode: `trt10.6-sm90`. */
export const targetId = (target: Target): string => `trt${target.trt}-sm${String(target.sm)}`;

/** Orders TensorRT versions by their numbers: negative when `a` is older than `b`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
