/** A JSON schema (draft 7) as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema of what a value of type `T` becomes in JSON; the compiler holds the two together. */
export interface Schema<T> {
  readonly json: JsonSchema;
  /** Never there: it keeps schemas of different types apart. */
  readonly type?: (value: T) => T;
}

/** A field that may be left out. */
interface Optional<T> {
  readonly optional: Schema<T>;
}

/** Whether field `K` of `T` may be left out. */
type IsOptional<T, K extends keyof T> = T extends Record<K, T[K]> ? false : true;

/** A schema for each field of `T`: none may be missing, and none be too many. */
type Fields<T> = {
  readonly [K in keyof T]-?: IsOptional<T, K> extends true
    ? Optional<Exclude<T[K], undefined>>
    : Schema<T[K]>;
};

export const text: Schema<string> = { json: { type: 'string' } };
export const flag: Schema<boolean> = { json: { type: 'boolean' } };
export const integer: Schema<number> = { json: { type: 'integer' } };
export const number: Schema<number> = { json: { type: 'number' } };
/** A number that may be infinite or undefined, which JSON can say only as null. */
export const numberOrNull: Schema<number> = { json: { type: ['number', 'null'] } };
/** A number that may be infinite or undefined, where the writer puts that as a string. */
export const numberOrWord: Schema<number> = {
  json: { anyOf: [{ type: 'number' }, { enum: ['Infinity', '-Infinity', 'NaN'] }] },
};

/** Text of which the compiler knows more than is worth telling: names from long lists. */
export const textOf = <T extends string>(): Schema<T> => ({ json: { type: 'string' } });

/** One of some words: an object, so that the compiler misses none. */
export const oneOf = <T extends string>(words: Readonly<Record<T, true>>): Schema<T> => ({
  json: { enum: Object.keys(words) },
});

/** Exactly this. */
export const constant = <T extends string | number>(value: T): Schema<T> => ({
  json: { const: value },
});

export const list = <T>({ json }: Schema<T>): Schema<readonly T[]> => ({
  json: { type: 'array', items: json },
});

/** An object whose keys are names from the model. */
export const byName = <T>({ json }: Schema<T>): Schema<Readonly<Record<string, T>>> => ({
  json: { type: 'object', additionalProperties: json },
});

export const orNull = <T>({ json }: Schema<T>): Schema<T | null> => ({
  json: { anyOf: [json, { type: 'null' }] },
});

/** One of several shapes. */
export const anyOf = <T>(...shapes: readonly { readonly json: JsonSchema }[]): Schema<T> => ({
  json: { anyOf: shapes.map(({ json }) => json) },
});

export const optional = <T>(schema: Schema<T>): Optional<T> => ({ optional: schema });

/** The same with a sentence about it. */
export const about = <T>(description: string, { json }: Schema<T>): Schema<T> => ({
  json: { description, ...json },
});

/** An object with these fields. Later versions may add fields, so that others are allowed. */
export function object<T>(fields: Fields<NoInfer<T>>): Schema<T> {
  const all = Object.entries(
    fields as Readonly<Record<string, Schema<unknown> | Optional<unknown>>>,
  );
  return {
    json: {
      type: 'object',
      properties: Object.fromEntries(
        all.map(([name, field]) => [name, ('optional' in field ? field.optional : field).json]),
      ),
      required: all.filter(([, field]) => !('optional' in field)).map(([name]) => name),
    },
  };
}
