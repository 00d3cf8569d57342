import type { Diagnostic } from '../core/base/diagnostic.ts';

/*
 * The sentences of the command line itself: bad use, and files that cannot be read. Those about models and targets are
 * core's, in `core/base/diagnostics.ts`.
 */

const usage = (code: string, message: string, advice: string): Diagnostic => ({
  code: `cli/${code}`,
  severity: 'error',
  message,
  advice,
});

const orHelp = (closest: string | undefined, help: string): string =>
  closest === undefined ? `See ${help}.` : `Did you mean ${closest}? Else see ${help}.`;

/** A file or folder that the system does not let us read; `reason` is its code or message. */
export function cannotRead(file: string, reason: string): Diagnostic {
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EACCES: 'reading it is not permitted',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of its path is not a folder',
  };
  const message = `Cannot be read: ${known[reason] ?? reason}.`;
  return { ...usage('cannot-read', message, 'Check the path.'), place: { file } };
}

/** A file that cannot be written; `reason` is the system's code or message. */
export function cannotWriteFile(file: string, reason: string): Diagnostic {
  const known: Readonly<Record<string, readonly [string, string]>> = {
    ENOSPC: ['no space is left on the device', 'Free some space, or write to another device.'],
    EDQUOT: ['your quota on the device is used up', 'Free some space, or write to another device.'],
    EACCES: ['writing there is not permitted', 'Write to another folder.'],
    EPERM: ['writing there is not permitted', 'Write to another folder.'],
    EROFS: ['the file system is read-only', 'Write to another folder.'],
    EISDIR: ['it is a folder', 'Name a file in it.'],
    ENOTDIR: ['a part of its path is a file', 'Check the path.'],
    EEXIST: ['a part of its path is a file', 'Check the path.'],
    ENOENT: ['there can be no such file or folder', 'Write to another folder.'],
    ENAMETOOLONG: ['its name is too long', 'Choose a shorter name.'],
    EIO: ['the device does not take it', 'Check the device, or write to another.'],
  };
  const [why, advice] = known[reason] ?? [reason, 'Check the path, or write to another folder.'];
  // The file is named here, for it may be told beside the name of a model.
  return {
    ...usage('cannot-write', `${file} cannot be written: ${why}.`, advice),
    place: { file },
  };
}

/** A .gz file that does not unpack. */
export const cannotUnpack = (file: string, reason: string): Diagnostic => ({
  ...usage(
    'cannot-unpack',
    `The gzip data is damaged: ${reason}.`,
    'Fetch or pack the file again, or unpack it before.',
  ),
  place: { file },
});

/** Two options that exclude each other. */
export const conflictingOptions = (first: string, second: string): Diagnostic =>
  usage(
    'conflicting-options',
    `--${first} and --${second} exclude each other.`,
    'Use one of them.',
  );

/** A table of a corpus without a column that is needed. */
export const corpusColumnMissing = (file: string, column: string): Diagnostic => ({
  ...usage(
    'corpus-column-missing',
    `The table has no column ${column}.`,
    'Its first line must name the columns target, kind, model and mode, with tabs between.',
  ),
  place: { file },
});

/** A corpus of which no row is left to work on. */
export const corpusEmpty = (file: string, available: string): Diagnostic => ({
  ...usage('corpus-empty', 'No row fits the filters.', `It has ${available}.`),
  place: { file },
});

/** Too few or too many arguments. */
export const wrongArguments = (verb: string, wanted: string, have: number): Diagnostic =>
  usage(
    'wrong-arguments',
    `${verb} wants ${wanted}, but was given ${have === 0 ? 'nothing' : String(have)}.`,
    `See qdq-lab ${verb} --help.`,
  );

/** A data file of the model would overwrite a file with other contents. */
export const dataFileDiffers = (file: string, from: string): Diagnostic => ({
  ...usage(
    'data-file-differs',
    `The model needs its data file ${from} here, but another file is in this place.`,
    'Write to another folder, or allow to overwrite it with --force.',
  ),
  place: { file },
});

/** The model would be written over what it was read from. */
export const outputIsInput = (file: string): Diagnostic => ({
  ...usage(
    'output-is-input',
    'The model would be written over a file that it is read from.',
    'Name another file; --force replaces the model itself, never its data.',
  ),
  place: { file },
});

/** A defect of ours, met while working on a model. */
export const internalError = (reason: string): Diagnostic =>
  usage(
    'internal-error',
    `This is a defect of qdq-lab: ${reason.replace(/^internal error: /, '').replace(/\.$/, '')}.`,
    'Please report it with the model; DEBUG=1 shows where it happened.',
  );

/** Nothing says where scales are to come from. */
export const noCalibration = (): Diagnostic =>
  usage(
    'no-calibration',
    'quantize needs data or scales.',
    'Give images or arrays with --calib, or scales with --cache; --calib random:1 is for trying out.',
  );

/** An option that makes sense only with another. */
export const needsOption = (option: string, other: string): Diagnostic =>
  usage('needs-option', `--${option} needs --${other}.`, `Give --${other} as well.`);

/** Scales that nobody has given: the model is whole, but its numbers are not. */
export const scalesPending = (values: readonly string[]): Diagnostic => ({
  ...usage(
    'scales-pending',
    `The scales of ${String(values.length)} values are not known and stand at 1: ${values.slice(0, 5).join(', ')}${values.length > 5 ? ' …' : ''}.`,
    'Give them with --calib or --cache; the numbers of the model are wrong until then.',
  ),
  severity: 'warning',
});

/** An option that wants a value and has none. */
export const optionWithoutValue = (option: string, value: string, verb: string): Diagnostic =>
  usage('option-without-value', `--${option} wants ${value}.`, `See qdq-lab ${verb} --help.`);

/** An option whose value cannot be read; `wanted` shows how it is written. */
export const optionValueInvalid = (option: string, value: string, wanted: string): Diagnostic =>
  usage(
    'option-value-invalid',
    `--${option} cannot read "${value}".`,
    `Write it like --${option} ${wanted}.`,
  );

/** An image that is neither PNG nor JPEG, or is damaged. */
export const imageUnreadable = (file: string, reason: string): Diagnostic => ({
  ...usage(
    'image-unreadable',
    `The image cannot be decoded: ${reason.replace(/\.$/, '')}.`,
    'Give PNG or JPEG files, or the data as .npy.',
  ),
  place: { file },
});

/** Images and arrays of numbers in one source. */
export const mixedInputs = (source: string): Diagnostic => ({
  ...usage(
    'mixed-inputs',
    'There are images and arrays of numbers together.',
    'Choose one kind with a pattern such as "folder/*.png".',
  ),
  place: { file: source },
});

/** An option whose value is none of its choices. */
export const optionValueUnknown = (
  option: string,
  value: string,
  choices: readonly string[],
): Diagnostic =>
  usage(
    'option-value-unknown',
    `--${option} does not know "${value}".`,
    `Choose one of ${choices.join(', ')}.`,
  );

/** A report whose kind its name does not tell. */
export const reportKindUnknown = (file: string, endings: readonly string[]): Diagnostic => ({
  ...usage(
    'report-kind-unknown',
    `Which kind of report is wanted cannot be told from its name.`,
    `Let the name end in ${endings.join(', ')}.`,
  ),
  place: { file },
});

/** A value for an option that takes none. */
export const optionWithValue = (option: string, verb: string): Diagnostic =>
  usage('option-with-value', `--${option} takes no value.`, `See qdq-lab ${verb} --help.`);

/** A flag that the verb does not have. */
export const unknownOption = (option: string, verb: string, closest?: string): Diagnostic =>
  usage(
    'unknown-option',
    `${verb === '' ? 'qdq-lab' : verb} has no option ${option}.`,
    orHelp(closest, `qdq-lab ${verb === '' ? '' : `${verb} `}--help`),
  );

/** A verb that does not exist. */
export const unknownVerb = (verb: string, closest?: string): Diagnostic =>
  usage('unknown-verb', `There is no verb "${verb}".`, orHelp(closest, 'qdq-lab --help'));

/** A node that the model does not have; `nearest` are names that may have been meant. */
export const unknownNodeOf = (
  file: string,
  node: string,
  nearest: readonly string[],
): Diagnostic => ({
  ...usage(
    'unknown-node',
    `The model has no node named ${node}.`,
    nearest.length === 0
      ? 'Names are case-sensitive; predict --json lists the nodes of each layer.'
      : `Did you mean ${nearest.join(' or ')}?`,
  ),
  place: { file, node },
});
