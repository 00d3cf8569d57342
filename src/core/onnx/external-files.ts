import type { ByteSource } from '../base/byte-source.ts';
import { externalDataOutOfRange, missingExternalData } from '../base/diagnostics.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { TensorBytes } from '../ir/tensor.ts';
import { absentBytes, readSource, sourceBytes } from './tensor-bytes.ts';
import { residentBytes } from '../ir/memory-bytes.ts';

/** Where a tensor says that its data lies. */
export interface ExternalPlace {
  readonly location: string;
  readonly offset: number;
  /** Undefined when the file gives none: then the tensor's own size counts. */
  readonly length: number | undefined;
}

const SMALL = 64 * 1024;
/** Small tensors closer together than this are read in one go. */
const GAP = 16 * 1024;
const RUN = 1024 * 1024;

const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
const tidy = (path: string): string => path.replace(/\\/g, '/').replace(/^(\.\/)+/, '');

/** A small tensor in an external file, waiting to be read when the model is open. */
interface SmallTensor {
  readonly source: ByteSource;
  readonly offset: number;
  readonly length: number;
  bytes: Uint8Array | undefined;
}

/** The data files that were given with a model, and what the model wants of them. */
export class ExternalFiles {
  private readonly byName = new Map<string, ByteSource>();
  private readonly missing = new Map<string, string[]>();
  private readonly small: SmallTensor[] = [];
  readonly diagnostics: Diagnostic[] = [];

  constructor(sources: readonly ByteSource[]) {
    for (const source of sources) {
      this.byName.set(tidy(source.name), source);
      if (!this.byName.has(baseName(source.name))) this.byName.set(baseName(source.name), source);
    }
  }
  /** The bytes of the tensor `name`, `size` bytes long, at `place`. */
  bytes(name: string, size: number, place: ExternalPlace): TensorBytes {
    const source =
      this.byName.get(tidy(place.location)) ?? this.byName.get(baseName(place.location));
    if (source === undefined) {
      const tensors = this.missing.get(place.location);
      if (tensors) tensors.push(name);
      else this.missing.set(place.location, [name]);
      return absentBytes(size, missingExternalData([name], place.location));
    }
    const length = place.length ?? size;
    if (place.offset + length > source.size) {
      const end = place.offset + length;
      const problem = externalDataOutOfRange(name, source.name, end, source.size);
      this.diagnostics.push(problem);
      return absentBytes(length, problem);
    }
    if (length > SMALL || source.resident !== undefined)
      return sourceBytes(source, place.offset, length);
    const entry: SmallTensor = { source, offset: place.offset, length, bytes: undefined };
    this.small.push(entry);
    return {
      byteLength: length,
      resident: () => entry.bytes,
      read: (signal) =>
        entry.bytes
          ? residentBytes(entry.bytes).read()
          : readSource(source, entry.offset, length, signal),
    };
  }
  /** Reads the small tensors, neighbours together, and says which files are wanted and not there. */
  async finish(signal?: AbortSignal): Promise<readonly Diagnostic[]> {
    for (const [file, tensors] of this.missing)
      this.diagnostics.push(missingExternalData(tensors, file));
    for (const source of new Set(this.small.map((entry) => entry.source))) {
      const entries = this.small.filter((entry) => entry.source === source);
      entries.sort((a, b) => a.offset - b.offset);
      await this.readRuns(source, entries, signal);
    }
    return this.diagnostics;
  }
  private async readRuns(
    source: ByteSource,
    entries: readonly SmallTensor[],
    signal?: AbortSignal,
  ): Promise<void> {
    for (let i = 0; i < entries.length;) {
      const start = entries[i]?.offset ?? 0;
      let end = start;
      let next = i;
      for (let entry; (entry = entries[next]) !== undefined; next++) {
        if (entry.offset > end + GAP || entry.offset + entry.length > start + RUN) break;
        end = Math.max(end, entry.offset + entry.length);
      }
      const read = await readSource(source, start, end - start, signal);
      if (!read.ok) {
        this.diagnostics.push({ ...read.error, severity: 'warning' });
        return;
      }
      for (const entry of entries.slice(i, next)) {
        const at = entry.offset - start;
        entry.bytes = read.value.subarray(at, at + entry.length);
      }
      i = next;
    }
  }
}
