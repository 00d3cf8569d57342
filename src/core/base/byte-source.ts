/** Bytes that can be read at any place: a file, a Blob, or memory. */
export interface ByteSource {
  /** File name as the user knows it; may hold folders. */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /** Reads `length` bytes at `offset`; fewer where the source ends before. Rejects when the source cannot be read. */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** All the bytes, where they are in memory anyway. Not to be written to. */
  readonly resident?: Uint8Array;
  /** The Blob behind it, so that a writer can refer to slices of it without reading them. */
  readonly blob?: Blob;
}

/** A source over bytes in memory; they are shared, not copied. */
export function bufferSource(name: string, bytes: Uint8Array): ByteSource {
  const resident = plainBytes(bytes);
  return {
    name,
    size: resident.length,
    resident,
    read: (offset, length) => Promise.resolve(resident.subarray(offset, offset + length)),
  };
}

/** The same bytes as a plain Uint8Array: taking pieces of Node's Buffer is several times slower. */
export const plainBytes = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A source over a Blob or File; only the slices that are asked for are read. */
export function blobSource(name: string, blob: Blob): ByteSource {
  return {
    name,
    size: blob.size,
    blob,
    read: async (offset, length, signal) => {
      signal?.throwIfAborted();
      return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
    },
  };
}
