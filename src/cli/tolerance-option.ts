import type { Tolerance } from '../core/validate/validation-report.ts';
import { optionValueInvalid } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import type { Arguments, Option } from './command.ts';

/** Least SQNR in dB of every output where nothing else is asked for: of B against A, and against the float model. */
export const DEFAULT_DB = { pair: 30, float: 20 } as const;

const NAMES: Readonly<Record<string, keyof Tolerance>> = {
  sqnr: 'sqnrDb',
  cosine: 'cosine',
  max: 'maxAbsError',
  top1: 'top1',
};

export const TOLERANCE_OPTION: Option = {
  name: 'tolerance',
  value: 'LIMITS',
  summary:
    'what outputs are held to: exact, none, or some of sqnr=DB, cosine=C, max=ERROR, top1=SHARE with commas between',
};

/**
 * What is asked of the outputs. `exact` allows no difference at all, `none` only measures. Throws a `Refusal` on what cannot be
 * read.
 */
export function toleranceOf(args: Arguments, againstFloat: boolean): Tolerance | undefined {
  const text = args.values.get('tolerance');
  if (text === undefined) return { sqnrDb: againstFloat ? DEFAULT_DB.float : DEFAULT_DB.pair };
  if (text === 'none') return undefined;
  if (text === 'exact') return { maxAbsError: 0, sqnrDb: Infinity };
  const limits: Partial<Record<keyof Tolerance, number>> = {};
  for (const part of text.split(',')) {
    const [name = '', value = '', ...rest] = part.split('=').map((word) => word.trim());
    const key = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
    const limit = value === '' ? NaN : Number(value);
    if (key === undefined || rest.length > 0 || !Number.isFinite(limit))
      throw new Refusal(optionValueInvalid('tolerance', text, 'sqnr=30,max=0.01'));
    limits[key] = limit;
  }
  return limits;
}
