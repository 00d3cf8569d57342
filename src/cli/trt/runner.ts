import type { ProcessEnd, ProcessHooks } from './run-process.ts';
import type { BuildTask } from './backend.ts';

/** A program to be run where the GPU is. */
export interface Job {
  readonly program: string;
  readonly args: readonly string[];
  /** Written to standard input, which then stays open until the end. */
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The build that it is for: its folder is the working folder, and its files are there. Absent for questions. */
  readonly task?: BuildTask;
}

/** Where programs run: this machine or another. */
export interface Runner {
  /** Null for this machine. */
  readonly host: string | null;
  /** How a job names a file of its build. */
  nameOf(task: BuildTask, file: 'model' | 'timingCache'): string;
  /** How a job names a file that is part of this program. */
  ownFile(name: string): string;
  /** Runs a job; what it leaves is in the folder of its build afterwards. Never rejects for what the program does. */
  run(job: Job, hooks: ProcessHooks): Promise<ProcessEnd>;
}

/** Folder of the Python files that are part of this program: beside this module in the sources, beside the bundle when built. */
export const PYTHON_FOLDER = new URL('python/', import.meta.url);
