let held: Promise<void> | undefined;

/**
 * Takes the lock of the worker's own name and keeps it until the worker ends. A browser that ends a worker because memory ran
 * out tells nobody, but it frees its locks: whoever waits for the lock learns of the end. Does nothing without locks or a name.
 */
export function holdLife(name: string): Promise<void> {
  const { locks } = navigator as { readonly locks?: LockManager };
  if (locks === undefined || name === '') return Promise.resolve();
  held ??= new Promise((resolve) => {
    void locks.request(name, () => {
      resolve();
      return new Promise(() => undefined);
    });
  });
  return held;
}
