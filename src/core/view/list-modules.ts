import { pathPrefixes } from './module-path.ts';

/** The modules that the boxes of an unfolded drawing are in, outer before inner, in the order in which they are drawn. */
export function listModules(
  boxes: readonly { readonly path?: string }[],
): { readonly path: string; readonly boxCount: number }[] {
  const counts = new Map<string, number>();
  for (const { path = '' } of boxes) {
    for (const prefix of pathPrefixes(path)) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  return [...counts].map(([path, boxCount]) => ({ path, boxCount }));
}
