/** Where a command writes, and what that place can show. */
export interface Terminal {
  /** Writes to standard output as it is. */
  write(text: string): Promise<void>;
  /** Writes one line to standard error. */
  warn(line: string): void;
  /** Characters that a line may take; Infinity where output goes to a file or pipe of unknown width. */
  readonly columns: number;
  readonly colour: boolean;
  /** Replaces the last line of standard error by a text, or takes it away; absent where nobody would see it move. */
  readonly status?: (text: string) => void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown by `write` when nobody reads standard output any more: the quiet end of `qdq-lab … | head`. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/** Thrown by `write` when standard output takes no more, as on a full disk; `reason` is the system's code. */
export class OutputFailed extends Error {
  override readonly name = 'OutputFailed';
  readonly reason: string;

  constructor(reason: string) {
    super(`standard output: ${reason}`);
    this.reason = reason;
  }
}

const writeError = (error: NodeJS.ErrnoException): OutputClosed | OutputFailed =>
  error.code === 'EPIPE' ? new OutputClosed() : new OutputFailed(error.code ?? error.message);

/** Whether to colour: NO_COLOR and FORCE_COLOR (see no-color.org and force-color.org) go before what the stream is. */
function wantsColour(environment: Environment, isTerminal: boolean): boolean {
  if (environment['NO_COLOR']) return false;
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0';
  return isTerminal && environment['TERM'] !== 'dumb';
}

/** COLUMNS goes before what the stream says, which goes before no limit at all. */
function widthOf(environment: Environment, stream: { readonly columns?: number }): number {
  const asked = Number(environment['COLUMNS']);
  if (Number.isInteger(asked) && asked > 0) return asked;
  return stream.columns ?? Infinity;
}

/** Carriage return and "erase to the end of the line": the bar stands alone on the last line. */
const statusOf =
  (stream: NodeJS.WriteStream) =>
  (text: string): void => {
    stream.write(`\r\u001b[K${text}`);
  };

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  let failure: OutputClosed | OutputFailed | undefined;
  // A failed write shows up both as an event and in the callback of `write`; without a listener it would be thrown.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    failure = writeError(error);
  });
  // Nobody is left to be told that nobody can be told.
  stderr.on('error', () => undefined);
  const write = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      if (failure) {
        reject(failure);
        return;
      }
      stdout.write(text, (error?: NodeJS.ErrnoException | null) => {
        if (error) reject(writeError(error));
        else resolve();
      });
    });
  return {
    write,
    warn: (line) => void stderr.write(`${line}\n`),
    columns: widthOf(env, stdout),
    colour: wantsColour(env, stdout.isTTY),
    ...(stderr.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb' && { status: statusOf(stderr) }),
  };
}
