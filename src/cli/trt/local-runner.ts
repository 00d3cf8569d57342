import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProcess } from './run-process.ts';
import { PYTHON_FOLDER } from './runner.ts';
import type { Runner } from './runner.ts';

/** Runs programs on this machine, on the files where they are. */
export const localRunner: Runner = {
  host: null,
  nameOf: (task, file) => resolve(task[file]),
  ownFile: (name) => fileURLToPath(new URL(name, PYTHON_FOLDER)),
  run: ({ program, args, input, environment, task }, hooks) =>
    runProcess(
      {
        program,
        args,
        ...(task && { folder: task.folder }),
        ...(input !== undefined && { input }),
        ...(environment && { environment }),
      },
      hooks,
    ),
};
