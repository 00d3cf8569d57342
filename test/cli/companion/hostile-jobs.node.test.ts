import assert from 'node:assert/strict';
import { readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { CompanionStatus } from '../../../src/api/companion-api.ts';
import { scratchFolder } from '../cli-harness.ts';
import type { Answer, Asking } from './companion-harness.ts';
import { CompanionUnderTest, MODEL } from './companion-harness.ts';

// Jobs that want what they should not get: other files, other options, more room, more time.
const folder = scratchFolder();
const LIMITS = { bytes: 1_000_000, files: 4, jobs: 3 };
const PATIENCE = { idleMs: 300, graceMs: 300, leastBytesPerSecond: 1000 };
let site: CompanionUnderTest;
before(async () => {
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  const limits = LIMITS;
  const patience = PATIENCE;
  site = await CompanionUnderTest.start(folder, { limits, patience, heartbeatMs: 50 });
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

test('artefacts: only by the kinds that there are, and never through a link', async () => {
  const begins = site.runner.next();
  const id = await site.submit();
  const build = await begins;
  symlinkSync(join(folder, 'secret.txt'), join(build.wish.outFolder, 'net.layer.json'));
  writeFileSync(join(build.wish.outFolder, 'net.engine'), 'engine');
  // A runner writes through the link what it takes for its own file.
  await build.succeed({ 'net.engine': 'engine' });
  const end = await site.ended(id);
  assert.equal(end.artefacts.length, 1);
  for (const kind of [
    'constructor',
    '__proto__',
    'toString',
    '..%2fnet.engine',
    'net.engine',
    'ENGINE',
    'layers',
    'engine%00',
    '',
  ])
    refused(await site.ask(`/companion/jobs/${id}/artefacts/${kind}`), 404);
  await site.ask(`/companion/jobs/${id}`, { method: 'DELETE' });
});

test('artefacts: a link that a build leaves in the place of a file is not followed', async () => {
  const begins = site.runner.next();
  const id = await site.submit();
  const build = await begins;
  await build.succeed({ 'net.layer.json': '{}' });
  await site.ended(id);
  rmSync(join(build.wish.outFolder, 'net.layer.json'));
  symlinkSync(join(folder, 'secret.txt'), join(build.wish.outFolder, 'net.layer.json'));
  refused(await site.ask(`/companion/jobs/${id}/artefacts/layers`), 404);
  await site.ask(`/companion/jobs/${id}`, { method: 'DELETE' });
});

const job = (patch: object = {}, file: object = {}): object => ({
  files: [{ name: 'net.onnx', sizeBytes: 10, ...file }],
  mode: 'best',
  ...patch,
});
const post = (body: unknown): Promise<Answer> => site.json('/companion/jobs', 'POST', body);

for (const name of [
  '../net.onnx',
  '..\\net.onnx',
  '/etc/net.onnx',
  'C:\\net.onnx',
  'C:net.onnx',
  '\\\\server\\share\\net.onnx',
  'a/net.onnx',
  'net\0.onnx',
  'net\n--plugins=x.onnx',
  'net\r.onnx',
  'net\u2028.onnx',
  'net\u202exnno.onnx',
  '-o.onnx',
  '--saveEngine=x.onnx',
  '.onnx',
  '~root.onnx',
  ' net.onnx',
  'con.onnx',
  'NUL.onnx',
  'com1.x.onnx',
  'lpt9.onnx',
  'net.onnx.',
  'net.onnx ',
  'net.onnx::$DATA',
  'net?.onnx',
  'net*.onnx',
  `${'n'.repeat(300)}.onnx`,
  'net.sh',
  '',
])
  test(`name of a model: ${JSON.stringify(name.slice(0, 40))}`, async () => {
    refused(await post(job({}, { name })), 400);
  });

for (const name of [
  '../w.bin',
  'a/../../w.bin',
  'a//w.bin',
  './w.bin',
  'a/./w.bin',
  '/w.bin',
  'a\\w.bin',
  'a/-w.bin',
  'a/nul',
  'a/b/c/d/e/f/g/h/i/w.bin',
  'a/w.bin/',
  'net.onnx',
  'NET.ONNX',
  'net.onnx/w.bin',
  'ｎet.onnx',
  'w\u0000.bin',
])
  test(`name of a data file: ${JSON.stringify(name)}`, async () => {
    const files = [
      { name: 'net.onnx', sizeBytes: 10 },
      { name, sizeBytes: 10 },
    ];
    refused(await post(job({ files })), 400);
  });

test('options: none but those that are known, as they are written', async () => {
  for (const options of [
    { saveEngine: '/etc/passwd' },
    { plugins: ['evil.so'] },
    { workspaceMb: '1 --plugins=evil.so' },
    { workspaceMb: -1 },
    { workspaceMb: 1e99 },
    { workspaceMb: 1.5 },
    { shapes: { 'x:1 --loadEngine=/etc/passwd': [1] } },
    { shapes: { '--plugins': [1] } },
    { shapes: { 'x\n': [1] } },
    { shapes: { 'a,b': [1] } },
    { shapes: { x: ['1x1 --evil'] } },
    { shapes: { x: [0] } },
    { shapes: { x: [1e20] } },
    { shapes: { x: Array(20).fill(1) } },
    { shapes: [] },
    [],
    'best',
    null,
  ])
    refused(await post(job({ options })), 400);
  refused(await post(job({ command: 'sh' })), 400);
  refused(await post(job({}, { path: '/etc/passwd' })), 400);
  for (const mode of ['best --plugins=x', 'constructor', '', 1, null])
    refused(await post(job({ mode })), 400);
});

test('options: keys that would reach a prototype stay data', async () => {
  const body = '{"files":[{"name":"net.onnx","sizeBytes":10}],"mode":"best","__proto__":{"x":1}}';
  const headers = { 'content-type': 'application/json' };
  refused(await site.ask('/companion/jobs', { method: 'POST', headers, body }), 400);
  assert.equal(({} as { x?: number }).x, undefined);
});

test('JSON: malformed, of another kind, with bytes that are no text, far too long', async () => {
  const headers = { 'content-type': 'application/json' };
  const send = (body: string | Uint8Array): Promise<Answer> =>
    site.ask('/companion/jobs', { method: 'POST', headers, body });
  for (const body of ['', '{', 'null', '[]', '"x"', '1', '{"files":[]}', '{"files":{}}', 'NaN'])
    refused(await send(body), 400);
  refused(await send(Buffer.from([0x22, 0xff, 0xfe, 0x22])), 400);
  refused(await send('['.repeat(100_000)), 400);
  refused(await site.raw(jsonOf(400_000)).then(parsed), 413);
  refused(await post(job({ files: Array(5).fill({ name: 'a.onnx', sizeBytes: 1 }) })), 413);
});

/** A request that declares more than it sends. */
const jsonOf = (declared: number): string =>
  `POST /companion/jobs HTTP/1.1\r\nHost: 127.0.0.1:${String(site.port)}\r\n` +
  `Authorization: Bearer ${site.companion.token}\r\nContent-Type: application/json\r\n` +
  `Content-Length: ${String(declared)}\r\n\r\n{`;

function parsed(text: string): Answer {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), headers: {}, body };
}

test('type: forms and texts, which other sites can send without asking, are not taken', async () => {
  const body = JSON.stringify(job());
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json-patch+json',
    'text/json',
    '',
    null,
  ]) {
    const asked: Asking = { method: 'POST', headers: { 'content-type': type }, body };
    refused(await site.ask('/companion/jobs', asked), 415);
  }
  const packed = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  refused(await site.ask('/companion/jobs', { method: 'POST', headers: packed, body }), 415);
  const { id } = await site.announce();
  const path = `/companion/jobs/${id}/files/0`;
  const form = { 'content-type': 'multipart/form-data' };
  refused(await site.ask(path, { method: 'PUT', headers: form, body: MODEL }), 415);
  await site.ask(`/companion/jobs/${id}`, { method: 'DELETE' });
});

test('size: more bytes than announced, declared or not, and sums beyond the limit', async () => {
  refused(await post(job({}, { sizeBytes: LIMITS.bytes + 1 })), 413);
  for (const sizeBytes of [0, -1, 1.5, 1e300, '10', null])
    refused(await post(job({}, { sizeBytes })), 400);
  const { id } = await site.announce({ files: [{ name: 'net.onnx', sizeBytes: 1000 }] });
  const path = `/companion/jobs/${id}/files/0`;
  const type = { 'content-type': 'application/octet-stream' };
  const declared = { ...type, 'content-length': '2000' };
  refused(
    await site.ask(path, { method: 'PUT', headers: declared, body: Buffer.alloc(2000) }),
    413,
  );
  const chunked = { ...type, 'transfer-encoding': 'chunked' };
  refused(await site.ask(path, { method: 'PUT', headers: chunked, body: Buffer.alloc(2000) }), 413);
  const filled = await site.announce({
    files: [{ name: 'b.onnx', sizeBytes: LIMITS.bytes - 1000 }],
  });
  refused(await post(job({}, { sizeBytes: 1 })), 413);
  for (const one of [id, filled.id]) await site.ask(`/companion/jobs/${one}`, { method: 'DELETE' });
});

test('size: a body where none belongs', async () => {
  const { id } = await site.announce();
  const headers = { 'content-length': '3' };
  const path = `/companion/jobs/${id}/start`;
  refused(await site.ask(path, { method: 'POST', headers, body: 'abc' }), 400);
  refused(await site.ask(STATUS, { headers: { 'transfer-encoding': 'chunked' }, body: 'x' }), 400);
  await site.ask(`/companion/jobs/${id}`, { method: 'DELETE' });
});

test('a file of a job that has no such file', async () => {
  const { id } = await site.announce();
  for (const index of [1, 9999]) refused(await site.upload(id, index), 404);
  for (const index of ['-1', '0x0', '1e1', '..', '00000'])
    refused(
      await site.ask(`/companion/jobs/${id}/files/${index}`, { method: 'PUT', body: MODEL }),
      404,
    );
  await site.ask(`/companion/jobs/${id}`, { method: 'DELETE' });
});

test('queue: no more jobs than it takes; another client with the token sees them all', async () => {
  const ids: string[] = [];
  for (let i = 0; i < LIMITS.jobs; i++) ids.push((await site.announce()).id);
  refused(await post(job()), 429);
  const { body } = await site.ask(STATUS);
  for (const id of ids) assert.ok(body.includes(id));
  const [first = ''] = ids;
  const path = `/companion/jobs/${first}`;
  for (const method of ['GET', 'DELETE'])
    refused(await site.ask(path, { method, headers: without }), 401);
  refused(await site.ask(`${path}/events`, { headers: without }), 401);
  for (const id of ids) await site.ask(`/companion/jobs/${id}`, { method: 'DELETE' });
});

test('slow: bodies that stop, or drip', async () => {
  refused(await site.raw(jsonOf(100)).then(parsed), 408);
  const { id } = await site.announce({ files: [{ name: 'net.onnx', sizeBytes: 100_000 }] });
  const head =
    `PUT /companion/jobs/${id}/files/0 HTTP/1.1\r\nHost: 127.0.0.1:${String(site.port)}\r\n` +
    `Authorization: Bearer ${site.companion.token}\r\n` +
    `Content-Type: application/octet-stream\r\nContent-Length: 100000\r\n\r\n`;
  refused(await site.raw(head).then(parsed), 408);
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(site.port, '127.0.0.1');
    let back = '';
    socket.write(head);
    const drip = setInterval(() => socket.write('x'), 50);
    socket.on('data', (chunk) => (back += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(drip);
      resolve(back);
    });
  });
  refused(parsed(answer), 408);
  assert.equal((await site.job(id)).state, 'receiving', 'it can be sent again');
  await site.ask(`/companion/jobs/${id}`, { method: 'DELETE' });
});

test('slow: a client that hangs up leaves nothing behind', async () => {
  const { id } = await site.announce({ files: [{ name: 'net.onnx', sizeBytes: 100_000 }] });
  await new Promise<void>((resolve) => {
    const socket = connect(site.port, '127.0.0.1', () => {
      socket.write(
        `PUT /companion/jobs/${id}/files/0 HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
          `Authorization: Bearer ${site.companion.token}\r\n` +
          `Content-Type: application/octet-stream\r\nContent-Length: 100000\r\n\r\nabc`,
        () => setTimeout(() => socket.destroy(), 100),
      );
    });
    socket.on('close', () => {
      setTimeout(resolve, 200);
    });
  });
  const home = readdirSync(tmpdir()).find((name) => {
    return name.startsWith('qdq-lab-serve-') && readdirSync(join(tmpdir(), name)).includes(id);
  });
  assert.deepEqual(readdirSync(join(tmpdir(), home ?? '', id, 'model')), []);
  assert.equal((await site.upload(id, 0, Buffer.alloc(100_000))).status, 200);
  await site.ask(`/companion/jobs/${id}`, { method: 'DELETE' });
});

test('streams: no more than so many, heartbeats while nothing happens', async () => {
  const { id } = await site.announce();
  const head =
    `GET /companion/jobs/${id}/events HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
    `Authorization: Bearer ${site.companion.token}\r\n\r\n`;
  const sockets = Array.from({ length: 16 }, () => {
    const socket = connect(site.port, '127.0.0.1');
    socket.write(head);
    return socket;
  });
  let heard = '';
  sockets[0]?.on('data', (chunk) => (heard += chunk.toString()));
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.match(heard, /: alive\n\n[^]*: alive\n\n/);
  refused(await site.ask(`/companion/jobs/${id}/events`), 429);
  for (const socket of sockets) socket.destroy();
  for (const last of ['x', '-1', '1e9', '9'.repeat(20)])
    refused(
      await site.ask(`/companion/jobs/${id}/events`, { headers: { 'last-event-id': last } }),
      400,
    );
  await site.ask(`/companion/jobs/${id}`, { method: 'DELETE' });
});

test('after all of this nothing is under way, and the server still answers', async () => {
  const { jobs } = JSON.parse((await site.ask(STATUS)).body) as CompanionStatus;
  assert.ok(jobs.every(({ state }) => state === 'ended'));
});
