/** The module of a node by its name, as exporters write it: `/layer1/0/conv1/Conv` is in `/layer1/0/conv1`. */
export function modulePath(name: string): string {
  const segments = name.split('/').filter((part) => part !== '');
  segments.pop();
  return segments.map((part) => `/${part}`).join('');
}

/** The paths above and including `path`, outermost first; none for the root. */
export function pathPrefixes(path: string): string[] {
  const prefixes: string[] = [];
  for (let at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1)) {
    prefixes.push(path.slice(0, at));
  }
  if (path !== '') prefixes.push(path);
  return prefixes;
}

/** The longest path that all of them are in. */
export function commonPath(paths: readonly string[]): string {
  const [first = '', ...others] = paths;
  const shared = (prefix: string): boolean =>
    others.every((path) => path === prefix || path.startsWith(`${prefix}/`));
  return pathPrefixes(first).findLast(shared) ?? '';
}

/**
 * Paths worth folding: a module that holds only operators of one type (`/layer1/0/conv1`) is just that operator, and
 * its nodes count to the module around it. Answers the worthwhile path for any module path.
 */
export function foldablePaths(
  nodes: Iterable<{ readonly path: string; readonly opType: string }>,
): (path: string) => string {
  const typeOf = new Map<string, string>();
  const mixed = new Set<string>();
  for (const { path, opType } of nodes) {
    for (const prefix of pathPrefixes(path)) {
      const seen = typeOf.get(prefix);
      if (seen === undefined) typeOf.set(prefix, opType);
      else if (seen !== opType) mixed.add(prefix);
    }
  }
  return (path) => pathPrefixes(path).findLast((prefix) => mixed.has(prefix)) ?? '';
}
