import type { ModelId, Progress } from '../../api/analyze-api.ts';
import type { PresetName } from '../../api/numbers-api.ts';
import type { ValidationReport } from '../../api/validate-api.ts';
import type { Diagnostic } from '../../core/base/diagnostic.ts';

/** What to validate, and on which data, as the dialog asks for it. */
export interface ValidationWish {
  /** Compare the model on show with the one that was opened. */
  readonly equivalence: boolean;
  /** Compare it with itself without Q/DQ. */
  readonly float: boolean;
  /** Follow the arithmetic of the predicted engine; null as is usual, which is where that has layers in INT8. */
  readonly engine: boolean | null;
  /** Images, arrays or bare numbers; without any, random numbers are taken. */
  readonly files: readonly File[];
  readonly preset: PresetName;
  /** Of random numbers. */
  readonly samples: number;
  readonly seed: number;
  readonly distribution: 'normal' | 'uniform';
  /** Ranges of random numbers by input, as typed: `0:1`; empty for the usual ones. */
  readonly ranges: Readonly<Record<string, string>>;
  /** Sizes of dynamic dimensions by name; 0 while none is given. */
  readonly dims: Readonly<Record<string, number>>;
  /** Least SQNR of every output in dB; null asks for none. */
  readonly leastDb: number | null;
}

/** A report and the model that it is about. */
export interface ShownReport {
  readonly report: ValidationReport;
  readonly of: ModelId;
}

/** The lists of the panel. */
export const VALIDATION_LISTS = ['tensors', 'layers', 'quantizers', 'engine'] as const;
export type ValidationList = (typeof VALIDATION_LISTS)[number];

/** All that the page knows about what rewrites did to the numbers. */
export interface ValidationState {
  /** What the dialog holds; null while it is closed. */
  readonly wish: ValidationWish | null;
  /** What the run under way is at; null while there is none. */
  readonly job: Progress | null;
  readonly shown: ShownReport | null;
  /** Why the last run gave no report. */
  readonly problem: Diagnostic | null;
  readonly list: ValidationList;
  /** The tensor, layer, quantizer or tensor of the engine whose details are shown. */
  readonly chosen: string | null;
  /** The graphs are coloured by error in the place of precision. */
  readonly painted: boolean;
}

export const INITIAL_VALIDATION: ValidationState = {
  wish: null,
  job: null,
  shown: null,
  problem: null,
  list: 'tensors',
  chosen: null,
  painted: false,
};

/** What the dialog holds when it is opened first. */
export const USUAL_VALIDATION: ValidationWish = {
  equivalence: true,
  float: true,
  engine: null,
  files: [],
  preset: 'imagenet',
  samples: 4,
  seed: 1,
  distribution: 'normal',
  ranges: {},
  dims: {},
  leastDb: null,
};
