import { optionValueUnknown, wrongArguments } from '../cli-diagnostics.ts';
import { Refusal } from '../command.ts';
import type { Command } from '../command.ts';
import { jsonSchemaOf, SCHEMA_NAMES } from '../json-schemas.ts';
import { wordOf } from '../operand.ts';

/** `qdq-lab schema VERB`: what a verb prints with `--json`, as a JSON schema. */
export const schema: Command = {
  name: 'schema',
  summary: 'print the JSON schema of what a verb prints with --json',
  usage: 'VERB',
  operands: [wordOf(SCHEMA_NAMES)],
  details: [
    'Prints the JSON schema (draft 7) of what VERB prints with --json. Fields that it requires stay in later versions; new ones may come.',
    'When a verb ends with exit code 2, it has told why on standard error, and prints no JSON unless it worked on several models.',
  ],
  options: [],
  examples: ['qdq-lab schema lint', 'qdq-lab schema validate > validate.schema.json'],
  run: async ({ positionals }, terminal) => {
    const [verb, ...rest] = positionals;
    if (verb === undefined || rest.length > 0)
      throw new Refusal(wrongArguments('schema', 'a verb', positionals.length));
    const found = jsonSchemaOf(verb);
    if (found === undefined) throw new Refusal(optionValueUnknown('schema', verb, SCHEMA_NAMES));
    await terminal.write(`${JSON.stringify(found, null, 2)}\n`);
    return 0;
  },
};
