/** Sets that grow together: union-find over objects. */
export class Groups<T> {
  private readonly parents = new Map<T, T>();

  add(item: T): void {
    if (!this.parents.has(item)) this.parents.set(item, item);
  }
  join(a: T, b: T): void {
    this.add(a);
    this.add(b);
    const [rootA, rootB] = [this.find(a), this.find(b)];
    if (rootA !== rootB) this.parents.set(rootB, rootA);
  }
  /** The item that stands for the group of `item`; null for an item that was never added. */
  rootOf(item: T): T | null {
    return this.parents.has(item) ? this.find(item) : null;
  }

  private find(item: T): T {
    let root = item;
    for (
      let next = this.parents.get(root);
      next !== undefined && next !== root;
      next = this.parents.get(root)
    )
      root = next;
    this.parents.set(item, root);
    return root;
  }
}
