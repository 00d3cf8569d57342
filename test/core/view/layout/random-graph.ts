import type { LayoutGraph } from '../../../../src/core/view/layout/layout-graph.ts';

/** Numbers from 0 to 1 that are the same each time: a linear congruential generator. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** An acyclic graph of boxes of many sizes: each reads one to three earlier ones, mostly near, sometimes badged. */
export function randomGraph(count: number, seed: number): LayoutGraph {
  const random = seeded(seed);
  const boxes = Array.from({ length: count }, () => ({
    width: 60 + Math.floor(random() * 120),
    height: random() < 0.2 ? 16 : 44,
  }));
  const edges = [];
  for (let to = 1; to < count; to++) {
    const reads = random() < 0.05 ? 0 : 1 + Math.floor(random() * 3);
    for (let k = 0; k < reads; k++) {
      const from = Math.max(0, to - 1 - Math.floor(random() ** 3 * 40));
      const badge = random() < 0.3;
      edges.push({ from, to, net: from, slot: badge ? 50 : 14, headroom: badge ? 24 : 0 });
    }
  }
  return { boxes, edges };
}

/** A chain with a skip over each four boxes, as residual networks have. */
export function residualChain(count: number): LayoutGraph {
  const edges = [];
  for (let to = 1; to < count; to++) {
    edges.push({ from: to - 1, to, net: to - 1, slot: 14, headroom: 0 });
    if (to % 4 === 0) edges.push({ from: to - 4, to, net: to - 4, slot: 14, headroom: 0 });
  }
  return { boxes: Array.from({ length: count }, () => ({ width: 140, height: 44 })), edges };
}
