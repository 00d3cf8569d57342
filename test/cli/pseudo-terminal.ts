import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./pseudo-terminal.py', import.meta.url));

/** Waits for what it names, then acts; see `pseudo-terminal.py`. */
export interface Step {
  readonly until?: string;
  readonly quietMs?: number;
  readonly file?: string;
  readonly size?: number;
  readonly send?: string;
  readonly signal?: number;
}

export interface Plan {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly columns?: number;
  readonly steps?: readonly Step[];
  readonly seconds?: number;
}

export interface TerminalEnd {
  /** All that was shown, control sequences included. */
  readonly output: string;
  readonly code?: number;
  readonly signal?: number;
  readonly timedOut: boolean;
}

/** Why there is no pseudo-terminal here; false where there is one. For `skip` of tests. */
export const noTerminal: string | false =
  spawnSync('python3', ['-c', 'import pty']).status === 0
    ? false
    : 'there is no python3 with pseudo-terminals';

/** Runs a command on a pseudo-terminal. */
export async function onTerminal(plan: Plan): Promise<TerminalEnd> {
  const env = { PATH: process.env['PATH'], HOME: plan.cwd, TERM: 'xterm', LANG: 'C.UTF-8' };
  const child = spawn('python3', [script]);
  let out = '';
  let error = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
  child.stdin.end(JSON.stringify({ steps: [], ...plan, env: { ...env, ...plan.env } }));
  await new Promise((resolve) => child.on('close', resolve));
  if (error !== '') throw new Error(error);
  const end = JSON.parse(out) as TerminalEnd;
  return { ...end, output: Buffer.from(end.output, 'base64').toString() };
}
