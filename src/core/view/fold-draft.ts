import type { Draft, DraftBox, DraftEdge } from './draft.ts';
import { modulePath, pathPrefixes } from './module-path.ts';

/** At most so many operator types are named on a folded box. */
const TYPES_SHOWN = 3;

/**
 * Draws each module of `folded` as one box; of nested ones the outermost counts. Edges inside are dropped and their
 * quantizers go to the box, so that no node is lost; edges that become equal are drawn once.
 */
export function foldDraft(draft: Draft, folded: ReadonlySet<string>): Draft {
  if (folded.size === 0) return draft;
  const foldOf = new Map<string, string>();
  const members = new Map<string, DraftBox[]>();
  for (const box of draft.boxes) {
    const path = foldPath(box, folded);
    if (path === undefined) continue;
    foldOf.set(box.id, path);
    const list = members.get(path);
    if (list === undefined) members.set(path, [box]);
    else list.push(box);
  }
  const { edges, inside } = foldEdges(draft.edges, foldOf);
  const drawn = new Set<string>();
  const boxes: DraftBox[] = [];
  for (const box of draft.boxes) {
    const path = foldOf.get(box.id);
    if (path === undefined) boxes.push(box);
    else if (!drawn.has(path)) {
      drawn.add(path);
      boxes.push(foldBox(path, members.get(path)!, inside.get(path) ?? []));
    }
  }
  return { boxes, edges };
}

/** The outermost folded module that holds the box. */
function foldPath(box: DraftBox, folded: ReadonlySet<string>): string | undefined {
  const byName = box.kind === 'io' ? '' : modulePath(box.nodes[0] ?? '');
  return [byName, box.path ?? ''].flatMap(pathPrefixes).find((prefix) => folded.has(prefix));
}

const foldId = (path: string): string => `fold:${path}`;

function foldEdges(
  edges: readonly DraftEdge[],
  foldOf: ReadonlyMap<string, string>,
): { edges: DraftEdge[]; inside: Map<string, string[]> } {
  const inside = new Map<string, string[]>();
  const merged = new Map<string, DraftEdge>();
  for (const edge of edges) {
    const [a, b] = [foldOf.get(edge.from), foldOf.get(edge.to)];
    if (a !== undefined && a === b) {
      const list = inside.get(a) ?? [];
      list.push(...edge.badges.flatMap(({ nodes }) => nodes));
      inside.set(a, list);
      continue;
    }
    const from = a === undefined ? edge.from : foldId(a);
    const to = b === undefined ? edge.to : foldId(b);
    const key = JSON.stringify([from, to, edge.label]);
    const twin = merged.get(key);
    const badges = twin ? [...twin.badges, ...edge.badges] : edge.badges;
    merged.set(key, { ...edge, from, to, badges });
  }
  return { edges: [...merged.values()], inside };
}

function foldBox(path: string, members: readonly DraftBox[], inside: readonly string[]): DraftBox {
  const counts = new Map<string, number>();
  let operators = 0;
  for (const { kind, title } of members) {
    if (kind === 'badge') continue;
    operators++;
    const type = title.split(' ')[0]!;
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  const types = [...counts].sort((a, b) => b[1] - a[1]).slice(0, TYPES_SHOWN);
  const text = types.map(([type, n]) => (n === 1 ? type : `${String(n)} ${type}`)).join(', ');
  const subtitle = counts.size > TYPES_SHOWN ? `${text}, … (${String(operators)})` : text;
  const nodes = [...members.flatMap((box) => box.nodes), ...inside];
  return { id: foldId(path), kind: 'fold', title: path.slice(1), subtitle, nodes, path };
}
