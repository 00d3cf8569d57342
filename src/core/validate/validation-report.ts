import type { Diagnostic } from '../base/diagnostic.ts';
import type { DataType } from '../ir/data-type.ts';
import type { Numerics } from '../passes/rewrite-pass.ts';
import type { EngineArithmeticReport } from './engine-arithmetic/engine-arithmetic-report.ts';

/*
 * What validation finds, as cloneable data: the page shows it, `report-csv.ts`, `report-html.ts` and `report-json.ts` write it
 * to files. Errors are in the unit of the tensor, SQNR in dB, shares from 0 to 1. Numbers may be Infinity (nothing differs)
 * or -Infinity (one side is broken).
 */

/** Raised whenever a field changes its meaning or goes. */
export const REPORT_VERSION = 1;

/** How far a tensor is from its reference, over all batches. Numbers that are NaN or infinite on either side are left out. */
export interface TensorError {
  /** Numbers that were compared. */
  readonly count: number;
  /** Numbers whose bits differ, NaN against NaN aside: 0 is bit-exact. Those of `nonFinite` are among them. */
  readonly unequal: number;
  /** Numbers that are NaN or infinite, and not the same on the other side. */
  readonly nonFinite: number;
  readonly maxAbsError: number;
  readonly meanAbsError: number;
  /** √(Σ (b - a)² / Σ a²). */
  readonly relativeError: number;
  /** Greatest |b - a| / max(|a|, floor), where the floor is 1/1024 of the largest |a| of the batch. */
  readonly maxRelativeError: number;
  /** Σ a b / √(Σ a² Σ b²); 1 for zeros on both sides, 0 for zeros on one. */
  readonly cosine: number;
  /** 10 log10(Σ a² / Σ (b - a)²). */
  readonly sqnrDb: number;
  /** √(Σ a² / count): how large the tensor is. */
  readonly rootMeanSquare: number;
  /** One step of the quantizer that reads the tensor, else of that which made it; absent where there is none with one scale. */
  readonly step?: number;
  /** Share of the numbers that are off by more than `step`. */
  readonly beyondStep?: number;
}

/** What the passes that were applied promise about a tensor. */
export type TensorContract =
  /** Nothing that it depends on was changed. */
  | 'untouched'
  /** Only bit-exact passes are upstream, and the promise is for outputs: in between a quantizer may have moved over it. */
  | 'moved'
  | Numerics
  /** No passes are known. */
  | 'none';

/** One tensor that both models have. */
export interface TensorComparison {
  readonly tensor: string;
  readonly isOutput: boolean;
  /** The node of A that makes it, and its operator. */
  readonly node: string;
  readonly opType: string;
  /** Place in the topological order of A, from 0. */
  readonly order: number;
  readonly dataType: DataType;
  readonly contract: TensorContract;
  readonly error: TensorError;
}

/** A tensor that cannot be compared: who lacks it, or how the two differ. */
export interface IncomparableTensor {
  readonly tensor: string;
  readonly isOutput: boolean;
  readonly reason: 'missing-before' | 'missing-after' | 'type' | 'dims' | 'not-runnable';
  /** Type or dimensions as text, where that is the reason. */
  readonly before?: string;
  readonly after?: string;
}

/** How numbers are spread: `counts[i]` of them lie in the i-th of equal bins from -`limit` to `limit`. */
export interface TensorHistogram {
  readonly limit: number;
  readonly counts: readonly number[];
}

/** The quantizer of a tensor, to be drawn over its histogram. */
export interface QuantizerRange {
  readonly node: string;
  readonly scale: number;
  readonly zeroPoint: number;
  readonly quantizedType: DataType;
  /** The smallest and the largest number that it gives. */
  readonly lowest: number;
  readonly highest: number;
}

/** What a picture of one tensor needs. The two histograms have the same limit and number of bins. */
export interface TensorDetail {
  readonly tensor: string;
  readonly before: TensorHistogram;
  readonly after: TensorHistogram;
  readonly quantizer?: QuantizerRange;
  /** Pairs (a, b), drawn evenly from all numbers of all batches: a0, b0, a1, b1 …; at most 2,000 pairs. */
  readonly scatter: Float32Array;
}

/** What was run. */
export interface RunFacts {
  readonly batches: number;
  /** Groups of tensors; the data was walked once for each. */
  readonly groups: number;
}

/** A pass that was applied, and how often. */
export interface AppliedPass {
  readonly passId: string;
  readonly numerics: Numerics;
  readonly changes: number;
}

/** A promise of passes that the numbers do not keep. */
export interface ContractBreach {
  /** The output, or a tensor that nothing should have changed. */
  readonly tensor: string;
  readonly contract: TensorContract;
  /** The passes that changed something upstream of it; empty where none did. */
  readonly passes: readonly string[];
  readonly unequal: number;
  readonly maxAbsError: number;
}

/** Equivalence of a rewrite: A before, B after. */
export interface EquivalenceReport extends RunFacts {
  /** In the topological order of A. */
  readonly tensors: readonly TensorComparison[];
  readonly incomparable: readonly IncomparableTensor[];
  /** The first tensor in the order of A whose bits differ; absent where none does. */
  readonly firstApart?: string;
  readonly passes: readonly AppliedPass[];
  readonly breaches: readonly ContractBreach[];
  readonly details: readonly TensorDetail[];
}

/** One layer of B against the same layer in the model without Q/DQ. */
export interface LayerError {
  readonly node: string;
  readonly opType: string;
  /** The value that is compared. */
  readonly output: string;
  readonly order: number;
  /** As B computes it, errors of all layers before included. */
  readonly accumulated: TensorError;
  /** The layer with its quantizers, fed with the float model's numbers; absent where it cannot be cut out. */
  readonly local?: TensorError;
}

/** A scale that would serve a tensor better. */
export interface BetterScale {
  readonly scale: number;
  /** Decibels of SQNR won at this quantizer, as a histogram of 2,048 bins tells; never negative. */
  readonly gainDb: number;
}

/** What a quantizer of activations does to what it reads in B. */
export interface QuantizerError {
  /** The QuantizeLinear. */
  readonly node: string;
  /** The value that it reads. */
  readonly value: string;
  readonly range: QuantizerRange;
  /** Finite numbers seen, and the ends of them. */
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Share of the numbers that the ends of the range cut off. */
  readonly saturated: number;
  /** Share of the range that no magnitude reaches: 1 - max|x| / the largest magnitude that the scale holds. */
  readonly unusedRange: number;
  /** Signal to rounding and clamping noise of this quantizer alone, measured. */
  readonly sqnrDb: number;
  /** Absent for other than symmetric INT8 and FP8, for which calibration knows no search, and where the scale is good. */
  readonly better?: BetterScale;
}

/** How often two models choose the same class. Rows are those of all batches. */
export interface ClassAgreement {
  readonly output: string;
  readonly rows: number;
  readonly classes: number;
  /** Share of the rows with the same winner. */
  readonly top1: number;
  /** Share of the rows whose winner in the float model is among the five best of B; absent below six classes. */
  readonly top5?: number;
}

/** Fake-quant against float: B as it is against B without Q/DQ. */
export interface FloatReport extends RunFacts {
  /** In the order of B. */
  readonly layers: readonly LayerError[];
  /** Names of layers, lowest local SQNR first; those that cannot be cut out by their accumulated one, at the end. */
  readonly worst: readonly string[];
  /** In the order of B. */
  readonly quantizers: readonly QuantizerError[];
  readonly outputs: readonly TensorComparison[];
  readonly incomparable: readonly IncomparableTensor[];
  readonly agreement: readonly ClassAgreement[];
  readonly details: readonly TensorDetail[];
}

/** What may be asked of the numbers; what is absent is not asked. */
export interface Tolerance {
  /** Least SQNR of every output. */
  readonly sqnrDb?: number;
  readonly cosine?: number;
  /** Greatest |b - a| of any output. */
  readonly maxAbsError?: number;
  /** Least share of rows with the same winner, of every output that chooses classes. */
  readonly top1?: number;
}

/**
 * `exact`: all outputs are bit-exact. `within`: promises and tolerance are kept. `measured`: nothing was promised or asked.
 * `failed`: a promise or the tolerance is not kept, or outputs cannot be compared.
 */
export type VerdictStatus = 'exact' | 'within' | 'measured' | 'failed';

/** What it comes to. Failed exactly when one of the findings is an error. */
export interface Verdict {
  readonly status: VerdictStatus;
  readonly findings: readonly Diagnostic[];
}

/** All of a validation, as it is kept and written. */
export interface ValidationReport {
  readonly version: typeof REPORT_VERSION;
  /** How the user knows the models: file names, or words for states of the page. */
  readonly before: string;
  readonly after: string;
  /** Where the inputs come from, in words. */
  readonly inputs: string;
  readonly equivalence?: EquivalenceReport;
  readonly float?: FloatReport;
  /** What the predicted engine may differ in. */
  readonly engine?: EngineArithmeticReport;
  /** Why the engine could not be followed; the rest of the report holds all the same. */
  readonly engineProblem?: Diagnostic;
  readonly tolerance?: Tolerance;
  readonly verdict: Verdict;
}
