import type { Diagnostic } from '../core/base/diagnostic.ts';

/*
 * The sentences of the server that builds for the page. None of them repeats what a client sent unchecked, and none holds the
 * token.
 */

const problem = (code: string, message: string, advice: string): Diagnostic => ({
  code: `companion/${code}`,
  severity: 'error',
  message,
  advice,
});

const OWN_PAGE = 'Use the page at the address that qdq-lab serve printed.';

/** A request from another site, another name for this machine, or another machine. */
export const foreignRequest = (): Diagnostic =>
  problem('foreign-request', 'The request does not come from the page of this server.', OWN_PAGE);

/** No token, or another one. */
export const tokenWrong = (): Diagnostic =>
  problem(
    'token-wrong',
    'The token is missing or is not the one of this server.',
    'Open the address that qdq-lab serve printed last: each start makes a new token.',
  );

/** A path that the server does not have. */
export const unknownPath = (): Diagnostic =>
  problem('unknown-path', 'The server has no such path.', OWN_PAGE);

/** A job that never was, or is forgotten. */
export const unknownJob = (): Diagnostic =>
  problem(
    'unknown-job',
    'There is no such job: jobs are forgotten some time after their end.',
    'Build the model again.',
  );

/** A method that the path does not take. */
export const wrongMethod = (allowed: string): Diagnostic =>
  problem('wrong-method', `The path takes ${allowed} only.`, OWN_PAGE);

/** A body of another type. */
export const wrongContentType = (wanted: string): Diagnostic =>
  problem('wrong-content-type', `The body has to be ${wanted}.`, OWN_PAGE);

/** A body that is too long. */
export const tooLarge = (limit: string): Diagnostic =>
  problem(
    'too-large',
    `More was sent than may be: ${limit}.`,
    'Send less, or build it with qdq-lab build.',
  );

/** A body that came too slowly, or stopped. */
export const tooSlow = (): Diagnostic =>
  problem('too-slow', 'The request came too slowly and was given up.', 'Send it again.');

/** A body that is no JSON, or not what the path takes. */
export const badRequest = (what: string): Diagnostic =>
  problem('bad-request', `The request cannot be understood: ${what}.`, OWN_PAGE);

/** A file name that could mean something else than a file below the job's folder. */
export const unsafeName = (index: number): Diagnostic =>
  problem(
    'unsafe-name',
    `The name of file ${String(index + 1)} is not one that is safe on every system.`,
    'Names are relative, without "..", backslashes, colons, control characters, or a dash or dot in front. Rename the file, and in the model too where it names it.',
  );

/** Two files with one name, or a file where another needs a folder. */
export const clashingNames = (name: string): Diagnostic =>
  problem(
    'clashing-names',
    `Two files want the place of ${name}.`,
    'Give each file a name of its own.',
  );

/** The queue has no room. */
export const queueFull = (jobs: number): Diagnostic =>
  problem(
    'queue-full',
    `${String(jobs)} jobs wait already.`,
    'Wait until one ends, or cancel one.',
  );

/** The disk of temporary files is too full. */
export const noSpace = (): Diagnostic =>
  problem(
    'no-space',
    'The disk for temporary files has too little room for this model.',
    'Free some space, or set TMPDIR to another disk and start qdq-lab serve again.',
  );

/** Something that the job is past, or not at yet. */
export const wrongState = (what: string): Diagnostic =>
  problem('wrong-state', `The job ${what}.`, 'Build the model again.');

/** Bytes that are fewer than was said. */
export const incompleteFile = (): Diagnostic =>
  problem('incomplete-file', 'Fewer bytes came than were announced.', 'Send the file again.');

/** A file that is being sent twice at once. */
export const fileTaken = (): Diagnostic =>
  problem('file-taken', 'The file is there already, or on its way.', 'Build the model again.');

/** A kind of file that the build has not left. */
export const noArtefact = (): Diagnostic =>
  problem('no-artefact', 'The build has left no such file.', 'See the list of its files.');

/** Too many streams of events. */
export const tooManyStreams = (): Diagnostic =>
  problem('too-many-streams', 'Too many pages watch builds.', 'Close some of them.');

/** A model that names data outside its folder. */
export const dataOutside = (): Diagnostic =>
  problem(
    'data-outside',
    'The model names external data by a path that is not safe to read from here.',
    'Save the model with its external data in files beside it.',
  );

/** External data that was not sent. */
export const dataMissing = (file: string): Diagnostic =>
  problem(
    'data-missing',
    `The model needs its external data file ${file}, which was not sent.`,
    'Open the model together with its external data files, and build again.',
  );

/** There is no page to serve. */
export const pageNotBuilt = (): Diagnostic =>
  problem('page-not-built', 'The page is not built.', 'Build it with npm run build.');

/** Another program has the port, or the system keeps it to itself. */
export const portTaken = (port: number, isForbidden: boolean): Diagnostic =>
  problem(
    'port-taken',
    `Port ${String(port)} ${isForbidden ? 'may not be used by you' : 'is taken'}.`,
    'Name another with --port, or leave --port out to take a free one.',
  );

/** A defect of ours. */
export const companionDefect = (): Diagnostic =>
  problem(
    'internal-error',
    'This is a defect of qdq-lab serve; its terminal says more.',
    'Please report it with what the terminal says.',
  );

/** The server is ending. */
export const serverEnding = (): Diagnostic =>
  problem('server-ending', 'The server is being stopped.', 'Start qdq-lab serve again.');

/** A build that was stopped by who asked for it, or with the server. */
export const buildCancelled = (): Diagnostic => ({
  ...problem('cancelled', 'The build was cancelled.', 'Build the model again.'),
  severity: 'info',
});
