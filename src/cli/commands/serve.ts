import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { foundText } from '../build-text.ts';
import { buildSettings } from '../build-options.ts';
import { cannotWriteFile, optionValueInvalid, wrongArguments } from '../cli-diagnostics.ts';
import { Refusal } from '../command.ts';
import type { Arguments, Command, ExitCode } from '../command.ts';
import { pageNotBuilt, portTaken } from '../companion-diagnostics.ts';
import type { RunnerFacts } from '../companion/build-runner.ts';
import { startCompanion } from '../companion/start-companion.ts';
import type { Companion } from '../companion/start-companion.ts';
import { TensorrtRunner } from '../companion/tensorrt-runner.ts';
import { describeDiagnostic } from '../describe-diagnostic.ts';
import { reasonOf } from '../file-byte-source.ts';
import { ANY_FILE, FOLDER } from '../operand.ts';
import { choiceOf, integerOf } from '../option-values.ts';
import { packageVersion } from '../package-version.ts';
import { pageRoot } from '../page-root.ts';
import { printable } from '../plain-text.ts';
import type { Terminal } from '../terminal.ts';
import { withInterrupts } from '../trt/interrupts.ts';

/** One port, so that the browser knows the page again. */
const DEFAULT_PORT = 8090;
const MOST_PORT = 65535;

/** `qdq-lab serve`: the page, with the TensorRT of this machine behind it. */
export const serve: Command = {
  name: 'serve',
  summary: 'open the page with the TensorRT of this machine behind it',
  usage: '',
  operands: [],
  details: [
    'Serves the page on this machine alone (127.0.0.1) and prints its address. The page opened by that address can have the model\n' +
      'on show built with TensorRT, as qdq-lab build does it, and shows the real engine beside the prediction.',
    'The address ends in a token that is new with each start: only pages that know it may build. Models are taken from the\n' +
      'memory of the page and built one after the other; they and their engines are gone when the server ends, unless --out keeps\n' +
      'the engines.',
    'Is the GPU elsewhere? Run it there, forward the port with ssh -L 8090:127.0.0.1:8090 user@box, and open the same address here.',
  ],
  options: [
    { name: 'port', value: 'N', summary: `port (default ${String(DEFAULT_PORT)}, or the next)` },
    {
      name: 'out',
      value: 'DIR',
      operand: FOLDER,
      summary: 'folder in which builds are kept, each in one of its own',
    },
    {
      name: 'backend',
      value: 'WHICH',
      choices: ['trtexec', 'python'],
      summary: "what builds: the program trtexec, or Python's tensorrt",
    },
    {
      name: 'trtexec',
      value: 'PATH',
      operand: ANY_FILE,
      summary: 'the trtexec to use (else $TRTEXEC, PATH, usual places)',
    },
    {
      name: 'python',
      value: 'PATH',
      operand: ANY_FILE,
      summary: 'the Python that has tensorrt (default python3)',
    },
    { name: 'workspace', value: 'MB', summary: 'memory that kernels may take, at most' },
    { name: 'max-tactics', value: 'N', summary: 'kernels timed for a layer, at most' },
    { name: 'runs', value: 'N', summary: 'runs to time (default 200)' },
    { name: 'timeout', value: 'S', summary: 'seconds that one model may take' },
    { name: 'json', summary: 'print the address as JSON' },
    { name: 'quiet', summary: 'say nothing about builds' },
  ],
  examples: [
    'qdq-lab serve --port 9000',
    'qdq-lab serve --out engines',
    'qdq-lab serve --backend python --python ~/trt/bin/python',
  ],
  run,
};

async function run(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { positionals, flags } = args;
  if (positionals.length > 0)
    throw new Refusal(wrongArguments('serve', 'no arguments', positionals.length));
  return withInterrupts<ExitCode>(async (signal) => {
    const say = (text: string): void => {
      if (!flags.has('quiet')) terminal.warn(printable(`qdq-lab: ${text}`));
    };
    const companion = await started(args, say);
    try {
      const { url } = companion;
      await terminal.write(
        flags.has('json')
          ? `${JSON.stringify(addressOf(url))}\n`
          : `QDQ Lab is at ${url}  (stop with Ctrl+C)\n`,
      );
      tellFacts(await companion.facts, terminal, say);
      await until(signal);
    } finally {
      await companion.close();
    }
    return 0;
  });
}

async function started(args: Arguments, say: (text: string) => void): Promise<Companion> {
  const { values } = args;
  const root = pageRoot();
  if (root === undefined) throw new Refusal(pageNotBuilt());
  const port = portOf(args);
  const version = await packageVersion();
  const runner = new TensorrtRunner({
    wish: {
      backend: choiceOf(args, 'backend', ['trtexec', 'python']),
      trtexec: values.get('trtexec'),
      python: values.get('python'),
    },
    settings: buildSettings(args, null),
    producer: `qdq-lab ${version}`,
    onNote: say,
  });
  const keepIn = await folderOf(args);
  const where = { root, port: port ?? DEFAULT_PORT, nextFree: port === undefined };
  try {
    return await startCompanion({ ...where, runner, version, keepIn, log: say });
  } catch (error) {
    if (['EADDRINUSE', 'EACCES'].includes(reasonOf(error)))
      throw new Refusal(portTaken(where.port, reasonOf(error) === 'EACCES'));
    throw error;
  }
}

function portOf(args: Arguments): number | undefined {
  const port = integerOf(args, 'port', 0);
  if (port !== undefined && port > MOST_PORT)
    throw new Refusal(optionValueInvalid('port', String(port), String(DEFAULT_PORT)));
  return port;
}

/** The folder of `--out`, made where it is not there. */
async function folderOf({ values }: Arguments): Promise<string | undefined> {
  const out = values.get('out');
  if (out === undefined) return undefined;
  try {
    await mkdir(out, { recursive: true });
  } catch (error) {
    throw new Refusal(cannotWriteFile(out, reasonOf(error)));
  }
  return resolve(out);
}

/** What builds here, or why nothing does: the page is served all the same, and looks again when it is asked to. */
function tellFacts(
  { backends, gpu, problem }: RunnerFacts,
  terminal: Terminal,
  say: (text: string) => void,
): void {
  const [builder] = backends;
  if (problem !== null) terminal.warn(describeDiagnostic({ ...problem, severity: 'warning' }));
  else if (builder !== undefined) {
    const { id: backend, trtVersion } = builder;
    const clocks = { smClockMhz: null, memoryClockMhz: null };
    const facts = { backend, program: backend, trtVersion, gpu: gpu && { ...gpu, ...clocks } };
    say(foundText(facts, null));
  }
}

/** What `--json` prints, once. */
export interface ServeAddress {
  readonly url: string;
  readonly port: number;
}

const addressOf = (url: string): ServeAddress => ({ url, port: Number(new URL(url).port) });

const until = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
