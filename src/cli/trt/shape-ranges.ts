import { optionValueInvalid } from '../cli-diagnostics.ts';
import { Refusal } from '../command.ts';

/** Smallest, usual and largest dimensions of an input. */
export type ShapeRange = readonly [
  min: readonly number[],
  opt: readonly number[],
  max: readonly number[],
];
export type ShapeRanges = Readonly<Record<string, ShapeRange>>;

const ONE = String.raw`(?:\d{1,9}(?:x\d{1,9})*|scalar)`;
const EXAMPLE = 'input=1x3x224x224 or input=1x3x224x224:8x3x224x224:16x3x224x224';

/**
 * Reads `a=1x3x224x224,b=1x8:4x8:16x8`: dimensions of inputs, each for all runs or as smallest, usual and largest. Names may hold
 * anything, since a name ends only where `=` and dimensions follow. Throws a `Refusal` on text that is none of this, on a name
 * given twice, and on ranges whose numbers of dimensions differ or that do not rise.
 */
export function shapeRangesOf(text: string): ShapeRanges {
  const part = new RegExp(`(.+?)=(${ONE})(?::(${ONE}):(${ONE}))?(?:,(?=.)|$)`, 'suy');
  const found: Record<string, ShapeRange> = Object.create(null) as Record<string, ShapeRange>;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    const [, name = '', min = '', opt = min, max = min] = match ?? [];
    const range: ShapeRange = [dimsOf(min), dimsOf(opt), dimsOf(max)];
    if (!match || name in found || !isRising(range))
      throw new Refusal(optionValueInvalid('shapes', text, EXAMPLE));
    found[name] = range;
  }
  return found;
}

const dimsOf = (text: string): readonly number[] =>
  text === 'scalar' ? [] : text.split('x').map(Number);

const isRising = ([min, opt, max]: ShapeRange): boolean =>
  min.length === opt.length &&
  opt.length === max.length &&
  min.every((dim, i) => dim <= (opt[i] ?? 0) && (opt[i] ?? 0) <= (max[i] ?? 0));
