import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CONTENT_SECURITY_POLICY, servePage } from '../../src/cli/serve-page.ts';
import type { PageServer } from '../../src/cli/serve-page.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let folder: string;
let server: PageServer;

/** Unlike fetch, sends the path and the host exactly as given. */
function ask(path: string, options: { host?: string; method?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        port: new URL(server.url).port,
        host: '127.0.0.1',
        path,
        method: options.method ?? 'GET',
        ...(options.host === undefined ? {} : { headers: { host: options.host } }),
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serve-page-'));
  await mkdir(join(folder, 'page/samples'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'page/index.html'), '<!doctype html>');
  await writeFile(join(folder, 'page/main.js'), 'export {};');
  await writeFile(join(folder, 'page/samples/a b.onnx'), 'model');
  await symlink(join(folder, 'secret.txt'), join(folder, 'page/link.txt'));
  server = await servePage({ root: join(folder, 'page'), port: 0 });
});

after(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

test('serves the page with the headers that isolate and confine it', async () => {
  const { status, headers, body } = await ask('/');
  assert.equal(status, 200);
  assert.equal(body, '<!doctype html>');
  assert.equal(headers['content-type'], 'text/html; charset=utf-8');
  assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
  assert.equal(headers['cross-origin-embedder-policy'], 'require-corp');
  assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['referrer-policy'], 'no-referrer');
  assert.equal(
    headers['content-security-policy'],
    `${CONTENT_SECURITY_POLICY}; frame-ancestors 'none'`,
  );
});

test('names the right type, decodes paths and ignores the query', async () => {
  assert.match((await ask('/main.js?v=1')).headers['content-type'] ?? '', /^text\/javascript/);
  const model = await ask('/samples/a%20b.onnx');
  assert.equal(model.body, 'model');
  assert.equal(model.headers['content-type'], 'application/octet-stream');
});

test('HEAD gives the length without the body', async () => {
  const { status, headers, body } = await ask('/main.js', { method: 'HEAD' });
  assert.equal(status, 200);
  assert.equal(headers['content-length'], '10');
  assert.equal(body, '');
});

for (const path of [
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/samples/..%2f..%2fsecret.txt',
  '/..%5csecret.txt',
  '/link.txt',
  '/%00',
  '/%zz',
  '/samples',
  '/nothing.js',
])
  test(`gives nothing away for ${path}`, async () => {
    const { status, body } = await ask(path);
    assert.equal(status, 404);
    assert.equal(body, 'not found\n');
  });

test('refuses other names for this host, as a rebinding attack would use', async () => {
  assert.equal((await ask('/', { host: 'evil.example' })).status, 421);
  assert.equal((await ask('/', { host: 'localhost:8080' })).status, 200);
});

test('refuses to be written to', async () => {
  assert.equal((await ask('/', { method: 'POST' })).status, 405);
});

test('takes the next port when the wanted one is taken, and only when told to', async () => {
  const taken = Number(new URL(server.url).port);
  const root = join(folder, 'page');
  await assert.rejects(servePage({ root, port: taken }), /EADDRINUSE/);
  const next = await servePage({ root, port: taken, nextFree: true });
  assert.ok(Number(new URL(next.url).port) > taken);
  await next.close();
});

test('the page repeats the policy for hosts without headers', async () => {
  const html = await readFile(new URL('../../public/index.html', import.meta.url), 'utf8');
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(html)?.[1];
  assert.equal(policy, CONTENT_SECURITY_POLICY);
});
