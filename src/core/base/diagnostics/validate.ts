import type { Diagnostic } from '../diagnostic.ts';

/*
 * Sentences about validation: data that does not serve, promises of passes that the numbers do not keep, and what was asked of the
 * numbers. SQNR is in dB, errors are in the unit of the tensor.
 */

const some = (names: readonly string[]): string =>
  names.length <= 5
    ? names.join(', ')
    : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
const db = (decibels: number): string =>
  Number.isFinite(decibels) ? `${decibels.toFixed(1)} dB` : decibels > 0 ? 'no noise' : 'no signal';
const number = (x: number): string => String(Number(x.toPrecision(4)));

/** Class agreement below what was asked. */
export const agreementTooLow = (output: string, top1: number, least: number): Diagnostic => ({
  code: 'validate/agreement',
  severity: 'error',
  message: `The output ${output} chooses the same class in ${number(100 * top1)} % of the rows; ${number(100 * least)} % were asked for.`,
  advice:
    'Look at the worst layers, and leave them out of quantization or calibrate with more data.',
  place: { value: output },
});

/** Passes promised that an output stays equal to the bit, and it does not. */
export const contractBroken = (
  tensor: string,
  passes: readonly string[],
  unequal: number,
  maxAbsError: number,
): Diagnostic => ({
  code: 'validate/contract-broken',
  severity: 'error',
  message:
    passes.length === 0
      ? `Nothing that ${tensor} depends on was changed, but ${unequal} of its numbers differ, by up to ${number(maxAbsError)}.`
      : `${some(passes)} promised to keep ${tensor} equal to the bit, but ${unequal} of its numbers differ, by up to ${number(maxAbsError)}.`,
  advice:
    passes.length === 0
      ? 'The two models do not differ only by these passes: compare the files that belong together.'
      : 'Leave these passes out and report it: this is a defect of theirs, not of your model.',
  place: { value: tensor },
});

/** An output or another tensor came out with NaN or infinite numbers on one side only. */
export const nonFiniteApart = (tensor: string, count: number): Diagnostic => ({
  code: 'validate/non-finite',
  severity: 'warning',
  message: `${count} numbers of ${tensor} are NaN or infinite in one of the models only.`,
  advice:
    'Look for the first tensor with such numbers; scales of zero and overflow in half precision are usual causes.',
  place: { value: tensor },
});

/** Nothing to compare with: no quantizers in the model. */
export const nothingQuantized = (): Diagnostic => ({
  code: 'validate/nothing-quantized',
  severity: 'error',
  message: 'The model has no Q/DQ, so there is nothing to compare with its float numbers.',
  advice: 'Open the quantized model, or place Q/DQ first.',
});

/** An output is further off than was allowed. */
export const outputTooFarOff = (
  output: string,
  measure: 'sqnrDb' | 'cosine' | 'maxAbsError',
  have: number,
  limit: number,
): Diagnostic => ({
  code: 'validate/tolerance',
  severity: 'error',
  message:
    measure === 'sqnrDb'
      ? `The output ${output} has an SQNR of ${db(have)}; at least ${db(limit)} were asked for.`
      : measure === 'cosine'
        ? `The output ${output} has a cosine of ${number(have)}; at least ${number(limit)} was asked for.`
        : `The output ${output} is off by up to ${number(have)}; at most ${number(limit)} was allowed.`,
  advice: 'See which layers are worst, or allow more if the accuracy of the network bears it.',
  place: { value: output },
});

/** Outputs that one of the models lacks, or that differ in type or dimensions. */
export const outputsNotComparable = (outputs: readonly string[]): Diagnostic => ({
  code: 'validate/outputs',
  severity: 'error',
  message: `Outputs cannot be compared: ${some(outputs)}.`,
  advice: 'Both models need the same outputs, with the same types and dimensions.',
  ...(outputs[0] === undefined ? {} : { place: { value: outputs[0] } }),
});

/** The two models cannot be fed with the same data. */
export const inputsDiffer = (before: readonly string[], after: readonly string[]): Diagnostic => ({
  code: 'validate/inputs',
  severity: 'error',
  message: `The models have different inputs: ${some(before)} before, ${some(after)} after.`,
  advice: 'Compare models that take the same inputs.',
});

/** Part of a tensor that was promised to be untouched or exact moved within what the passes allow. */
export const movedWithinPromise = (
  tensor: string,
  promise: 'one-step' | 'approximate',
  sqnrDb: number,
): Diagnostic => ({
  code: 'validate/moved',
  severity: 'info',
  message: `The output ${tensor} moved, as ${promise} passes may: SQNR ${db(sqnrDb)}.`,
  advice:
    promise === 'one-step'
      ? 'Rounding differs by at most a step where the passes acted; layers behind it may make it larger.'
      : 'Judge it by the tolerance that your network bears, best by its accuracy.',
  place: { value: tensor },
});

/** There is no data to run the models on. */
export const validationDataEmpty = (): Diagnostic => ({
  code: 'validate/no-data',
  severity: 'error',
  message: 'There is no data to compare on: not one batch was given.',
  advice: 'Give images, arrays, or ask for random data.',
});

/** Data that could be walked only once was needed several times. */
export const validationDataOnce = (first: number, later: number): Diagnostic => ({
  code: 'validate/data-once',
  severity: 'error',
  message: `The data gave ${first} batches at first, but ${later} when it was read again.`,
  advice: 'Give data that can be read from its start again, or enough memory for one walk.',
});

/** A file that is no report of ours, or of a later version. */
export const notAReport = (file: string, reason: string): Diagnostic => ({
  code: 'validate/not-a-report',
  severity: 'error',
  message: `${file} is not a validation report that can be read: ${reason}.`,
  advice: 'Give the JSON that the validation wrote.',
  place: { file },
});
