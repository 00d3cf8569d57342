import type { Command } from './command.ts';
import { lint } from './commands/lint.ts';
import { predict } from './commands/predict.ts';
import { predictCorpus } from './commands/predict-corpus.ts';

/** Every verb, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [predict, lint, predictCorpus];
