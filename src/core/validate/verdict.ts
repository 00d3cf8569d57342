import type { Diagnostic } from '../base/diagnostic.ts';
import {
  agreementTooLow,
  contractBroken,
  movedWithinPromise,
  nonFiniteApart,
  outputTooFarOff,
  outputsNotComparable,
} from '../base/diagnostics/validate.ts';
import type { EngineArithmeticReport } from './engine-arithmetic/engine-arithmetic-report.ts';
import type {
  ClassAgreement,
  EquivalenceReport,
  FloatReport,
  IncomparableTensor,
  TensorComparison,
  Tolerance,
  Verdict,
} from './validation-report.ts';

/** Findings about a breach beyond this many would say the same again. */
const MOST_BREACHES = 20;

/**
 * What the numbers of a rewrite come to: broken promises, outputs that cannot be compared and what is beyond the tolerance are
 * errors. Without promises and without tolerance, differences are only measured.
 */
export function judge(report: EquivalenceReport, tolerance: Tolerance = {}): Verdict {
  const outputs = report.tensors.filter(({ isOutput }) => isOutput);
  const findings: Diagnostic[] = report.breaches
    .slice(0, MOST_BREACHES)
    .map(({ tensor, passes, unequal, maxAbsError }) =>
      contractBroken(tensor, passes, unequal, maxAbsError),
    );
  findings.push(...unlikeOutputs(report.incomparable), ...beyond(outputs, tolerance));
  for (const { tensor, contract, error } of outputs) {
    const isMoved = contract === 'one-step' || contract === 'approximate';
    if (isMoved && error.unequal > 0)
      findings.push(movedWithinPromise(tensor, contract, error.sqnrDb));
  }
  const isExact = outputs.every(({ error }) => error.unequal === 0);
  const isPromised = outputs.every(({ contract }) => contract !== 'none');
  return verdictOf(findings, isExact, isPromised || isAsked(tolerance));
}

/** What a comparison with the float model comes to: nothing is promised there, so that only the tolerance can fail. */
export function judgeFloat(report: FloatReport, tolerance: Tolerance = {}): Verdict {
  const findings = [
    ...unlikeOutputs(report.incomparable),
    ...beyond(report.outputs, tolerance),
    ...disagreements(report.agreement, tolerance),
  ];
  const isExact = report.outputs.every(({ error }) => error.unequal === 0);
  return verdictOf(findings, isExact, isAsked(tolerance));
}

/** What an engine's arithmetic comes to: nothing is promised, and the tolerance is held against quantization and fusion together. */
export function judgeEngine(report: EngineArithmeticReport, tolerance: Tolerance = {}): Verdict {
  const outputs = report.tensors
    .filter(({ isOutput }) => isOutput)
    .map(({ tensor, total }) => ({ tensor, error: total }));
  const isExact = outputs.every(({ error }) => error.unequal === 0);
  return verdictOf(beyond(outputs, tolerance), isExact, isAsked(tolerance));
}

/** Two verdicts in one: the worse counts. */
export function bothVerdicts(a: Verdict, b: Verdict): Verdict {
  const order = ['failed', 'measured', 'within', 'exact'] as const;
  const status = order.find((one) => a.status === one || b.status === one) ?? 'measured';
  return { status, findings: [...a.findings, ...b.findings] };
}

const isAsked = (tolerance: Tolerance): boolean =>
  Object.values(tolerance).some((limit) => limit !== undefined);

function verdictOf(
  findings: readonly Diagnostic[],
  isExact: boolean,
  isHeldToSomething: boolean,
): Verdict {
  const isFailed = findings.some(({ severity }) => severity === 'error');
  const good = isExact ? 'exact' : isHeldToSomething ? 'within' : 'measured';
  return { status: isFailed ? 'failed' : good, findings };
}

function unlikeOutputs(incomparable: readonly IncomparableTensor[]): Diagnostic[] {
  const outputs = incomparable.filter(({ isOutput }) => isOutput).map(({ tensor }) => tensor);
  return outputs.length > 0 ? [outputsNotComparable(outputs)] : [];
}

function beyond(
  outputs: readonly Pick<TensorComparison, 'tensor' | 'error'>[],
  { sqnrDb = -Infinity, cosine = -Infinity, maxAbsError = Infinity }: Tolerance,
): Diagnostic[] {
  const findings: Diagnostic[] = [];
  for (const { tensor, error } of outputs) {
    if (error.nonFinite > 0) findings.push(nonFiniteApart(tensor, error.nonFinite));
    if (error.sqnrDb < sqnrDb)
      findings.push(outputTooFarOff(tensor, 'sqnrDb', error.sqnrDb, sqnrDb));
    if (error.cosine < cosine)
      findings.push(outputTooFarOff(tensor, 'cosine', error.cosine, cosine));
    if (error.maxAbsError > maxAbsError)
      findings.push(outputTooFarOff(tensor, 'maxAbsError', error.maxAbsError, maxAbsError));
  }
  return findings;
}

const disagreements = (
  agreement: readonly ClassAgreement[],
  { top1: least = -Infinity }: Tolerance,
): Diagnostic[] =>
  agreement
    .filter(({ top1 }) => top1 < least)
    .map(({ output, top1 }) => agreementTooLow(output, top1, least));
