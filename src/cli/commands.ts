import type { Command } from './command.ts';
import { build } from './commands/build.ts';
import { completion } from './commands/completion.ts';
import { diff } from './commands/diff.ts';
import { engine } from './commands/engine.ts';
import { lint } from './commands/lint.ts';
import { optimize } from './commands/optimize.ts';
import { placement } from './commands/placement.ts';
import { predict } from './commands/predict.ts';
import { predictCorpus } from './commands/predict-corpus.ts';
import { quantize } from './commands/quantize.ts';
import { schema } from './commands/schema.ts';
import { serve } from './commands/serve.ts';
import { validate } from './commands/validate.ts';
import { why } from './commands/why.ts';

/** Every verb, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  predict,
  lint,
  why,
  optimize,
  quantize,
  validate,
  diff,
  engine,
  placement,
  build,
  serve,
  predictCorpus,
  schema,
  completion(() => COMMANDS),
];
