/**
 * A small random number generator: Mulberry32, 32 bits of state, period 2^32. The same seed gives the same numbers in every
 * engine, because it takes only integer multiplications. Not for secrets.
 * Source: Tommy Ettinger, mulberry32.c, public domain.
 */
export class RandomNumbers {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** An integer from 0 to 2^32 - 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** A number from 0 to below 1. */
  uniform(): number {
    return this.next() / 2 ** 32;
  }

  /**
   * A number with mean 0 and deviation 1: the sum of twelve uniform ones. Its tails end at 6, and in exchange it needs neither
   * logarithm nor cosine, whose last bits differ from engine to engine.
   */
  normal(): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.uniform();
    return sum;
  }
}

/** A seed made of a seed and whatever else shall tell streams apart: FNV-1a over the characters. */
export function derivedSeed(seed: number, ...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const character of [seed, ...parts].join('\0'))
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
