import type { Node } from './node.ts';
import type { Use } from './value.ts';

const NONE: Use[] = [];
/** From this many reads on they are also kept by node. */
const MANY = 32;

/**
 * The reads of one value in the order in which they were added. An array that was handed out is never changed again, so
 * that edits during a walk over it are safe. Long lists are kept by node, so that taking away the 10,000 readers of a
 * shared scale one by one takes linear time.
 */
export class UseList {
  private list: Use[] | null = NONE;
  private isShared = true;
  private byNode: Map<Node, Use[]> | null = null;
  private count = 0;

  get size(): number {
    return this.count;
  }
  all(): readonly Use[] {
    this.list ??= [...(this.byNode?.values() ?? [])].flat();
    this.isShared = true;
    return this.list;
  }
  add(use: Use): void {
    this.count++;
    if (this.byNode !== null) {
      const same = this.byNode.get(use.node);
      if (same) same.push(use);
      else this.byNode.set(use.node, [use]);
      this.list = null;
      return;
    }
    // Most values have one or two readers; arrays that grow by `push` reserve room for many.
    if (this.isShared || this.list === null || this.count <= 4)
      this.list = this.list === NONE ? [use] : [...(this.list ?? []), use];
    else this.list.push(use);
    this.isShared = false;
  }
  delete(node: Node, index: number): void {
    const isIt = (use: Use): boolean => use.node === node && use.index === index;
    if (this.byNode === null && this.count >= MANY) this.sortByNode();
    if (this.byNode === null) {
      const left = this.all().filter((use) => !isIt(use));
      this.count = left.length;
      this.list = left;
      this.isShared = false;
      return;
    }
    const same = this.byNode.get(node) ?? [];
    const left = same.filter((use) => !isIt(use));
    if (left.length === 0) this.byNode.delete(node);
    else this.byNode.set(node, left);
    this.count -= same.length - left.length;
    this.list = null;
  }
  nodes(): readonly Node[] {
    return [...new Set(this.all().map((use) => use.node))];
  }
  private sortByNode(): void {
    const all = this.all();
    this.byNode = new Map();
    this.count = 0;
    for (const use of all) this.add(use);
  }
}
