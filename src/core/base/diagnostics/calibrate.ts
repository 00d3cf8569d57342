import type { Diagnostic } from '../diagnostic.ts';

/*
 * Sentences about calibration: numbers that no scale can be made of, and files of scales that do not read. Lines are counted
 * from 1, batches too.
 */

const some = (names: readonly string[]): string =>
  names.length <= 5
    ? names.join(', ')
    : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;

/** A value was zero in all batches. */
export const allZeroValue = (value: string): Diagnostic => ({
  code: 'calibrate/all-zero',
  severity: 'warning',
  message: `The value ${value} was zero in every batch, so its scale is set to 1.`,
  advice: 'Check that the calibration data is what the model will see, and is prepared alike.',
  place: { value },
});

/** The name of a value cannot stand in a calibration cache, which has a line for each. */
export const cacheNameUnwritable = (value: string): Diagnostic => ({
  code: 'calibrate/cache-name',
  severity: 'error',
  message: `The name ${JSON.stringify(value)} has a line break and cannot stand in a calibration cache.`,
  advice: 'Write the scales as JSON instead.',
  place: { value },
});

/** The data given for calibration or comparison has no batch. */
export const calibrationDataEmpty = (): Diagnostic => ({
  code: 'calibrate/no-data',
  severity: 'error',
  message: 'There is no calibration data: not one batch was given.',
  advice: 'Give images, arrays, or ask for random data; some hundred images are usual.',
});

/** Data that could be walked only once was needed several times. */
export const calibrationDataOnce = (first: number, later: number): Diagnostic => ({
  code: 'calibrate/data-once',
  severity: 'error',
  message: `The calibration data gave ${first} batches at first, but ${later} when it was read again.`,
  advice: 'Give data that can be read from its start again, or watch all values in one run.',
});

/** The percentile is no percentage. */
export const percentileInvalid = (percentile: number): Diagnostic => ({
  code: 'calibrate/percentile',
  severity: 'error',
  message: `The percentile is ${percentile}, but it has to be above 0 and at most 100.`,
  advice: 'Values from 99.9 to 99.999 are usual.',
});

/** An entry of a calibration cache that cannot be read; `text` is its line. */
export const damagedCacheLine = (file: string, line: number, text: string): Diagnostic => ({
  code: 'calibrate/cache-line',
  severity: 'warning',
  message: `Line ${line} of ${file} is no "name: scale" with eight hex digits: ${JSON.stringify(text.slice(0, 60))}.`,
  advice: 'The line is left out; calibrate again if the value matters.',
  place: { file },
});

/** A calibration cache names a value twice. */
export const doubleCacheLine = (file: string, line: number, value: string): Diagnostic => ({
  code: 'calibrate/cache-double',
  severity: 'warning',
  message: `Line ${line} of ${file} gives a second scale for ${value}.`,
  advice: 'The second one is used; remove one of the lines.',
  place: { file, value },
});

/** A quantizer reads a value that the runtime gave no numbers for. */
export const neverSeenValue = (value: string): Diagnostic => ({
  code: 'calibrate/never-seen',
  severity: 'warning',
  message: `No number of the value ${value} was seen, so its scale still stands at 1.`,
  advice: 'It may be empty for this data; give other data, or set the scale by hand.',
  place: { value },
});

/** NaN or infinite numbers in a value that has to be quantized. */
export const nonFiniteValue = (value: string, count: number, batch: number): Diagnostic => ({
  code: 'calibrate/non-finite',
  severity: 'error',
  message: `The value ${value} has ${count} numbers that are NaN or infinite in batch ${batch}.`,
  advice: 'Check the data of that batch; else leave the Q/DQ on this value out.',
  place: { value },
});

/** A text that is neither a calibration cache nor JSON with scales. `why` is a clause without a full stop. */
export const notAScaleFile = (file: string, why: string): Diagnostic => ({
  code: 'calibrate/not-a-scale-file',
  severity: 'error',
  message: `${file} holds no scales: ${why}.`,
  advice: 'Give a TensorRT calibration cache (it begins with TRT-), or JSON with "scales".',
  place: { file },
});

/** A scale file says something about a value that is no scale. */
export const scaleInvalid = (file: string, value: string): Diagnostic => ({
  code: 'calibrate/scale-invalid',
  severity: 'warning',
  message: `${file} gives ${value} a scale that is no number above zero.`,
  advice: 'The entry is left out; correct it or calibrate again.',
  place: { file, value },
});

/** The model has no scale to calibrate. */
export const nothingToCalibrate = (): Diagnostic => ({
  code: 'calibrate/nothing-pending',
  severity: 'warning',
  message: 'No Q/DQ of the model waits for a scale.',
  advice: 'Place Q/DQ first, or ask for existing scales to be replaced.',
});

/** No output of the model is of floats, so that there is nothing to compare. */
export const noFloatOutput = (): Diagnostic => ({
  code: 'calibrate/no-float-output',
  severity: 'error',
  message: 'No output of the model is made of floats, so the cost of a layer cannot be measured.',
  advice: 'Make the value before the last ArgMax, TopK or Cast an output of the model.',
});

/** The model has no layer with quantizers of its own. */
export const noQuantizedLayer = (): Diagnostic => ({
  code: 'calibrate/no-quantized-layer',
  severity: 'error',
  message: 'No weighted layer of the model reads a DequantizeLinear.',
  advice: 'Quantize the model first; then the layers can be compared.',
});

/** Scales must be known before their cost is measured. */
export const scalesStillPending = (values: readonly string[]): Diagnostic => ({
  code: 'calibrate/scales-pending',
  severity: 'error',
  message: `These values have no scale yet: ${some(values)}.`,
  advice: 'Calibrate the model before comparing its layers.',
});

/** A scale that its type cannot hold as it is. */
export const scaleClamped = (value: string, scale: number, dataType: string): Diagnostic => ({
  code: 'calibrate/scale-clamped',
  severity: 'info',
  message: `The scale of ${value} is set to ${scale}, the nearest end of what ${dataType} holds in full precision.`,
  advice: 'Keep this value in float32 if its numbers matter.',
  place: { value },
});

/** A watched value is not made of floats. */
export const valueNotFloat = (value: string, dataType: string): Diagnostic => ({
  code: 'calibrate/not-float',
  severity: 'error',
  message: `The value ${value} is ${dataType}, and only float values can be quantized.`,
  advice: 'Take the Q/DQ on this value out.',
  place: { value },
});
