import type { Scene, SceneBadge, SceneBox, SceneEdge } from '../../api/scene.ts';

/** Something that can be pointed at and selected: a box, or a badge on an edge (its id is its first node's name). */
export interface GraphItem {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly string[];
  readonly box?: SceneBox;
  readonly badge?: SceneBadge;
}

/** Height of the stripes by which edges are found. */
const STRIPE = 512;
export const BADGE_HEIGHT = 16;
export const badgeWidth = (text: string): number => 12 + 8 * text.length;

/** Answers what is where in a scene, so that a frame touches only what it shows. */
export class GraphIndex {
  readonly scene: Scene;
  private readonly items = new Map<string, GraphItem>();
  private readonly itemsOfNode = new Map<string, string[]>();
  private readonly tallest: number;
  private readonly stripes: number[][] = [];
  private readonly stamp: Int32Array;
  private stampNow = 0;
  private readonly incoming = new Map<string, SceneEdge[]>();
  private readonly outgoing = new Map<string, SceneEdge[]>();
  private readonly badgeEdges = new Map<string, SceneEdge>();
  private readonly rankOf = new Map<string, number>();

  constructor(scene: Scene) {
    this.scene = scene;
    this.stamp = new Int32Array(scene.edges.length);
    this.tallest = scene.boxes.reduce((most, box) => Math.max(most, box.height), 0);
    scene.boxes.forEach((box, i) => {
      this.rankOf.set(box.id, i + 1);
      this.add({ ...area(box), id: box.id, nodes: box.nodes, box });
    });
    scene.edges.forEach((edge, i) => {
      this.indexEdge(edge, i);
    });
  }

  item(id: string | null): GraphItem | undefined {
    return id === null ? undefined : this.items.get(id);
  }
  /** Place of a box in the drawing from the top, counted from 1. */
  position(id: string): number | undefined {
    return this.rankOf.get(id);
  }
  /** Ids of the boxes and badges that stand for any of the nodes. */
  itemsOf(nodes: Iterable<string>): Set<string> {
    const ids = new Set<string>();
    for (const node of nodes) for (const id of this.itemsOfNode.get(node) ?? []) ids.add(id);
    return ids;
  }
  edgesInto(id: string): readonly SceneEdge[] {
    return this.incoming.get(id) ?? [];
  }
  edgesFrom(id: string): readonly SceneEdge[] {
    return this.outgoing.get(id) ?? [];
  }
  edgeOfBadge(id: string): SceneEdge | undefined {
    return this.badgeEdges.get(id);
  }

  /** Boxes that touch the stripe from `top` to `bottom`, from above to below. */
  boxesBetween(top: number, bottom: number): readonly SceneBox[] {
    const reach = this.tallest / 2;
    const from = this.firstBox(top - reach);
    const to = this.firstBox(bottom + reach + 1e-6);
    return this.scene.boxes.slice(from, to);
  }

  /** Numbers of the edges that touch the stripe, each once. */
  edgesBetween(top: number, bottom: number): number[] {
    this.stampNow++;
    const found: number[] = [];
    const last = Math.min(this.stripes.length - 1, Math.floor(bottom / STRIPE));
    for (let s = Math.max(0, Math.floor(top / STRIPE)); s <= last; s++) {
      for (const edge of this.stripes[s] ?? []) {
        if (this.stamp[edge] === this.stampNow) continue;
        this.stamp[edge] = this.stampNow;
        found.push(edge);
      }
    }
    return found;
  }

  /** The badge, else the box, at a point. Badges may be hit up to `slack` beside, for fingers. */
  at(x: number, y: number, slack: number): GraphItem | undefined {
    for (const e of this.edgesBetween(y - BADGE_HEIGHT, y + BADGE_HEIGHT)) {
      for (const badge of this.scene.edges[e]!.badges) {
        const item = this.items.get(badge.nodes[0] ?? '');
        if (item?.badge !== undefined && inside(item, x, y, slack)) return item;
      }
    }
    const box = this.boxesBetween(y, y).findLast((candidate) => inside(candidate, x, y, 0));
    return box && this.items.get(box.id);
  }

  private firstBox(y: number): number {
    const { boxes } = this.scene;
    let low = 0;
    let high = boxes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (boxes[middle]!.y < y) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private add(item: GraphItem): void {
    if (this.items.has(item.id)) return;
    this.items.set(item.id, item);
    for (const node of item.nodes) {
      const ids = this.itemsOfNode.get(node);
      if (ids === undefined) this.itemsOfNode.set(node, [item.id]);
      else ids.push(item.id);
    }
  }

  private indexEdge(edge: SceneEdge, number: number): void {
    push(this.outgoing, edge.from, edge);
    push(this.incoming, edge.to, edge);
    for (const badge of edge.badges) {
      const id = badge.nodes[0];
      if (id === undefined) continue;
      this.badgeEdges.set(id, edge);
      const size = { width: badgeWidth(badge.text), height: BADGE_HEIGHT };
      this.add({ ...size, id, x: badge.x, y: badge.y, nodes: badge.nodes, badge });
    }
    let top = Infinity;
    let bottom = 0;
    for (let i = 1; i < edge.points.length; i += 2) {
      top = Math.min(top, edge.points[i]!);
      bottom = Math.max(bottom, edge.points[i]!);
    }
    for (let s = Math.floor(top / STRIPE); s <= Math.floor(bottom / STRIPE); s++) {
      (this.stripes[s] ??= []).push(number);
    }
  }
}

/** Width of the handle at the right end of a folded box. */
export const FOLD_HANDLE = 24;

/** True at the handle that unfolds a box. */
export const onFoldHandle = ({ box }: GraphItem, x: number): boolean =>
  box?.kind === 'fold' && x > box.x + box.width / 2 - FOLD_HANDLE;

const area = ({ x, y, width, height }: SceneBox) => ({ x, y, width, height });

const inside = (
  item: { x: number; y: number; width: number; height: number },
  x: number,
  y: number,
  slack: number,
): boolean =>
  Math.abs(x - item.x) <= item.width / 2 + slack && Math.abs(y - item.y) <= item.height / 2 + slack;

function push(map: Map<string, SceneEdge[]>, key: string, edge: SceneEdge): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [edge]);
  else list.push(edge);
}
