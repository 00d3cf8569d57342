import type { Diagnostic } from '../diagnostic.ts';

/*
 * Sentences about running a model by the runtime: what it refuses, what it cannot hold, and inputs that do not fit it.
 * Sizes are bytes; `reason` is what the runtime itself said.
 */

const GB = 1e9;
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
const shapeText = (shape: readonly (number | string)[]): string => `[${shape.join(', ')}]`;
const nodePlace = (node: string | undefined): Pick<Diagnostic, 'place'> =>
  node === undefined || node === '' ? {} : { place: { node } };

/** The numbers given for an input do not fill its dimensions. */
export const feedDataTooShort = (input: string, want: number, have: number): Diagnostic => ({
  code: 'runtime/feed-data-length',
  severity: 'error',
  message: `The input ${input} was given ${have} elements where its dimensions want ${want}.`,
  advice: 'Give as many elements as the product of the dimensions.',
  place: { value: input },
});

/** An input of the model was given nothing. */
export const feedMissing = (input: string, given: readonly string[]): Diagnostic => ({
  code: 'runtime/feed-missing',
  severity: 'error',
  message: `The input ${input} was given no data.`,
  advice:
    given.length === 0
      ? 'Give data for every input of the model.'
      : `Give data for every input; there was data for ${given.join(', ')}.`,
  place: { value: input },
});

/** Data has another shape than the model's input. */
export const feedShapeWrong = (
  input: string,
  want: readonly (number | string)[],
  have: readonly number[],
): Diagnostic => ({
  code: 'runtime/feed-shape',
  severity: 'error',
  message: `The input ${input} wants the shape ${shapeText(want)}, but was given ${shapeText(have)}.`,
  advice: 'Reshape, resize or batch the data so that it fits; named dimensions may have any size.',
  place: { value: input },
});

/** Data has another element type than the model's input. */
export const feedTypeWrong = (input: string, want: string, have: string): Diagnostic => ({
  code: 'runtime/feed-type',
  severity: 'error',
  message: `The input ${input} wants ${want}, but was given ${have}.`,
  advice: `Convert the data to ${want}.`,
  place: { value: input },
});

/** Data for an input that the model does not have. */
export const feedUnknown = (input: string, inputs: readonly string[]): Diagnostic => ({
  code: 'runtime/feed-unknown',
  severity: 'error',
  message: `The model has no input ${input}.`,
  advice: inputs.length === 0 ? 'It has no inputs.' : `Its inputs are ${inputs.join(', ')}.`,
  place: { value: input },
});

/** An operator of a set that only TensorRT or a plugin library knows. */
export const operatorNotRunnable = (node: string, opType: string, domain: string): Diagnostic => ({
  code: 'runtime/operator-unknown',
  severity: 'error',
  message: `The node ${node} cannot be run: onnxruntime has no operator ${opType} of the set ${domain}.`,
  advice: 'Ask only for values that do not depend on it, or replace it by standard operators.',
  place: { node },
});

/** The memory of the runtime, 4 GB at most, is full. */
export const runtimeOutOfMemory = (during: string, reason: string): Diagnostic => ({
  code: 'runtime/out-of-memory',
  severity: 'error',
  message: `The memory of the runtime was full while ${during} (${oneLine(reason)}).`,
  advice: 'Use a smaller batch or ask for fewer values at once, and start again.',
});

/** The runtime did not run the model. */
export const runFailed = (node: string | undefined, reason: string): Diagnostic => ({
  code: 'runtime/run-failed',
  severity: 'error',
  message: `onnxruntime stopped${node ? ` at the node ${node}` : ''}: ${oneLine(reason)}.`,
  advice: 'Check that the data has the shape and range that the model was made for.',
  ...nodePlace(node),
});

/** The runtime itself does not start. */
export const runtimeNotStarted = (reason: string): Diagnostic => ({
  code: 'runtime/not-started',
  severity: 'error',
  message: `onnxruntime could not be started: ${oneLine(reason)}.`,
  advice: 'Reload the page, or install the packages again; its two files must lie where they were.',
});

/** The runtime does not take the model. */
export const sessionRefused = (node: string | undefined, reason: string): Diagnostic => ({
  code: 'runtime/session-refused',
  severity: 'error',
  message: `onnxruntime does not run this model${node ? `, because of the node ${node}` : ''}: ${oneLine(reason)}.`,
  advice: 'Replace what it names by something that it knows, or leave out the values behind it.',
  ...nodePlace(node),
});

/** A value of an element type that cannot be handed in or out. */
export const typeNotExchangeable = (value: string, dataType: string): Diagnostic => ({
  code: 'runtime/type-not-exchangeable',
  severity: 'error',
  message: `The value ${value} is ${dataType}, which onnxruntime neither takes nor gives in a browser.`,
  advice: 'Ask for the value before or behind it, for example that of its DequantizeLinear.',
  place: { value },
});

/** The type of a value that is asked for is not known, so that it cannot become an output. */
export const valueTypeUnknown = (value: string): Diagnostic => ({
  code: 'runtime/value-type-unknown',
  severity: 'error',
  message: `The element type of ${value} is not known, so its numbers cannot be asked for.`,
  advice: 'Run shape inference of the exporter, so that the file states the type.',
  place: { value },
});

/** A value that the model does not have. */
export const valueUnknown = (value: string): Diagnostic => ({
  code: 'runtime/value-unknown',
  severity: 'error',
  message: `The model has no value named ${value}.`,
  advice: 'Names are case-sensitive; choose an output of one of its nodes.',
  place: { value },
});

/** More weights than the runtime can address. */
export const weightsTooLarge = (bytes: number, most: number): Diagnostic => ({
  code: 'runtime/weights-too-large',
  severity: 'error',
  message: `The weights take ${(bytes / GB).toFixed(2)} GB; at most ${(most / GB).toFixed(2)} GB can be run in WebAssembly.`,
  advice: 'The model can be looked at and changed here, but its numbers need another runtime.',
});
