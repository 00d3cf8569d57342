/**
 * Characters that no file of a model needs, and that some system or program takes for something else: controls and format
 * marks, private and unassigned characters, line separators, and what Windows forbids.
 */
const FORBIDDEN = /[\p{C}\p{Zl}\p{Zp}\\:*?"<>|]/u;
/** Names that are devices on Windows, whatever their ending. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(?:\.|$)/i;

const MOST_SEGMENT_BYTES = 200;
const MOST_PATH_BYTES = 1000;
const MOST_SEGMENTS = 8;

/**
 * Whether `path` may name a file below a folder of ours: relative, with `/` between its parts, and none of them a step up, an
 * option of some program, a device, or anything that does not read as it is written.
 */
export function isSafePath(path: string): boolean {
  if (Buffer.byteLength(path) > MOST_PATH_BYTES) return false;
  const segments = path.split('/');
  return segments.length <= MOST_SEGMENTS && segments.every(isSafeSegment);
}

/** Whether `name` may name a file in a folder of ours. */
export const isSafeName = (name: string): boolean => isSafeSegment(name);

function isSafeSegment(segment: string): boolean {
  return (
    segment !== '' &&
    Buffer.byteLength(segment) <= MOST_SEGMENT_BYTES &&
    // `.`, `..` and hidden files; options; home folders; spaces that get lost on the way.
    !/^[-.~\s]|[.\s]$/.test(segment) &&
    !segment.includes('/') &&
    !FORBIDDEN.test(segment) &&
    !DEVICE.test(segment)
  );
}

/** How a name reads where case and composition of characters make no difference. */
export const foldedName = (name: string): string => name.normalize('NFKC').toLowerCase();

/** The first of `paths` that is another one's name or folder, on any file system; undefined where none is. */
export function clashingPath(paths: readonly string[]): string | undefined {
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const path of paths) {
    const folded = foldedName(path);
    const parents = folded.split('/').map((_, i, all) => all.slice(0, i).join('/'));
    if (files.has(folded) || folders.has(folded)) return path;
    if (parents.some((parent) => files.has(parent))) return path;
    files.add(folded);
    for (const parent of parents.slice(1)) folders.add(parent);
  }
  return undefined;
}
