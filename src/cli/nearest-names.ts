/** How many names a suggestion holds. */
const MOST = 3;

/**
 * Up to three of `names` that `text` may have meant: those that contain it or are contained in it first, then those that
 * share most pairs of letters with it; none that shares less than a third.
 */
export function nearestNames(text: string, names: readonly string[]): readonly string[] {
  const wanted = text.toLowerCase();
  const scored = names.map((name, index) => ({
    name,
    index,
    score: likeness(wanted, name.toLowerCase()),
  }));
  return scored
    .filter(({ score }) => score >= 1 / 3)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, MOST)
    .map(({ name }) => name);
}

/** Share of letter pairs that two words have in common (Dice's coefficient), and 1 more where one contains the other. */
function likeness(a: string, b: string): number {
  const [left, right] = [pairs(a), pairs(b)];
  const common = [...left].filter((pair) => right.has(pair)).length;
  const dice = left.size + right.size === 0 ? 0 : (2 * common) / (left.size + right.size);
  return b.includes(a) || a.includes(b) ? 1 + dice : dice;
}

const pairs = (word: string): ReadonlySet<string> =>
  new Set(Array.from({ length: Math.max(0, word.length - 1) }, (_, i) => word.slice(i, i + 2)));
