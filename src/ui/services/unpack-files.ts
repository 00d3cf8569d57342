import { corruptFile } from '../../core/base/diagnostics.ts';
import type { Result } from '../../core/base/result.ts';
import { fail, ok } from '../../core/base/result.ts';

const GZIP_MAGIC = [0x1f, 0x8b] as const;

/** The files with every gzip file replaced by its content, `.gz` dropped from the name. Known by magic, not by name. */
export async function unpackFiles(files: readonly File[]): Promise<Result<readonly File[]>> {
  const unpacked: File[] = [];
  for (const file of files) {
    const result = (await isGzip(file)) ? await gunzip(file) : ok(file);
    if (!result.ok) return result;
    unpacked.push(result.value);
  }
  return ok(unpacked);
}

async function isGzip(file: File): Promise<boolean> {
  const start = new Uint8Array(await file.slice(0, GZIP_MAGIC.length).arrayBuffer());
  return GZIP_MAGIC.every((byte, i) => start[i] === byte);
}

async function gunzip(file: File): Promise<Result<File>> {
  const content = new Response(file.stream().pipeThrough(new DecompressionStream('gzip')));
  try {
    return ok(new File([await content.blob()], file.name.replace(/\.gz$/i, '')));
  } catch {
    // The stream says only "corrupt or truncated"; the file is the place.
    return fail(corruptFile('its gzip data breaks off or is corrupt', { file: file.name }));
  }
}
