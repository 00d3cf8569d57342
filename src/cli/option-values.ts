import type { NumberRange } from '../core/inputs/random-feeds.ts';
import type { Triple } from '../core/inputs/preprocess.ts';
import { optionValueInvalid } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import type { Arguments } from './command.ts';

/*
 * Values of options as what they mean; undefined where the option is not given. All throw a `Refusal` on a value that cannot
 * be read.
 */

/** The text as a number, where it is one and nothing else. */
function numberIn(text: string): number | undefined {
  const number = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

const refuse = (option: string, text: string, wanted: string): never => {
  throw new Refusal(optionValueInvalid(option, text, wanted));
};

/** One of a list of choices that `parseArguments` has checked. */
export const choiceOf = <T extends string>(
  args: Arguments,
  option: string,
  choices: readonly T[],
): T | undefined => choices.find((choice) => choice === args.values.get(option));

/** An integer from `least` on. */
export function integerOf(args: Arguments, option: string, least: number): number | undefined {
  const text = args.values.get(option);
  if (text === undefined) return undefined;
  const number = numberIn(text);
  return number !== undefined && Number.isSafeInteger(number) && number >= least
    ? number
    : refuse(option, text, '16');
}

/** Any number. */
export function numberOf(args: Arguments, option: string): number | undefined {
  const text = args.values.get(option);
  if (text === undefined) return undefined;
  return numberIn(text) ?? refuse(option, text, '99.99');
}

/** Pixels: `640` for a square, `640x480` for width and height. */
export function sizeOf(
  args: Arguments,
  option: string,
): { readonly width: number; readonly height: number } | undefined {
  const text = args.values.get(option);
  if (text === undefined) return undefined;
  const [, width, height = width] = /^([1-9]\d{0,4})(?:x([1-9]\d{0,4}))?$/.exec(text) ?? [];
  return width === undefined
    ? refuse(option, text, '640x480')
    : { width: Number(width), height: Number(height) };
}

/** Three numbers, or one for all three. */
export function tripleOf(args: Arguments, option: string): Triple | undefined {
  const text = args.values.get(option);
  if (text === undefined) return undefined;
  const numbers = text.split(',').map(numberIn);
  const [a, b = a, c = a] = numbers;
  const isWhole = numbers.length === 3 || numbers.length === 1;
  return isWhole &&
    a !== undefined &&
    b !== undefined &&
    c !== undefined &&
    !numbers.includes(undefined)
    ? [a, b, c]
    : refuse(option, text, '0.485,0.456,0.406');
}

/** `batch=8,seq=128`; names may hold anything but the last `=` and commas. */
function namedOf<T>(
  args: Arguments,
  option: string,
  read: (text: string) => T | undefined,
  wanted: string,
): Readonly<Record<string, T>> | undefined {
  const text = args.values.get(option);
  if (text === undefined) return undefined;
  const named: Record<string, T> = {};
  for (const part of text.split(',')) {
    const [, name, rest] = /^(.+)=([^=]*)$/.exec(part) ?? [];
    const value = rest === undefined ? undefined : read(rest);
    if (name === undefined || value === undefined) return refuse(option, text, wanted);
    named[name] = value;
  }
  return named;
}

/** Sizes by name. */
export const namedSizesOf = (
  args: Arguments,
  option: string,
): Readonly<Record<string, number>> | undefined =>
  namedOf(
    args,
    option,
    (text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined),
    'batch=8,seq=128',
  );

/** Ranges by name. */
export const namedRangesOf = (
  args: Arguments,
  option: string,
): Readonly<Record<string, NumberRange>> | undefined =>
  namedOf(args, option, rangeIn, 'ids=0:30521');

function rangeIn(text: string): NumberRange | undefined {
  const [min, max, ...rest] = text.split(':').map(numberIn);
  return min !== undefined && max !== undefined && rest.length === 0 ? { min, max } : undefined;
}
