import { runCli } from './run-cli.ts';
import { OutputClosed, processTerminal } from './terminal.ts';

/*
 * Entry of the `qdq-lab` command. There is no handler for SIGINT but while a file is written or a progress bar stands on
 * the terminal (see `last-resorts.ts`): Node's own ends the process at once, also in the middle of a long prediction.
 */
try {
  process.exitCode = await runCli(process.argv.slice(2), processTerminal());
} catch (error) {
  if (!(error instanceof OutputClosed)) throw error;
  process.exitCode = 0;
}
