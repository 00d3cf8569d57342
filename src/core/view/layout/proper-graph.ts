import { groupEdges, type Adjacency } from './adjacency.ts';
import type { Part } from './layout-graph.ts';
import type { Ranking } from './rank.ts';

/**
 * The graph with a dummy wherever an edge passes a layer, so that each segment joins neighbouring layers.
 * Items below `boxCount` are boxes, the others dummies.
 */
export interface ProperGraph {
  readonly boxCount: number;
  readonly itemCount: number;
  readonly rankCount: number;
  readonly rank: Int32Array;
  readonly segmentTail: Int32Array;
  readonly segmentHead: Int32Array;
  readonly down: Adjacency;
  readonly up: Adjacency;
  /** First dummy of the edge's chain, -1 without one. Chains have one dummy a layer, numbered downwards. */
  readonly chainOf: Int32Array;
}

/** Dummies beyond this many would cost seconds: the longest chains are left out and drawn straight. */
const DUMMY_LIMIT = 150_000;

interface Chain {
  first: number;
  length: number;
}

/** Cuts long edges into segments. Edges of one net share one chain, which also keeps the drawing calm. */
export function makeProper(part: Part, ranking: Ranking): ProperGraph {
  const boxCount = part.boxes.length;
  const chains = collectChains(part, ranking);
  let itemCount = boxCount;
  for (const chain of chains.values()) {
    chain.first = itemCount;
    itemCount += chain.length;
  }
  const rank = new Int32Array(itemCount);
  rank.set(ranking.rank);
  const { tails, heads, chainOf } = cutEdges(part, ranking, chains, rank);
  const segmentTail = Int32Array.from(tails);
  const segmentHead = Int32Array.from(heads);
  const down = groupEdges(itemCount, segmentTail);
  const up = groupEdges(itemCount, segmentHead);
  const { rankCount } = ranking;
  return { boxCount, itemCount, rankCount, rank, segmentTail, segmentHead, down, up, chainOf };
}

interface Cut {
  readonly tails: number[];
  readonly heads: number[];
  readonly chainOf: Int32Array;
}

/** The segments of all edges; fills in the ranks of dummies. Edges whose chain was left out for size get none. */
function cutEdges(
  part: Part,
  ranking: Ranking,
  chains: ReadonlyMap<number, Chain>,
  rank: Int32Array,
): Cut {
  const cut: Cut = { tails: [], heads: [], chainOf: new Int32Array(part.edges.length).fill(-1) };
  const join = (tail: number, head: number): void => {
    cut.tails.push(tail);
    cut.heads.push(head);
  };
  const started = new Set<Chain>();
  ranking.tail.forEach((tail, edge) => {
    const head = ranking.head[edge]!;
    const span = rank[head]! - rank[tail]!;
    const chain = span === 1 ? undefined : chains.get(chainKey(part, ranking, edge));
    if (span === 1) join(tail, head);
    if (chain === undefined) return;
    for (let k = 0; k < chain.length && !started.has(chain); k++) {
      join(k === 0 ? tail : chain.first + k - 1, chain.first + k);
      rank[chain.first + k] = rank[tail]! + k + 1;
    }
    started.add(chain);
    cut.chainOf[edge] = chain.first;
    join(chain.first + span - 2, head);
  });
  return cut;
}

/** A turned edge starts at another box than its net, so it gets a chain of its own: negative keys. */
const chainKey = (part: Part, ranking: Ranking, edge: number): number =>
  ranking.turned[edge] ? -1 - edge : part.edges[edge]!.net;

function collectChains(part: Part, ranking: Ranking): Map<number, Chain> {
  const lengths = new Map<number, number>();
  part.edges.forEach((_, edge) => {
    const length = ranking.rank[ranking.head[edge]!]! - ranking.rank[ranking.tail[edge]!]! - 1;
    const key = chainKey(part, ranking, edge);
    if (length > 0) lengths.set(key, Math.max(length, lengths.get(key) ?? 0));
  });
  let total = 0;
  const kept = new Map<number, Chain>();
  for (const [key, length] of [...lengths].sort((a, b) => a[1] - b[1])) {
    total += length;
    if (total > DUMMY_LIMIT) break;
    kept.set(key, { first: 0, length });
  }
  return kept;
}
