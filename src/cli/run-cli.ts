import { cannotWriteFile, unknownOption, unknownVerb } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import type { ExitCode } from './command.ts';
import { COMMANDS } from './commands.ts';
import { describeDiagnostic } from './describe-diagnostic.ts';
import { didYouMean } from './did-you-mean.ts';
import { commandText, overviewText } from './help-text.ts';
import { packageVersion } from './package-version.ts';
import { parseArguments } from './parse-arguments.ts';
import { OutputFailed } from './terminal.ts';
import type { Terminal } from './terminal.ts';

const HELP: ReadonlySet<string | undefined> = new Set(['--help', '-h', 'help']);
const VERSION: ReadonlySet<string | undefined> = new Set(['--version', '-V']);

/** Runs the command line `words` (without node and script) and gives its exit code. Bad use ends here, in one line. */
export async function runCli(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    return await dispatch(words, terminal);
  } catch (error) {
    const diagnostic =
      error instanceof OutputFailed
        ? cannotWriteFile('standard output', error.reason)
        : error instanceof Refusal
          ? error.diagnostic
          : undefined;
    if (diagnostic === undefined) throw error;
    terminal.warn(describeDiagnostic(diagnostic));
    return 2;
  }
}

async function dispatch(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [verb, ...rest] = words;
  if (HELP.has(verb) && (rest.length === 0 || verb !== 'help')) {
    await terminal.write(overviewText(COMMANDS, terminal.columns));
    return 0;
  }
  if (VERSION.has(verb)) {
    await terminal.write(`qdq-lab ${await packageVersion()}\n`);
    return 0;
  }
  if (verb === undefined) {
    terminal.warn(overviewText(COMMANDS, terminal.columns).trimEnd());
    return 2;
  }
  const end = rest.indexOf('--');
  const beforeEnd = end < 0 ? rest : rest.slice(0, end);
  const asksHelp = verb === 'help' || beforeEnd.some((word) => word === '--help' || word === '-h');
  const name = verb === 'help' ? (rest[0] ?? '') : verb;
  const names = COMMANDS.map((command) => command.name);
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (name.startsWith('-')) throw new Refusal(unknownOption(name, '', optionLike(name)));
  if (command === undefined) throw new Refusal(unknownVerb(name, didYouMean(name, names)));
  if (asksHelp) {
    await terminal.write(commandText(command, terminal.columns));
    return 0;
  }
  return command.run(parseArguments(command.name, command.options, rest), terminal);
}

function optionLike(name: string): string | undefined {
  const closest = didYouMean(name.replace(/^-+/, ''), ['help', 'version']);
  return closest && `--${closest}`;
}
