import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';

/** Writes pieces to a file; numbers are holes of that many bytes, which take no room on the disk. Gives its size. */
export function writeSparseFile(path: string, pieces: readonly (Uint8Array | number)[]): number {
  const file = openSync(path, 'w');
  try {
    let position = 0;
    for (const piece of pieces) {
      if (typeof piece === 'number') position += piece;
      else position += writeSync(file, piece, 0, piece.length, position);
    }
    ftruncateSync(file, position);
    return position;
  } finally {
    closeSync(file);
  }
}
