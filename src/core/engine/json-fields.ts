/** An object out of JSON whose fields are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The objects among the elements; nothing where there is no list. */
export const objectsOf = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

export const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** A finite number, also one that was written as text; TensorRT writes sizes as either. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** The numbers of a list; a single number counts as a list of one. */
export const numbersOf = (value: unknown): readonly number[] =>
  (Array.isArray(value) ? value : [value]).map(numberOf).filter((number) => number !== null);
