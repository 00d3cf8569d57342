import { unzipSync, zipSync } from 'fflate';
import { archiveUnreadable } from '../base/diagnostics/inputs.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { readNpy, writeNpy } from './npy.ts';
import type { RunTensor } from './run-tensor.ts';

/** Reads a .npz archive: its arrays by the names under which numpy saved them. `file` is its name in messages. */
export function readNpz(file: string, bytes: Uint8Array): Result<ReadonlyMap<string, RunTensor>> {
  let entries: Readonly<Record<string, Uint8Array>>;
  try {
    entries = unzipSync(bytes);
  } catch (error) {
    return fail(archiveUnreadable(file, error instanceof Error ? error.message : String(error)));
  }
  const arrays = new Map<string, RunTensor>();
  for (const [entry, content] of Object.entries(entries)) {
    if (!entry.endsWith('.npy')) continue;
    const array = readNpy(`${file}/${entry}`, content);
    if (!array.ok) return array;
    arrays.set(entry.slice(0, -'.npy'.length), array.value);
  }
  return arrays.size === 0 ? fail(archiveUnreadable(file, 'it holds no arrays')) : ok(arrays);
}

/** Tensors as a .npz archive that `numpy.load` opens; not compressed, as `numpy.savez` does it. */
export function writeNpz(arrays: ReadonlyMap<string, RunTensor>): Result<Uint8Array> {
  const entries: Record<string, Uint8Array> = {};
  for (const [name, tensor] of arrays) {
    const entry = writeNpy(name, tensor);
    if (!entry.ok) return entry;
    entries[`${name}.npy`] = entry.value;
  }
  return ok(zipSync(entries, { level: 0 }));
}
