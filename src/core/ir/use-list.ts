import type { Node, Use } from './graph.ts';

const NONE: readonly Use[] = [];

/**
 * The reads of one value in the order in which they were added. Short lists are arrays that are replaced, never changed;
 * from `MANY` reads on a Set is kept as well, so that removing the 10,000 readers of a shared scale takes linear time.
 * Either way an array that was handed out stays as it is, and edits during a walk over it are safe.
 */
export class UseList {
  private static readonly MANY = 16;
  private list: readonly Use[] | null = NONE;
  private set: Set<Use> | null = null;

  get size(): number {
    return this.set?.size ?? this.list?.length ?? 0;
  }
  all(): readonly Use[] {
    this.list ??= [...(this.set ?? [])];
    return this.list;
  }
  add(use: Use): void {
    if (this.set !== null) {
      this.set.add(use);
      this.list = null;
    } else if (this.size < UseList.MANY) this.list = [...this.all(), use];
    else {
      this.set = new Set(this.all());
      this.set.add(use);
      this.list = null;
    }
  }
  delete(use: Use): void {
    if (this.set !== null) {
      this.set.delete(use);
      this.list = null;
    } else this.list = this.all().filter((other) => other !== use);
  }
  nodes(): readonly Node[] {
    return [...new Set(this.all().map((use) => use.node))];
  }
}
