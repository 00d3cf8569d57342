import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { noArtefact } from '../companion-diagnostics.ts';
import { ApiRefusal } from './api-refusal.ts';
import { API_HEADERS } from './api-answer.ts';
import type { Job } from './job.ts';

/** A reader that takes nothing for so long is gone. */
const IDLE_MS = 60_000;

/** Sends a file that the job's build has left, by its kind. No name comes from the client. */
export async function sendArtefact(
  response: ServerResponse,
  job: Job,
  kind: string,
): Promise<void> {
  const file = job.end?.artefacts.find((artefact) => artefact.kind === kind);
  if (file === undefined) throw new ApiRefusal(404, noArtefact());
  const folder = await realpath(job.outFolder);
  const path = await realpath(join(folder, file.name));
  const info = await stat(path);
  // A build that leaves a link must not make us read elsewhere.
  if (!path.startsWith(folder + sep) || !info.isFile()) throw new ApiRefusal(404, noArtefact());
  response.writeHead(200, {
    ...API_HEADERS,
    'Content-Type': 'application/octet-stream',
    'Content-Length': info.size,
    'Content-Disposition': 'attachment',
  });
  response.setTimeout(IDLE_MS, () => {
    response.destroy();
  });
  await pipeline(createReadStream(path, { end: Math.max(0, info.size - 1) }), response);
}
