import type { Scene, SceneBox } from '../../api/scene.ts';

/** A module of the network: the part of node names before a slash. */
export interface ModuleGroup {
  readonly path: string;
  readonly label: string;
  readonly groups: readonly ModuleGroup[];
  readonly leaves: readonly ModuleLeaf[];
  /** Names of all ONNX nodes below, Q/DQ folded into boxes included. */
  readonly nodes: readonly string[];
  /** Boxes below. */
  readonly count: number;
  /** Where the first box below is drawn. */
  readonly top: number;
}

/** One box of the model graph. */
export interface ModuleLeaf {
  readonly label: string;
  readonly box: SceneBox;
}

interface Draft {
  readonly path: string;
  readonly label: string;
  readonly groups: Map<string, Draft>;
  readonly leaves: ModuleLeaf[];
}

const draft = (path: string, label: string): Draft => ({
  path,
  label,
  groups: new Map(),
  leaves: [],
});

/** The modules of a model by the slashes in its node names, in graph order. Only operators are listed. */
export function moduleTree(scene: Scene): ModuleGroup {
  const root = draft('', '');
  for (const box of scene.boxes) {
    if (box.kind === 'io' || box.kind === 'badge') continue;
    const segments = (box.nodes[0] ?? box.id).split('/').filter((part) => part !== '');
    const label = segments.pop() ?? box.id;
    let at = root;
    for (const segment of segments) {
      const path = `${at.path}/${segment}`;
      let next = at.groups.get(segment);
      if (next === undefined) at.groups.set(segment, (next = draft(path, segment)));
      at = next;
    }
    at.leaves.push({ label, box });
  }
  return finished(root);
}

/** A module that holds nothing but one box becomes that box: `conv1/Conv`. */
function finished(group: Draft): ModuleGroup {
  const leaves = [...group.leaves];
  const groups: ModuleGroup[] = [];
  for (const child of group.groups.values()) {
    const done = finished(child);
    const [only] = done.leaves;
    if (done.groups.length === 0 && done.leaves.length === 1 && only !== undefined)
      leaves.push({ label: `${done.label}/${only.label}`, box: only.box });
    else groups.push(done);
  }
  leaves.sort((a, b) => a.box.y - b.box.y || a.box.x - b.box.x);
  const top = Math.min(leaves[0]?.box.y ?? Infinity, ...groups.map((child) => child.top));
  const nodes = [
    ...leaves.flatMap(({ box }) => box.nodes),
    ...groups.flatMap((child) => child.nodes),
  ];
  const count = leaves.length + groups.reduce((sum, child) => sum + child.count, 0);
  return { path: group.path, label: group.label, groups, leaves, nodes, count, top };
}

/** A line of the outline. */
export type OutlineRow =
  | {
      readonly kind: 'group';
      readonly depth: number;
      readonly open: boolean;
      readonly group: ModuleGroup;
    }
  | { readonly kind: 'leaf'; readonly depth: number; readonly leaf: ModuleLeaf };

/** The lines to show: all below open groups, or with a search text the matching boxes and the groups they are in. */
export function outlineRows(
  tree: ModuleGroup,
  closed: ReadonlySet<string>,
  search: string,
): readonly OutlineRow[] {
  const rows: OutlineRow[] = [];
  const visit = (group: ModuleGroup, depth: number): void => {
    for (const item of inOrder(group)) {
      if (!('box' in item)) {
        const open = search !== '' || !closed.has(item.path);
        const at = rows.push({ kind: 'group', depth, open, group: item });
        if (open) visit(item, depth + 1);
        if (search !== '' && rows.length === at) rows.pop();
      } else if (matchesSearch(item.box, search)) rows.push({ kind: 'leaf', depth, leaf: item });
    }
  };
  visit(tree, 0);
  return rows;
}

/** Groups and leaves of one group, by where their first box is drawn. */
function inOrder(group: ModuleGroup): readonly (ModuleGroup | ModuleLeaf)[] {
  return [...group.groups, ...group.leaves].sort((a, b) => topOf(a) - topOf(b));
}

const topOf = (item: ModuleGroup | ModuleLeaf): number => ('box' in item ? item.box.y : item.top);

/** True where a name or an operator contains the text, whatever the case. An empty text matches everything. */
export function matchesSearch(box: SceneBox, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return true;
  return (
    box.title.toLowerCase().includes(wanted) ||
    box.subtitle.toLowerCase().includes(wanted) ||
    box.nodes.some((node) => node.toLowerCase().includes(wanted))
  );
}

/** Ids of the boxes that match a search text; empty without a text. */
export function searchMatches(scene: Scene, search: string): readonly string[] {
  if (search.trim() === '') return [];
  return scene.boxes.filter((box) => matchesSearch(box, search)).map(({ id }) => id);
}
