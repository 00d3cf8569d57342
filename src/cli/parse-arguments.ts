import { parseArgs } from 'node:util';
import {
  optionValueUnknown,
  optionWithValue,
  optionWithoutValue,
  unknownOption,
} from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import type { Arguments, Option } from './command.ts';
import { didYouMean } from './did-you-mean.ts';

/** Flags that every verb has. */
export const COMMON_OPTIONS: readonly Option[] = [{ name: 'help', summary: 'show this text' }];

/**
 * Reads the command line of `verb`. Throws a `Refusal` on options that it does not have, on values that are missing,
 * superfluous or none of the choices.
 */
export function parseArguments(
  verb: string,
  options: readonly Option[],
  words: readonly string[],
): Arguments {
  const known = new Map([...options, ...COMMON_OPTIONS].map((option) => [option.name, option]));
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(
      [...known.values()].map(({ name, value }) => [
        name,
        { type: value === undefined ? 'boolean' : 'string' } as const,
      ]),
    ),
    // Our own messages say more than those of strict mode.
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const positionals: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const lists = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const option = known.get(token.name);
    if (option === undefined) throw new Refusal(unknown(verb, token.rawName, [...known.keys()]));
    const value = checkedValue(verb, option, token);
    if (value === undefined) flags.add(option.name);
    else values.set(option.name, value);
    if (option.repeats && value !== undefined)
      lists.set(option.name, [...(lists.get(option.name) ?? []), value]);
  }
  return { positionals, flags, values, lists };
}

function unknown(verb: string, rawName: string, names: readonly string[]) {
  const closest = didYouMean(rawName.replace(/^-+/, ''), names);
  return unknownOption(rawName, verb, closest && `--${closest}`);
}

/** What parseArgs says of an option's value; `inlineValue` tells `--out=x` from `--out x`. */
interface GivenValue {
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function checkedValue(verb: string, option: Option, given: GivenValue): string | undefined {
  const { value, inlineValue } = given;
  if (option.value === undefined) {
    if (value !== undefined) throw new Refusal(optionWithValue(option.name, verb));
    return undefined;
  }
  // `--out --json` forgot a value; a value that really starts with dashes is written `--out=--json`.
  if (value === undefined || value === '' || (value.startsWith('--') && !inlineValue))
    throw new Refusal(optionWithoutValue(option.name, option.value, verb));
  if (option.choices && !option.choices.includes(value))
    throw new Refusal(optionValueUnknown(option.name, value, option.choices));
  return value;
}
