/** How much a diagnostic matters: `error` stops the work, `warning` and `info` do not. */
export type Severity = 'error' | 'warning' | 'info';

/** Where in a model, file or argument list a diagnostic points. All fields are names as the user knows them. */
export interface Place {
  readonly file?: string;
  /** Byte offset in `file`. */
  readonly offset?: number;
  readonly node?: string;
  readonly value?: string;
  readonly attribute?: string;
}

/**
 * What is wrong, where, and what to do about it. Made only by the factories in `diagnostics.ts`, so that every
 * sentence stands in one place and every `code` is known.
 */
export interface Diagnostic {
  /** Stable id such as `onnx/truncated`. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence that says what is wrong. */
  readonly message: string;
  /** One sentence that says what to do next. */
  readonly advice: string;
  readonly place?: Place;
  readonly url?: string;
}
