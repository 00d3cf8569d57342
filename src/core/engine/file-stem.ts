/** Words that tell the kind of a file or what it was exported with, not the engine. */
const KINDS = new Set([
  'build',
  'engine',
  'export',
  'graph',
  'info',
  'latency',
  'layer',
  'layers',
  'layerinfo',
  'log',
  'manifest',
  'metadata',
  'onnx',
  'perf',
  'plan',
  'profile',
  'profiling',
  'time',
  'times',
  'timing',
  'trt',
  'trtexec',
  'verbose',
]);

/**
 * What the files of one engine have in common: `out/net.best` of `out/net.best.layer.json`, `out/net.best.engine.graph.json`,
 * `out/profile_net.best.json`. Folders belong to it. Empty for `layers.json` and its like.
 */
export function stemOf(path: string): string {
  const slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  const folder = path.slice(0, slash + 1);
  const parts = path
    .slice(slash + 1)
    .replace(/\.gz$/i, '')
    .replace(/\.(?:json|log|txt)$/i, '')
    .split(/([._-])/);
  let [start, end] = [0, parts.length];
  const isKind = (index: number): boolean => KINDS.has((parts[index] ?? '').toLowerCase());
  while (end > start && isKind(end - 1)) end -= 2;
  while (start < end && isKind(start)) start += 2;
  return folder + parts.slice(Math.max(start, 0), Math.max(end, 0)).join('');
}
