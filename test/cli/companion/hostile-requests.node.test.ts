import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { CompanionStatus } from '../../../src/api/companion-api.ts';
import { scratchFolder } from '../cli-harness.ts';
import type { Answer } from './companion-harness.ts';
import { CompanionUnderTest } from './companion-harness.ts';

// Requests that should not have been made: from elsewhere, without the token, by other paths and methods, or malformed.
const folder = scratchFolder();
let site: CompanionUnderTest;
before(async () => {
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  const connections = { headersMs: 400, connections: 40 };
  site = await CompanionUnderTest.start(folder, { connections });
});

after(async () => {
  await site.companion.close();
  const { token } = site.companion;
  assert.ok(!site.log.join('\n').includes(token), 'the token is in no log');
  const told = site.log.filter((line) => !/: (?:building|built) /.test(line));
  assert.deepEqual(told, [], 'no hostile request was a defect');
});

const refused = (answer: Answer, status: number): void => {
  site.refused(answer, status);
};

const STATUS = '/companion/status';
const without = { authorization: null };

for (const [what, authorization] of [
  ['none', null],
  ['another', `Bearer ${'A'.repeat(43)}`],
  ['an empty one', 'Bearer '],
  ['one in another scheme', 'Basic dXNlcjpwYXNz'],
  ['one much too long', `Bearer ${'A'.repeat(5000)}`],
  ['one with more behind it', 'Bearer TOKEN x'],
] as const)
  test(`token: ${what}`, async () => {
    const text = authorization?.replace('TOKEN', site.companion.token) ?? null;
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])
      refused(await site.ask(STATUS, { method, headers: { authorization: text } }), 401);
    refused(await site.ask('/companion/', { headers: { authorization: text } }), 401);
  });

test('token: a part of it, in the query or in a cookie, opens nothing', async () => {
  const { token } = site.companion;
  const part = { authorization: `Bearer ${token.slice(0, -1)}` };
  refused(await site.ask(STATUS, { headers: part }), 401);
  refused(await site.ask(`${STATUS}?companion=${token}`, { headers: without }), 401);
  refused(await site.ask(STATUS, { headers: { ...without, cookie: `companion=${token}` } }), 401);
  refused(await site.ask(`${STATUS}?x=1`), 404);
});

test('origin: other sites, other ports, null, and what only looks alike', async () => {
  const { port } = site;
  for (const origin of [
    'https://evil.example',
    'null',
    `http://127.0.0.1:${String(port + 1)}`,
    'http://127.0.0.1',
    `https://127.0.0.1:${String(port)}`,
    `http://localhost:${String(port)}`,
    `http://127.0.0.1:${String(port)}.evil.example`,
    `http://127.0.0.1:${String(port)}/`,
    '',
  ])
    refused(await site.ask(STATUS, { headers: { origin } }), 403);
  assert.equal((await site.ask(STATUS, { headers: { origin: site.origin } })).status, 200);
});

test('origin: none, but the browser says that another site asks', async () => {
  for (const from of ['cross-site', 'same-site', 'none', 'nonsense'])
    refused(await site.ask(STATUS, { headers: { 'sec-fetch-site': from } }), 403);
  const own = { 'sec-fetch-site': 'same-origin' };
  assert.equal((await site.ask(STATUS, { headers: own })).status, 200);
});

test('host: any other name for this machine means a rebinding attack', async () => {
  const port = String(site.port);
  for (const host of [
    `evil.example:${port}`,
    `127.0.0.1.evil.example:${port}`,
    `localhost.evil.example`,
    `127.0.0.1@evil.example`,
    `evil.example#127.0.0.1`,
    `0.0.0.0:${port}`,
    `127.0.0.2:${port}`,
  ]) {
    const origin = `http://${host}`;
    refused(await site.ask(STATUS, { headers: { host, origin } }), 421);
    assert.equal((await site.ask('/', { headers: { host } })).status, 421);
  }
});

test('host: missing, or twice', async () => {
  assert.match(await site.raw('GET /companion/status HTTP/1.1\r\n\r\n'), /^HTTP\/1\.1 400/);
  const empty = await site.raw('GET /companion/status HTTP/1.1\r\nHost:\r\n\r\n');
  assert.match(empty, /^HTTP\/1\.1 421/);
  const twice = 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n';
  const answer = await site.raw(`${twice}Connection: close\r\n\r\n`);
  assert.doesNotMatch(answer, /evil/);
});

test('other machines cannot connect at all', async (t) => {
  const outer = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
  if (outer === undefined) {
    t.skip('SKIPPED this machine has no address but loopback');
    return;
  }
  const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    const socket = connect(site.port, outer);
    socket.on('error', resolve);
    socket.on('connect', () => {
      socket.destroy();
      resolve(null);
    });
  });
  assert.equal(error?.code, 'ECONNREFUSED');
});

for (const path of [
  '/companion/../secret.txt',
  '/companion/..%2f..%2fsecret.txt',
  '/companion/%2e%2e/status',
  '/companion/jobs/../status',
  '/companion/jobs/..%2fstatus',
  '/companion/jobs/%00',
  '/companion/jobs/..\\..\\secret.txt',
  '/companion//status',
  '/companion/status/',
  '/companion/status%20',
  '/companion/STATUS',
  '/companion/jobs/00000000000000000000000000000000',
  '/companion/jobs/00000000000000000000000000000000/events',
  '/companion/jobs/00000000000000000000000000000000/artefacts/engine',
  '/companion/jobs/constructor',
  '/companion/constructor',
  '/companion/',
])
  test(`path: ${path} gives nothing away`, async () => {
    refused(await site.ask(path), 404);
  });

test('path: written otherwise, the API is not there, and the page gives away nothing but itself', async () => {
  for (const path of [
    '//companion/status',
    '/%63ompanion/status',
    '/x/../companion/status',
    '/companion',
    `http://127.0.0.1:${String(site.port)}/companion/status`,
    '/../secret.txt',
    '/..%5csecret.txt',
  ]) {
    const { status, body } = await site.ask(path);
    assert.equal(status, 404, path);
    assert.doesNotMatch(body, /jobs|secret/);
  }
});

test('method: only those of the path, and no preflight is ever answered with a yes', async () => {
  for (const [path, methods] of [
    [STATUS, ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE']],
    ['/companion/jobs', ['GET', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']],
  ] as const)
    for (const method of methods) {
      const { status, headers } = await site.ask(path, { method });
      assert.equal(status, 405, `${method} ${path}`);
      assert.ok(headers.allow);
      assert.equal(headers['access-control-allow-origin'], undefined);
    }
  const preflight = {
    authorization: null,
    origin: 'https://evil.example',
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'authorization',
  };
  refused(await site.ask(STATUS, { method: 'OPTIONS', headers: preflight }), 403);
  assert.equal((await site.ask('/', { method: 'POST' })).status, 405);
});

test('slow: headers that do not end', async () => {
  const start = performance.now();
  const answer = await site.raw(`GET /companion/status HTTP/1.1\r\nHost: 127.0.0.1\r\nX: `);
  assert.ok(performance.now() - start < 4000);
  assert.match(answer, /^HTTP\/1\.1 408|^$/);
  assert.match(await site.raw(''), /^HTTP\/1\.1 408|^$/, 'nor one that says nothing');
});

test('connections: no more than so many at once, and room again when they go', async () => {
  const sockets = Array.from({ length: 60 }, () => {
    const socket = connect(site.port, '127.0.0.1');
    socket.on('error', () => undefined);
    return socket;
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const open = sockets.filter(({ destroyed, readyState }) => !destroyed && readyState === 'open');
  assert.ok(open.length <= 40, `${String(open.length)} open`);
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal((await site.ask(STATUS)).status, 200);
});

const authorized = (): string =>
  `Host: 127.0.0.1:${String(site.port)}\r\nAuthorization: Bearer ${site.companion.token}\r\n`;

for (const [what, request] of [
  ['both lengths', 'Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG'],
  ['two lengths', 'Content-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  ['a length that is no number', 'Content-Length: +1\r\n\r\na'],
  ['an odd encoding', 'Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n'],
  ['a hidden encoding', 'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n'],
  ['a folded header', 'X: a\r\n Content-Length: 1\r\n\r\na'],
  ['a bare line feed', 'X: a\nContent-Length: 1\r\n\r\na'],
  ['a chunk that lies', 'Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n'],
] as const)
  test(`smuggling: ${what} is refused, and what follows is not taken for a request`, async () => {
    const post = `POST /companion/jobs HTTP/1.1\r\n${authorized()}Content-Type: application/json\r\n`;
    const second = `GET /companion/status HTTP/1.1\r\n${authorized()}\r\n`;
    const answer = await site.raw(post + request + second);
    assert.match(answer, /^HTTP\/1\.1 400/);
    assert.doesNotMatch(answer, /HTTP\/1\.1 200/);
  });

test('headers: too many bytes of them', async () => {
  const answer = await site.raw(
    `GET /companion/status HTTP/1.1\r\n${authorized()}X: ${'x'.repeat(20_000)}\r\n\r\n`,
  );
  assert.match(answer, /^HTTP\/1\.1 431/);
});

test('CONNECT and upgrades lead nowhere', async () => {
  const connectTo = `CONNECT 127.0.0.1:22 HTTP/1.1\r\n${authorized()}\r\n`;
  assert.doesNotMatch(await site.raw(connectTo), /HTTP\/1\.1 2/);
  const headers = { connection: 'Upgrade', upgrade: 'websocket', authorization: null };
  refused(await site.ask(STATUS, { headers }), 401);
});

test('after all of this nothing is under way, and the server still answers', async () => {
  const { jobs } = JSON.parse((await site.ask(STATUS)).body) as CompanionStatus;
  assert.ok(jobs.every(({ state }) => state === 'ended'));
});
