import type { Diagnostic } from '../diagnostic.ts';

/*
 * Sentences about data that a model is to be fed with: files of numbers, images, random numbers, and how they fit its
 * inputs.
 */

const shapeText = (shape: readonly (number | string)[]): string => `[${shape.join(', ')}]`;

const bad = (code: string, message: string, advice: string, file?: string): Diagnostic => ({
  code: `inputs/${code}`,
  severity: 'error',
  message,
  advice,
  ...(file === undefined || file === '' ? {} : { place: { file } }),
});

/** Arrays of one set that would make different numbers of feeds. */
export const arrayCountsDiffer = (counts: ReadonlyMap<string, number>, file: string): Diagnostic =>
  bad(
    'counts-differ',
    `The inputs come in different numbers: ${[...counts].map(([name, n]) => `${name} ${n}`).join(', ')}.`,
    'Give the same number of samples for every input, or one for all.',
    file,
  );

/** An archive that is none, or is damaged; `reason` comes from the unpacker. */
export const archiveUnreadable = (file: string, reason: string): Diagnostic =>
  bad(
    'archive-unreadable',
    `The archive cannot be unpacked: ${reason.replace(/\.$/, '')}.`,
    'Write it again with numpy.savez or numpy.savez_compressed.',
    file,
  );

/** A batch that does not divide the model's fixed batch size. */
export const batchDoesNotFit = (
  input: string,
  batch: number,
  have: number,
  file?: string,
): Diagnostic => ({
  ...bad(
    'batch-does-not-fit',
    `The input ${input} takes ${batch} samples at a time, and the data holds ${have}.`,
    `Give a multiple of ${batch} samples, or export the model with a dynamic batch.`,
    file,
  ),
});

/** A dynamic dimension that nobody has given a size. */
export const dimensionOpen = (input: string, dim: string): Diagnostic => ({
  ...bad(
    'dimension-open',
    `The input ${input} has the dynamic dimension ${dim}, whose size is not given.`,
    `Give it a size, for example --dims ${dim}=1.`,
  ),
  place: { value: input },
});

/** Images and arrays of numbers together. */
export const filesMixed = (image: string, array: string): Diagnostic =>
  bad(
    'files-mixed',
    `There are images (${image}) and arrays of numbers (${array}) together.`,
    'Choose files of one kind.',
  );

/** An image that the browser does not decode; `reason` is what it said. */
export const imageUndecodable = (file: string, reason: string): Diagnostic =>
  bad(
    'image-undecodable',
    `The image cannot be decoded: ${reason.replace(/\.$/, '')}.`,
    'Give PNG, JPEG or WebP files, or the data as .npy.',
    file,
  );

/** The data gives one thing, the input wants another. */
export const inputShapeWrong = (
  input: string,
  want: readonly (number | string)[],
  have: readonly number[],
  file?: string,
): Diagnostic => ({
  ...bad(
    'shape-wrong',
    `The input ${input} wants the shape ${shapeText(want)}, but the data has ${shapeText(have)}.`,
    'Transpose, resize or batch the data so that it fits.',
  ),
  place: { value: input, ...(file === undefined ? {} : { file }) },
});

/** Element types differ, and nothing is converted silently. */
export const inputTypeWrong = (
  input: string,
  want: string,
  have: string,
  file?: string,
): Diagnostic => ({
  ...bad(
    'type-wrong',
    `The input ${input} wants ${want}, but the data is ${have}.`,
    `Convert it before, for example with array.astype in numpy.`,
  ),
  place: { value: input, ...(file === undefined ? {} : { file }) },
});

/** An input of which not even the rank or type is known. */
export const inputUnknown = (input: string): Diagnostic => ({
  ...bad(
    'input-unknown',
    `The model does not say which type or shape its input ${input} has.`,
    'Export the model again with typed inputs, or give the data as .npy.',
  ),
  place: { value: input },
});

/** Images for an input that is no image. */
export const inputNotImage = (input: string, shape: readonly (number | string)[]): Diagnostic => ({
  ...bad(
    'input-not-image',
    `The input ${input} has the shape ${shapeText(shape)}, which takes no images.`,
    'Images need four dimensions, three of them channels, height and width; give .npy files otherwise.',
  ),
  place: { value: input },
});

/** Arrays whose names are none of the inputs', and more than one input to choose from. */
export const inputsNotMatched = (
  given: readonly string[],
  inputs: readonly string[],
  file?: string,
): Diagnostic =>
  bad(
    'not-matched',
    `The data (${given.join(', ')}) does not name the inputs of the model (${inputs.join(', ')}).`,
    'Give an .npz file, or files, with one array for each input under its name.',
    file,
  );

/** No data at all. */
export const noInputs = (what: string): Diagnostic =>
  bad('none', `There is no data in ${what}.`, 'Give images, .npy or .npz files, or random:SEED.');

/** A .npy file that breaks the format. */
export const npyDamaged = (file: string, what: string): Diagnostic =>
  bad(
    'npy-damaged',
    `This is not a readable .npy file: ${what}.`,
    'Write it again with numpy.save.',
    file,
  );

/** An element type of numpy that models have no use for. */
export const npyTypeUnsupported = (file: string, descr: string): Diagnostic =>
  bad(
    'npy-type',
    `Arrays of the numpy type ${descr} cannot be used.`,
    'Convert it with array.astype to a float, integer or bool type.',
    file,
  );

/** A setting of the preprocessing that makes no sense; `what` says which and why. */
export const preprocessInvalid = (what: string): Diagnostic =>
  bad('preprocess-invalid', `The preprocessing cannot be done: ${what}.`, 'Correct the setting.');

/** A range from which nothing can be drawn. */
export const randomRangeInvalid = (min: number, max: number): Diagnostic =>
  bad(
    'random-range',
    `No numbers lie between ${min} and ${max}.`,
    'Give a smaller number first, both within the element type.',
  );

/** Raw bytes whose number does not fit their type and shape. */
export const rawSizeWrong = (file: string, want: number, have: number): Diagnostic =>
  bad(
    'raw-size',
    `The file holds ${have} bytes where its type and shape want ${want}.`,
    'Check type and shape; the numbers lie row by row, little endian, without a header.',
    file,
  );
