import { readFailed } from '../../core/base/diagnostics.ts';
import type { Result } from '../../core/base/result.ts';
import { fail, ok } from '../../core/base/result.ts';
import { sampleUrl } from './samples.ts';

/** The packed file of a bundled sample, from the page's own server or from its offline copy. */
export async function fetchSample(id: string): Promise<Result<File>> {
  const name = `${id}.onnx.gz`;
  try {
    const response = await fetch(sampleUrl(id));
    if (!response.ok)
      return fail(readFailed(name, `the server answered ${String(response.status)}`));
    return ok(new File([await response.blob()], name));
  } catch (error) {
    return fail(readFailed(name, error instanceof Error ? error.message : String(error)));
  }
}
