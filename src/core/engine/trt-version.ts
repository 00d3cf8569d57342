/** `8601` → `8.6.1`, `100600` → `10.6.0`, as trtexec and TensorRT's header write their versions in one number. */
export function versionOfNumber(digits: string): string | null {
  const number = Number(digits);
  if (!Number.isInteger(number) || number < 1000) return null;
  const [majorUnit, minorUnit] = number < 10_000 ? [1000, 100] : [10_000, 100];
  const major = Math.floor(number / majorUnit);
  const minor = Math.floor((number % majorUnit) / minorUnit);
  return [major, minor, number % minorUnit].join('.');
}

/** The first `major.minor.patch` in a text; null without one. */
export const versionInText = (text: string): string | null =>
  /\b(\d+\.\d+(?:\.\d+)?)(?:\.\d+)*\b/.exec(text)?.[1] ?? null;
