import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ExitCode } from '../../src/cli/command.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { builtCli } from './built-cli.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface CliResult {
  readonly code: ExitCode;
  readonly out: string;
  /** Lines on standard error. */
  readonly errors: readonly string[];
}

/** Runs a command line in this process. */
export async function cli(
  words: readonly string[],
  style: { readonly columns?: number; readonly colour?: boolean } = {},
): Promise<CliResult> {
  let out = '';
  const errors: string[] = [];
  const code = await runCli(words, {
    write: (text) => {
      out += text;
      return Promise.resolve();
    },
    warn: (line) => errors.push(line),
    columns: style.columns ?? Infinity,
    colour: style.colour ?? false,
  });
  return { code, out, errors };
}

/** Starts the command, built as it is shipped, in a process of its own. `environment` is added to a plain one. */
export function spawnCli(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ChildProcessWithoutNullStreams {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment };
  return spawn(process.execPath, [builtCli(), ...words], { cwd: root, env });
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly error: string;
}

/** What a started command wrote, and how it ended. */
export function ended(child: ChildProcessWithoutNullStreams): Promise<ProcessEnd> {
  let out = '';
  let error = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, out, error });
    });
  });
}

/** A folder that is gone after the tests of the file. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qdq-lab-test-'));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Runs lines of a shell in a folder; `q` is the command in them. */
export const shellIn =
  (folder: string) =>
  (line: string): Promise<ProcessEnd> => {
    const script = `q() { "${process.execPath}" "${builtCli()}" "$@"; }; ${line}`;
    const env = { PATH: process.env['PATH'], HOME: folder };
    return ended(spawn('bash', ['-c', script], { cwd: folder, env }));
  };
