import { groupEdges, type Adjacency } from './adjacency.ts';
import type { Part } from './layout-graph.ts';

/** Which layer every box is in, and the edges turned so that all of them lead down. */
export interface Ranking {
  readonly rank: Int32Array;
  readonly rankCount: number;
  /** Ends of each edge after turning those that close a cycle. */
  readonly tail: Int32Array;
  readonly head: Int32Array;
  /** 1 where the edge was turned. */
  readonly turned: Uint8Array;
  /** One longest path from the top to the bottom, one box a layer. */
  readonly spine: readonly number[];
}

/** Ranks boxes by longest path. Nothing recurses: chains of 10,000 boxes overflow the stack of a worker. */
export function rankBoxes(part: Part): Ranking {
  const count = part.boxes.length;
  const { order, turned } = orderBoxes(part);
  const tail = part.tail.map((v, e) => (turned[e] ? part.head[e]! : v));
  const head = part.head.map((v, e) => (turned[e] ? part.tail[e]! : v));
  const outgoing = groupEdges(count, tail);
  const incoming = groupEdges(count, head);
  const depth = new Int32Array(count);
  for (const v of order) {
    for (let i = outgoing.start[v]!; i < outgoing.start[v + 1]!; i++) {
      const w = head[outgoing.list[i]!]!;
      depth[w] = Math.max(depth[w]!, depth[v]! + 1);
    }
  }
  const rank = pullDown({ order, depth, tail, head, outgoing, incoming });
  const spine = longestPath(depth, tail, incoming);
  return { rank, rankCount: spine.length, tail, head, turned, spine };
}

/** Orders boxes so that all edges lead forward but those marked in `turned`: reverse post-order of a walk by depth. */
function orderBoxes(part: Part): { order: Int32Array; turned: Uint8Array } {
  const count = part.boxes.length;
  const outgoing = groupEdges(count, part.tail);
  const incoming = groupEdges(count, part.head);
  const state = new Uint8Array(count); // 0 new, 1 on the stack, 2 done
  const next = outgoing.start.slice(0, count);
  const turned = new Uint8Array(part.tail.length);
  const order = new Int32Array(count);
  const stack: number[] = [];
  let free = count;
  const walk = (root: number): void => {
    if (state[root] !== 0) return;
    state[root] = 1;
    stack.push(root);
    while (stack.length > 0) {
      const v = stack[stack.length - 1]!;
      const at = next[v]!;
      if (at === outgoing.start[v + 1]!) {
        state[v] = 2;
        order[--free] = v;
        stack.pop();
        continue;
      }
      next[v] = at + 1;
      const edge = outgoing.list[at]!;
      const w = part.head[edge]!;
      if (state[w] === 1) turned[edge] = 1;
      else if (state[w] === 0) {
        state[w] = 1;
        stack.push(w);
      }
    }
  };
  for (let v = 0; v < count; v++) if (incoming.start[v] === incoming.start[v + 1]) walk(v);
  for (let v = 0; v < count; v++) walk(v);
  return { order, turned };
}

interface Directed {
  readonly order: Int32Array;
  readonly depth: Int32Array;
  readonly tail: Int32Array;
  readonly head: Int32Array;
  readonly outgoing: Adjacency;
  readonly incoming: Adjacency;
}

/**
 * Moves late inputs, and chains that hang on nothing else, next to whoever reads them: at the top they would drag
 * long edges along the whole graph.
 */
function pullDown(graph: Directed): Int32Array {
  const { order, depth, tail, head, outgoing, incoming } = graph;
  const rank = depth.slice();
  const floats = new Uint8Array(depth.length);
  for (const v of order) {
    let all = true;
    for (let i = incoming.start[v]!; i < incoming.start[v + 1]!; i++) {
      const u = tail[incoming.list[i]!]!;
      const readers = outgoing.start[u + 1]! - outgoing.start[u]!;
      all &&= floats[u] === 1 && readers === 1;
    }
    floats[v] = all ? 1 : 0;
  }
  for (let k = order.length - 1; k >= 0; k--) {
    const v = order[k]!;
    if (floats[v] === 0 || outgoing.start[v] === outgoing.start[v + 1]) continue;
    let nearest = Infinity;
    for (let i = outgoing.start[v]!; i < outgoing.start[v + 1]!; i++) {
      nearest = Math.min(nearest, rank[head[outgoing.list[i]!]!]!);
    }
    rank[v] = nearest - 1;
  }
  return rank;
}

function longestPath(depth: Int32Array, tail: Int32Array, incoming: Adjacency): number[] {
  let v = 0;
  depth.forEach((d, i) => {
    if (d > depth[v]!) v = i;
  });
  const path = [v];
  while (depth[v]! > 0) {
    for (let i = incoming.start[v]!; i < incoming.start[v + 1]!; i++) {
      const u = tail[incoming.list[i]!]!;
      const above = depth[v]! - 1;
      if (depth[u] === above) {
        v = u;
        break;
      }
    }
    path.push(v);
  }
  return path.reverse();
}
