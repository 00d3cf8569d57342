import type { Diagnostic, Place } from './diagnostic.ts';

/*
 * Every sentence that a user may read about bad input, as factories sorted by name. A message says what is wrong in one
 * sentence; the advice says what to do next. Numbers in messages are bytes unless they say otherwise.
 */

const at = (place: Place): { place?: Place } => (Object.keys(place).length === 0 ? {} : { place });

/** A list for a sentence, cut to its first five names. */
const some = (names: readonly string[]): string =>
  names.length <= 5
    ? names.join(', ')
    : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;

/** The caller took the request back. */
export const cancelled = (): Diagnostic => ({
  code: 'base/cancelled',
  severity: 'info',
  message: 'The work was stopped on request.',
  advice: 'Start it again when you want the result.',
});

/** The wire format breaks its own rules inside the file. */
export const corruptFile = (what: string, place: Place): Diagnostic => ({
  code: 'onnx/corrupt',
  severity: 'error',
  message: `The file is damaged: ${what}.`,
  advice: 'Fetch or export the model again and compare its size and checksum with the original.',
  ...at(place),
});

/** Nodes that wait for each other. `nodes` are the names on the cycle, in order. */
export const cyclicGraph = (nodes: readonly string[]): Diagnostic => ({
  code: 'onnx/cycle',
  severity: 'error',
  message: `The graph runs in a circle through ${some(nodes)}.`,
  advice: 'An ONNX graph must be acyclic; export the model again or cut one of these edges.',
  ...at(nodes[0] === undefined ? {} : { node: nodes[0] }),
});

/** Two nodes of one graph have the same name. */
export const duplicateNodeName = (name: string, shownAs: string): Diagnostic => ({
  code: 'onnx/duplicate-node-name',
  severity: 'warning',
  message: `Several nodes are called ${name}; one of them is shown as ${shownAs}.`,
  advice: 'Give every node its own name, so that reports about it are unambiguous.',
  place: { node: shownAs },
});

/** A value is made more than once. */
export const duplicateValueName = (name: string, makers: readonly string[]): Diagnostic => ({
  code: 'onnx/duplicate-value-name',
  severity: 'error',
  message: `The value ${name} is made more than once: by ${some(makers)}.`,
  advice: 'Every value must have one producer; rename one of them.',
  place: { value: name },
});

/** A change of the Q/DQ placement that the model does not permit. `why` is a clause without a full stop. */
export const editImpossible = (why: string, place: Place): Diagnostic => ({
  code: 'placement/edit-impossible',
  severity: 'error',
  message: `This change cannot be made: ${why}.`,
  advice: 'Choose another node or value; the model is as it was.',
  ...at(place),
});

/** The file has no bytes. */
export const emptyFile = (file: string): Diagnostic => ({
  code: 'onnx/empty-file',
  severity: 'error',
  message: `${file} is empty.`,
  advice: 'Fetch or export the model again.',
  place: { file },
});

/** External data lies beyond the end of its file. */
export const externalDataOutOfRange = (
  tensor: string,
  file: string,
  end: number,
  size: number,
): Diagnostic => ({
  code: 'onnx/external-data-out-of-range',
  severity: 'warning',
  message: `The data of ${tensor} ends at byte ${end} of ${file}, which has only ${size} bytes.`,
  advice: 'The data file is cut off or belongs to another model; fetch it again.',
  place: { file, value: tensor },
});

/** An integer of the file is too large where we must count with it. */
export const integerTooLarge = (what: string, value: bigint, place: Place): Diagnostic => ({
  code: 'onnx/integer-too-large',
  severity: 'warning',
  message: `${what} is ${value}, which is beyond 2^53 and cannot be counted with exactly.`,
  advice: 'It is treated as unknown; check the exporter if the number is not meant.',
  ...at(place),
});

/** The graph breaks a rule of our own bookkeeping; shown by the checker after an edit. */
export const inconsistentGraph = (what: string, place: Place): Diagnostic => ({
  code: 'ir/inconsistent',
  severity: 'error',
  message: `The graph is inconsistent: ${what}.`,
  advice: 'This is a defect of the tool; please report it with the model.',
  ...at(place),
});

/** The node that a sentence about inference is about; base knows no graphs. */
interface NodeLike {
  readonly name: string;
  readonly opType: string;
}
const nodeTitle = (node: NodeLike): string => `${node.opType} ${node.name}`;

/** An attribute, or an input that took its place, makes no sense. `why` continues the sentence. */
export const inferAttributeInvalid = (
  node: NodeLike,
  attribute: string,
  why: string,
): Diagnostic => ({
  code: 'infer/attribute-invalid',
  severity: 'warning',
  message: `${attribute} of ${nodeTitle(node)} ${why}.`,
  advice: `Correct ${attribute} in the exporter; shapes after this node may be incomplete.`,
  place: { node: node.name, attribute },
});

/** An axis is not one of the axes that the input has. */
export const inferAxisOutOfRange = (node: NodeLike, axis: number, rank: number): Diagnostic => ({
  code: 'infer/axis-out-of-range',
  severity: 'warning',
  message: `Axis ${axis} of ${nodeTitle(node)} is outside its ${rank} dimensions.`,
  advice:
    rank === 0
      ? 'A scalar has no axes; check the rank of the input or the axis.'
      : `Use an axis from ${-rank} to ${rank - 1}.`,
  place: { node: node.name },
});

/** Two dimensions that the operator wants equal are not. */
export const inferDimsDisagree = (
  node: NodeLike,
  a: number | string,
  b: number | string,
): Diagnostic => ({
  code: 'infer/dims-disagree',
  severity: 'warning',
  message: `Inputs of ${nodeTitle(node)} do not fit together: one has ${a} where another has ${b}.`,
  advice: 'Compare the shapes of its inputs; one of the nodes before it makes the wrong one.',
  place: { node: node.name },
});

/** A reshape changes the number of elements. */
export const inferElementCountDisagrees = (
  node: NodeLike,
  from: readonly (number | string)[],
  to: readonly (number | string)[],
): Diagnostic => ({
  code: 'infer/element-count-disagrees',
  severity: 'warning',
  message: `${nodeTitle(node)} cannot turn the shape [${from.join(', ')}] into [${to.join(', ')}]: the number of elements differs.`,
  advice: 'Check the target shape, which often keeps a batch size that was fixed at export.',
  place: { node: node.name },
});

/** What the file says about a value and what follows from the operators differ. */
export const inferFileContradicted = (
  node: NodeLike,
  value: { readonly name: string },
  said: string,
  inferred: string,
): Diagnostic => ({
  code: 'infer/file-contradicted',
  severity: 'warning',
  message: `The file says that ${value.name} is ${said}, but ${nodeTitle(node)} makes ${inferred}.`,
  advice: 'Run shape inference of the exporter again, or drop the stale value information.',
  place: { node: node.name, value: value.name },
});

/** A body or branch is nested deeper than anything that exporters write. */
export const inferGraphTooDeep = (node: NodeLike, limit: number): Diagnostic => ({
  code: 'infer/graph-too-deep',
  severity: 'warning',
  message: `The body of ${nodeTitle(node)} lies more than ${limit} graphs deep and was not looked into.`,
  advice: 'Flatten the control flow; its outputs keep the shapes that the file states.',
  place: { node: node.name },
});

/** An input that the operator needs is not connected. */
export const inferInputMissing = (node: NodeLike, index: number): Diagnostic => ({
  code: 'infer/input-missing',
  severity: 'warning',
  message: `${nodeTitle(node)} has no input ${index}, which it needs.`,
  advice: 'Check the opset version that the model declares, or connect the input.',
  place: { node: node.name },
});

/** The sizes lead to an output that cannot exist. */
export const inferNegativeDim = (
  node: NodeLike,
  value: { readonly name: string },
  shape: readonly (number | string)[],
): Diagnostic => ({
  code: 'infer/negative-dim',
  severity: 'warning',
  message: `${nodeTitle(node)} would make ${value.name} with the impossible shape [${shape.join(', ')}].`,
  advice: 'The input is too small for the window, slice or split; check sizes, strides and pads.',
  place: { node: node.name, value: value.name },
});

/** An input has too few or too many dimensions. */
export const inferRankUnexpected = (
  node: NodeLike,
  input: number,
  rank: number,
  needs: { readonly min: number; readonly max: number },
): Diagnostic => ({
  code: 'infer/rank-unexpected',
  severity: 'warning',
  message: `Input ${input} of ${nodeTitle(node)} has ${rank} dimensions; it needs ${
    needs.min === needs.max ? needs.min : `at least ${needs.min}`
  }${needs.max !== needs.min && Number.isFinite(needs.max) ? ` and at most ${needs.max}` : ''}.`,
  advice: 'Check the shape of that input, or put a Reshape before the node.',
  place: { node: node.name },
});

/** A control flow operator comes without its graph. */
export const inferSubgraphMissing = (node: NodeLike, attribute: string): Diagnostic => ({
  code: 'infer/subgraph-missing',
  severity: 'warning',
  message: `${nodeTitle(node)} has no graph ${attribute}.`,
  advice: 'The node cannot run; export the model again.',
  place: { node: node.name, attribute },
});

/** A mistake of ours, told instead of hidden. `during` is what was asked for, `detail` the text of the exception. */
export const internalBug = (during: string, detail: string): Diagnostic => ({
  code: 'internal/bug',
  severity: 'error',
  message: `QDQ Lab made a mistake during ${during}: ${detail}.`,
  advice: 'Please report it with the model, or with a smaller one that shows the same.',
});

/** A tensor lives in a file that was not given. */
export const missingExternalData = (tensors: readonly string[], file: string): Diagnostic => ({
  code: 'onnx/missing-external-data',
  severity: 'warning',
  message: `The data of ${some(tensors)} lies in ${file}, which is not here.`,
  advice: `Open the model together with ${file}.`,
  place: { file, ...(tensors[0] === undefined ? {} : { value: tensors[0] }) },
});

/** A node or the graph reads a value that nobody makes. */
export const missingInput = (value: string, reader: string): Diagnostic => ({
  code: 'onnx/missing-input',
  severity: 'error',
  message: `${reader} reads the value ${value}, which no node, input or initializer makes.`,
  advice: 'Export the model again, or add the missing input or initializer.',
  place: { value, node: reader },
});

/** A build mode that a TensorRT version does not have. */
export const modeNotInVersion = (
  mode: string,
  version: string,
  available: readonly string[],
): Diagnostic => ({
  code: 'target/mode-not-in-version',
  severity: 'error',
  message: `TensorRT ${version} has no mode ${mode}.`,
  advice: `Choose ${available.join(', ')}; strong typing begins with 10.0 and is the only one from 11.0 on.`,
});

/** The page asks about a model that was closed, or that was lost with its worker. */
export const modelNotOpen = (): Diagnostic => ({
  code: 'view/model-not-open',
  severity: 'error',
  message: 'This model is not open any more.',
  advice: 'Open the file again.',
});

/** A message is larger than anything can read. */
export const modelTooLarge = (what: string, bytes: number, place: Place): Diagnostic => ({
  code: 'onnx/too-large',
  severity: 'error',
  message: `${what} takes ${bytes} bytes, more than can be handled in one piece.`,
  advice: 'Save the model with its weights as external data.',
  ...at(place),
});

/** The protobuf holds no graph. */
export const noGraph = (file: string): Diagnostic => ({
  code: 'onnx/no-graph',
  severity: 'error',
  message: `${file} reads like a model file, but holds no graph.`,
  advice: 'Export the model again; a training checkpoint or a bare tensor file cannot be opened.',
  place: { file },
});

/** Nodes stand before the nodes that they read from. */
export const nodesOutOfOrder = (node: string, value: string): Diagnostic => ({
  code: 'onnx/out-of-order',
  severity: 'warning',
  message: `The node ${node} stands before the node that makes its input ${value}.`,
  advice: 'ONNX wants nodes in the order of execution; other tools may refuse this file.',
  place: { node, value },
});

/** No source was given, or none of several is a model. */
export const noModelGiven = (files: readonly string[]): Diagnostic => ({
  code: 'onnx/no-model',
  severity: 'error',
  message:
    files.length === 0 ? 'No file was given.' : `None of the files is a model: ${some(files)}.`,
  advice: 'Open an .onnx file, together with its data files if it has any.',
});

/** A constant whose elements are no real numbers. */
export const notNumbers = (tensor: string, dataType: string): Diagnostic => ({
  code: 'quant/not-numbers',
  severity: 'error',
  message: `The ${dataType} data of ${tensor} cannot be read as real numbers.`,
  advice: 'Statistics exist for integer and float constants with complete data only.',
  place: { value: tensor },
});

/** The file is something else. `looksLike` completes "it looks like ...". */
export const notOnnx = (file: string, looksLike: string): Diagnostic => ({
  code: 'onnx/not-onnx',
  severity: 'error',
  message: `${file} is not an ONNX model: it looks like ${looksLike}.`,
  advice: 'Open an .onnx file, unpacked if it came in an archive.',
  place: { file },
});

/** The file could not be read; `reason` comes from the system. */
export const readFailed = (file: string, reason: string): Diagnostic => ({
  code: 'base/read-failed',
  severity: 'error',
  message: `${file} could not be read: ${reason}.`,
  advice: 'Check that the file still exists and has not changed since it was opened.',
  place: { file },
});

/** Scales whose shape does not belong to what they quantize. */
export const scaleShapeMismatch = (tensor: string, scale: string): Diagnostic => ({
  code: 'quant/scale-shape',
  severity: 'error',
  message: `The quantizer of ${tensor} does not fit it: scale ${scale} has another shape than axis and block_size ask for, or its type is none that QuantizeLinear gives.`,
  advice: 'Give one scale, or one for each element along the axis, or one for each block.',
  place: { value: tensor },
});

/** A tensor's data does not fit its dimensions. */
export const tensorSizeMismatch = (tensor: string, want: number, have: number): Diagnostic => ({
  code: 'onnx/tensor-size',
  severity: 'warning',
  message: `The tensor ${tensor} holds ${have} bytes of data where its type and dimensions want ${want}.`,
  advice: 'The model is shown, but this data cannot be used; export the model again.',
  place: { value: tensor },
});

/** A tensor that was written down without its data. */
export const tensorWithoutData = (tensor: string): Diagnostic => ({
  code: 'onnx/no-data',
  severity: 'warning',
  message: `The tensor ${tensor} was given without its data.`,
  advice: 'Use the original model where the values matter.',
  place: { value: tensor },
});

/** A mistake in textual ONNX; `line` and `column` count from 1. */
export const textSyntax = (what: string, line: number, column: number): Diagnostic => ({
  code: 'onnx/text-syntax',
  severity: 'error',
  message: `Line ${line}, column ${column}: ${what}.`,
  advice: 'See the description of the textual form at the top of parse-onnx-text.ts.',
});

/** The file ends in the middle of a message. */
export const truncatedFile = (file: string, offset: number, missing: number): Diagnostic => ({
  code: 'onnx/truncated',
  severity: 'error',
  message: `${file} ends too early: ${missing} bytes are missing after byte ${offset}.`,
  advice: 'The download or copy was probably cut off; fetch the file again.',
  place: { file, offset },
});

/** A node name that the model does not have. */
export const unknownNode = (node: string): Diagnostic => ({
  code: 'view/unknown-node',
  severity: 'error',
  message: `The model has no node named ${node}.`,
  advice: 'Choose a node from the outline; names are case-sensitive.',
  place: { node },
});

/** A value that is no constant of the model, where one was asked for. */
export const unknownConstant = (value: string): Diagnostic => ({
  code: 'view/unknown-constant',
  severity: 'error',
  message: `The model has no constant named ${value}.`,
  advice: 'Statistics exist for initializers and for outputs of Constant nodes.',
  place: { value },
});

/** A target that names no TensorRT version and GPU. */
export const unknownTarget = (text: string, sms: readonly number[]): Diagnostic => ({
  code: 'target/unknown',
  severity: 'error',
  message: `"${text}" is not a target.`,
  advice: `Write it like trt10.6-sm90; the GPU is sm${sms.join(', sm')}, or a name such as h100 or rtx4090.`,
});

/** An element type that we do not know. */
export const unsupportedType = (what: string, type: number, place: Place): Diagnostic => ({
  code: 'onnx/unsupported-type',
  severity: 'warning',
  message: `${what} has the element type number ${type}, which is unknown.`,
  advice: 'The model is shown, but nothing is said about this data; a newer version may know it.',
  ...at(place),
});

/** A target whose TensorRT is older than all that we know. */
export const versionTooOld = (text: string, oldest: string): Diagnostic => ({
  code: 'target/version-too-old',
  severity: 'error',
  message: `The TensorRT of ${text} is older than ${oldest}, which is the oldest known version.`,
  advice: `Choose TensorRT ${oldest} or newer.`,
});

/** The thread that does the work died, most often for want of memory. */
export const workerStopped = (reason: string): Diagnostic => ({
  code: 'view/worker-stopped',
  severity: 'error',
  message: `The background worker stopped: ${reason}.`,
  advice:
    'Try again; if it happens again, the model may be too large for the memory of this browser.',
});
