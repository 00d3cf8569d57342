import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { JobView } from '../../../src/api/companion-api.ts';
import { pageRoot } from '../../../src/cli/page-root.ts';
import { generateChain } from '../../support/generate-model.ts';
import { scratchFolder } from '../cli-harness.ts';
import { STAND_IN_PYTHON, until, withoutPython } from '../trt/stand-ins.ts';

// The verb `serve` as users start it, with a stand-in for the Python that has TensorRT.
export const skip = ((): string | false => {
  if (pageRoot() !== undefined) return withoutPython;
  console.error('SKIPPED: the page is not built, and serve serves it: run `npm run build`');
  return 'no page';
})();

/** Gone after the tests of the file, and all servers with it. */
export const folder = scratchFolder();
const children: ChildProcessWithoutNullStreams[] = [];
after(() => {
  for (const child of children) child.kill('SIGKILL');
});
/** The built command: it starts in a fraction of the time that the sources take, and serves the page that is built with it. */
const BUILT = fileURLToPath(new URL('../../../dist/cli/qdq-lab.js', import.meta.url));

const MODEL = generateChain(20);

export interface Served {
  readonly child: ChildProcessWithoutNullStreams;
  readonly url: URL;
  readonly temp: string;
  /** All that it has said on both streams. */
  readonly said: () => string;
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
}

/** Starts the built command, which is killed after the tests at the latest. */
export function spawnBuilt(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ChildProcessWithoutNullStreams {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment };
  const child = spawn(process.execPath, [BUILT, ...words], { env });
  children.push(child);
  return child;
}

let count = 0;

export async function served(
  words: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Served> {
  const temp = join(folder, `tmp-${String(count++)}`);
  mkdirSync(temp);
  const all = ['serve', '--port', '0', '--python', STAND_IN_PYTHON, ...words];
  const child = spawnBuilt(all, { TMPDIR: temp, ...environment });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await until(() => /http\S+/.test(text) || child.exitCode !== null, 'the address');
  const url = new URL(/http:[^\s"]+/.exec(text)?.[0] ?? '');
  const token = url.hash.replace('#companion=', '');
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(new URL(`companion/${path}`, url), {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) },
    });
  return { child, url, temp, said: () => text, ask };
}

/** Sends the usual model and starts it. */
export async function submit({ ask }: Served, name = 'net.onnx'): Promise<string> {
  const request = { files: [{ name, sizeBytes: MODEL.length }], mode: 'best' };
  const announced = await ask('jobs', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  const { id } = (await announced.json()) as JobView;
  const headers = { 'content-type': 'application/octet-stream' };
  await ask(`jobs/${id}/files/0`, { method: 'PUT', headers, body: Buffer.from(MODEL) });
  await ask(`jobs/${id}/start`, { method: 'POST' });
  return id;
}

export async function endOf({ ask }: Served, id: string): Promise<NonNullable<JobView['end']>> {
  const events = await (await ask(`jobs/${id}/events`)).text();
  assert.match(events, /event: ended/);
  const { end } = (await (await ask(`jobs/${id}`)).json()) as JobView;
  assert.ok(end);
  return end;
}
