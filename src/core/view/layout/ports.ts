import type { Part } from './layout-graph.ts';
import type { ProperGraph } from './proper-graph.ts';
import type { Ranking } from './rank.ts';
import { Spreader } from './spread.ts';

const OUT_SLOT = 12;
/** Ports keep this far from the corners of their box. */
const INSET = 8;

/** Where each edge leaves its upper box and enters its lower one, in x. */
export interface Ports {
  readonly start: Float64Array;
  readonly end: Float64Array;
}

interface Port {
  readonly wanted: number;
  readonly slot: number;
  readonly edges: number[];
}

/** Spreads the ends of edges over the sides of boxes, in the order of where the edges come from. */
export function placePorts(
  part: Part,
  graph: ProperGraph,
  ranking: Ranking,
  x: Float64Array,
): Ports {
  const start = new Float64Array(part.edges.length);
  const end = new Float64Array(part.edges.length);
  const leaving = new Map<number, Map<number, Port>>();
  const entering = new Map<number, Port[]>();
  part.edges.forEach((edge, e) => {
    const [tail, head] = [ranking.tail[e]!, ranking.head[e]!];
    const chain = graph.chainOf[e]!;
    const span = graph.rank[head]! - graph.rank[tail]!;
    const next = x[chain < 0 ? head : chain]!;
    const last = x[chain < 0 ? tail : chain + span - 2]!;
    const nets = getOr(leaving, tail, () => new Map<number, Port>());
    const net = ranking.turned[e] ? -1 - e : edge.net;
    const port = getOr(nets, net, () => ({ wanted: next, slot: OUT_SLOT, edges: [] }));
    port.edges.push(e);
    getOr(entering, head, () => []).push({ wanted: last, slot: edge.slot, edges: [e] });
  });
  for (const [box, nets] of leaving) assign([...nets.values()], x[box]!, width(part, box), start);
  for (const [box, ports] of entering) assign(ports, x[box]!, width(part, box), end);
  return { start, end };
}

const width = (part: Part, box: number): number => part.boxes[box]!.width;

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

/** A lone edge takes the middle; of several, one that comes straight down keeps the middle if it can. */
function assign(ports: Port[], centre: number, boxWidth: number, out: Float64Array): void {
  ports.sort((a, b) => a.wanted - b.wanted);
  const reach = Math.max(0, boxWidth / 2 - INSET);
  const spreader = new Spreader();
  ports.forEach((port, i) => {
    const straight = ports.length === 1 || Math.abs(port.wanted - centre) < 1;
    const half = Math.max(0, reach - port.slot / 2);
    const inside = Math.min(centre + half, Math.max(centre - half, port.wanted));
    const gap = i === 0 ? 0 : (ports[i - 1]!.slot + port.slot) / 2;
    spreader.add(straight ? centre : inside, straight ? 100 : 1, gap);
  });
  spreader.solve();
  const at = spreader.position;
  // Too many for the box: squeeze them in rather than let them hang outside.
  const first = at[0]! - centre;
  const last = at[ports.length - 1]! - centre;
  const squeeze = last - first > 2 * reach ? (2 * reach) / (last - first) : 1;
  const low = first * squeeze;
  const shift = Math.max(0, -reach - low) - Math.max(0, last * squeeze - reach);
  ports.forEach((port, i) => {
    for (const e of port.edges) out[e] = centre + (at[i]! - centre) * squeeze + shift;
  });
}
