/** Throws when our own reasoning is wrong. Never used for bad input: that is a `Diagnostic`. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`internal error: ${message}`);
}

/** Makes the compiler prove that a switch is exhaustive. */
export function assertNever(value: never): never {
  throw new Error(`internal error: unexpected ${String(value)}`);
}
