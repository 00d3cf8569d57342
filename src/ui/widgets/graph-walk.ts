import type { GraphIndex, GraphItem } from './graph-index.ts';

export type Direction = 'up' | 'down' | 'left' | 'right';

/**
 * The item that an arrow key leads to. Up and down follow edges, through badges, to the neighbour that is nearest
 * sideways; left and right go to the nearest item of about the same height. Undefined at the end of the way.
 */
export function walk(
  index: GraphIndex,
  from: GraphItem,
  direction: Direction,
): GraphItem | undefined {
  if (direction === 'up' || direction === 'down') return alongEdge(index, from, direction);
  const sign = direction === 'left' ? -1 : 1;
  const reach = Math.max(from.height, 44) / 2;
  const beside = itemsBetween(index, from.y - reach, from.y + reach).filter(
    (item) => item.id !== from.id && sign * (item.x - from.x) > 1,
  );
  return nearest(beside, (item) => Math.abs(item.x - from.x));
}

function alongEdge(
  index: GraphIndex,
  from: GraphItem,
  direction: 'up' | 'down',
): GraphItem | undefined {
  const down = direction === 'down';
  const own = index.edgeOfBadge(from.id);
  if (own !== undefined && from.badge !== undefined) {
    const at = own.badges.indexOf(from.badge);
    const next = own.badges[at + (down ? 1 : -1)]?.nodes[0] ?? (down ? own.to : own.from);
    return index.item(next);
  }
  const edges = down ? index.edgesFrom(from.id) : index.edgesInto(from.id);
  const ends = edges.map((edge) => {
    const badge = down ? edge.badges[0] : edge.badges.at(-1);
    return index.item(badge?.nodes[0] ?? (down ? edge.to : edge.from));
  });
  return nearest(
    ends.filter((item) => item !== undefined),
    (item) => Math.abs(item.x - from.x),
  );
}

/** The item nearest to a point: where a walk starts. */
export function nearestItem(index: GraphIndex, x: number, y: number): GraphItem | undefined {
  for (let reach = 200; ; reach *= 8) {
    const found = nearest(itemsBetween(index, y - reach, y + reach), (item) =>
      Math.hypot(item.x - x, item.y - y),
    );
    if (found !== undefined || reach > index.scene.height) return found;
  }
}

function itemsBetween(index: GraphIndex, top: number, bottom: number): GraphItem[] {
  const boxes = index.boxesBetween(top, bottom).map(({ id }) => index.item(id));
  const badges = index
    .edgesBetween(top, bottom)
    .flatMap((number) => index.scene.edges[number]!.badges)
    .filter(({ y }) => y >= top && y <= bottom)
    .map(({ nodes }) => index.item(nodes[0] ?? null));
  return [...boxes, ...badges].filter((item) => item !== undefined);
}

function nearest(
  items: readonly GraphItem[],
  distance: (item: GraphItem) => number,
): GraphItem | undefined {
  let best: GraphItem | undefined;
  let least = Infinity;
  for (const item of items) {
    const d = distance(item);
    if (d < least) [best, least] = [item, d];
  }
  return best;
}
