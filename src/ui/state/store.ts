/** Called with the new and the previous state after each change. */
export type StoreListener<S> = (state: S, previous: S) => void;

/** Holds one immutable state. Listeners run synchronously, in the order in which they subscribed. */
export class Store<S extends object> {
  private current: S;
  private readonly listeners = new Set<StoreListener<S>>();

  constructor(initial: S) {
    this.current = initial;
  }

  get state(): S {
    return this.current;
  }

  /** Replaces some fields. Nobody is told when no field differs. */
  update(patch: Partial<S>): void {
    const previous = this.current;
    const keys = Object.keys(patch) as (keyof S)[];
    if (keys.every((key) => Object.is(patch[key], previous[key]))) return;
    this.current = { ...previous, ...patch };
    for (const listener of [...this.listeners]) listener(this.current, previous);
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: StoreListener<S>): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
