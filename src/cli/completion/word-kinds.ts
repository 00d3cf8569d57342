import type { Command, Option } from '../command.ts';
import { TEXT, wordOf } from '../operand.ts';
import type { Operand } from '../operand.ts';
import { COMMON_OPTIONS } from '../parse-arguments.ts';

/** What may stand at one place of a verb's arguments; the last one may stand for all that follow. */
export interface Place {
  /** From 1 on. */
  readonly index: number;
  readonly repeats: boolean;
  readonly operand: Operand;
}

/** The places of a verb's arguments. */
export const placesOf = ({ operands, usage }: Command): readonly Place[] =>
  operands.map((operand, i) => ({
    index: i + 1,
    repeats: i === operands.length - 1 && usage.includes('…'),
    operand,
  }));

/** All options of a verb, those included that every verb has. */
export const optionsOf = ({ options }: Command): readonly Option[] => [
  ...options,
  ...COMMON_OPTIONS,
];

/** What the value of an option is; undefined for one that takes none. */
export function valueOf({ value, choices, operand }: Option): Operand | undefined {
  if (value === undefined) return undefined;
  return choices ? wordOf(choices) : (operand ?? TEXT);
}

/** One word for a shell of the Bourne kind, whatever is in it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
