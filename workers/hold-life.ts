/** Locks that are held already, by their names. */
const held = new Map<string, Promise<void>>();

/**
 * Takes the lock of the worker's own name and keeps it until the worker ends. A browser that ends a worker because memory ran
 * out tells nobody, but it frees its locks: whoever waits for the lock learns of the end. Does nothing without locks.
 */
export function holdLife(name: string): Promise<void> {
  const { locks } = navigator as { readonly locks?: LockManager };
  if (locks === undefined || name === '') return Promise.resolve();
  let taken = held.get(name);
  if (taken === undefined) {
    taken = new Promise((resolve) => {
      void locks.request(name, () => {
        resolve();
        return new Promise(() => undefined);
      });
    });
    held.set(name, taken);
  }
  return taken;
}
