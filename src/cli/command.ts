import type { Diagnostic } from '../core/base/diagnostic.ts';
import type { Operand } from './operand.ts';
import type { Terminal } from './terminal.ts';

/** A flag of a verb. */
export interface Option {
  /** Without dashes. */
  readonly name: string;
  readonly summary: string;
  /** What its value is, in capitals; absent for a flag without one. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** What a shell may complete its value with, where that is a file or folder. */
  readonly operand?: Operand;
  /** May be given several times; else the last one counts. */
  readonly repeats?: true;
}

/** The command line of one call, checked against the verb's options. */
export interface Arguments {
  readonly positionals: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  /** All values of options that may be given several times, in order. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

/** 0 done, 1 found something or done in part, 2 bad use or bad input. */
export type ExitCode = 0 | 1 | 2;

/** Ends a command at once: caught in one place, printed in one line, exit code 2. Stays inside `src/cli`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** A verb of the command line. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Arguments as help shows them: `MODEL…`. */
  readonly usage: string;
  /** What its arguments are, in their order; the last one stands for all further ones where `usage` has a `…`. */
  readonly operands: readonly Operand[];
  /** Paragraphs below the usage line. */
  readonly details: readonly string[];
  readonly options: readonly Option[];
  readonly examples: readonly string[];
  run(args: Arguments, terminal: Terminal): Promise<ExitCode>;
}
