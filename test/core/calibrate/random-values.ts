/** Numbers in (0, 1) that are the same in each run: a linear congruential generator. */
export function uniform(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 0) + 0.5) / 2 ** 32;
  };
}

/** Numbers with a bell-shaped distribution around 0, deviation 1: the sum of twelve uniform ones. */
export function bell(seed: number, count: number): Float32Array {
  const next = uniform(seed);
  return Float32Array.from({ length: count }, () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += next();
    return sum;
  });
}

/** A bell with a few numbers far out: what clips in real activations. */
export function withOutliers(seed: number, count: number): Float32Array {
  return bell(seed, count).map((x, i) => (i % 5000 === 17 ? x * 12 : x));
}
