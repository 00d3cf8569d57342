import type { Command } from './command.ts';
import { predict } from './commands/predict.ts';
import { predictCorpus } from './commands/predict-corpus.ts';

/** Every verb, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [predict, predictCorpus];
