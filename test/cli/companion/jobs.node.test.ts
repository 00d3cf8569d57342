import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { CompanionStatus } from '../../../src/api/companion-api.ts';
import { modelWithExternalWeight } from '../../support/external-weight.ts';
import { FACTS, StandInRunner } from '../../support/stand-in-runner.ts';
import { scratchFolder } from '../cli-harness.ts';
import { CompanionUnderTest, MODEL } from './companion-harness.ts';

const folder = scratchFolder();
let site: CompanionUnderTest;
beforeEach(async () => {
  site = await CompanionUnderTest.start(folder);
});
afterEach(() => site.companion.close());

const LAYERS = '{"Layers":[],"Bindings":[]}';

test('serves the page and the API on one origin, with no header that lets others read', async () => {
  assert.equal((await site.ask('/', { headers: { authorization: null } })).status, 200);
  const { status, headers, body } = await site.ask('/companion/status');
  assert.equal(status, 200);
  assert.equal(headers['cache-control'], 'no-store');
  assert.deepEqual(
    Object.keys(headers).filter((name) => name.startsWith('access-control')),
    [],
  );
  const told = JSON.parse(body) as CompanionStatus;
  assert.deepEqual(told.backends, FACTS.backends);
  assert.equal(told.gpu?.driver, '560.35.05');
  assert.equal(told.problem, null);
  assert.deepEqual(told.jobs, []);
});

test('the token stands in the fragment of the address, and is new with each start', async () => {
  const url = new URL(site.companion.url);
  assert.equal(url.hostname, '127.0.0.1');
  assert.equal(url.search, '');
  const token = new URLSearchParams(url.hash.slice(1)).get('companion') ?? '';
  assert.ok(Buffer.from(token, 'base64url').length >= 16, 'at least 128 bits');
  const other = await CompanionUnderTest.start(folder);
  assert.notEqual(other.companion.token, token);
  await other.companion.close();
});

test('a model goes from memory to its engine: progress, files, bytes', async () => {
  const begins = site.runner.next();
  const id = await site.submit();
  const build = await begins;
  assert.equal(build.wish.mode, 'best');
  assert.deepEqual(readFileSync(build.wish.modelPath), Buffer.from(MODEL));
  assert.equal(statSync(build.wish.modelPath).mode & 0o077, 0, 'nobody else reads the model');
  assert.equal(statSync(dirname(dirname(dirname(build.wish.modelPath)))).mode & 0o077, 0);
  assert.equal((await site.job(id)).state, 'running');
  build.report({ step: 'Building the engine', fraction: 0.25 });
  const events = site.events(id);
  await build.succeed({ 'net.layer.json': LAYERS, 'net.engine': new Uint8Array(0) });
  const told = await events;
  assert.deepEqual(
    told.map(({ type }) => type),
    ['queued', 'progress', 'ended'],
  );
  assert.deepEqual(told[1], { type: 'progress', step: 'Building the engine', fraction: 0.25 });
  const end = await site.ended(id);
  assert.equal(end.outcome, 'built');
  assert.deepEqual(end.artefacts, [
    { kind: 'layers', name: 'net.layer.json', sizeBytes: LAYERS.length },
    { kind: 'engine', name: 'net.engine', sizeBytes: 0 },
  ]);
  const layers = await site.ask(`/companion/jobs/${id}/artefacts/layers`);
  assert.deepEqual([layers.status, layers.body], [200, LAYERS]);
  assert.equal(layers.headers['content-type'], 'application/octet-stream');
  assert.equal((await site.ask(`/companion/jobs/${id}/artefacts/engine`)).status, 200);
  assert.equal((await site.ask(`/companion/jobs/${id}/artefacts/profile`)).status, 404);
  assert.ok(!existsSync(build.wish.modelPath), 'the model is gone with the build');
});

test('events are resumed after the last one that was seen', async () => {
  const begins = site.runner.next();
  const id = await site.submit();
  const build = await begins;
  build.report({ step: 'One', fraction: null });
  build.report({ step: 'Two', fraction: null });
  await build.succeed({});
  await site.ended(id);
  const all = await site.ask(`/companion/jobs/${id}/events`);
  const ids = [...all.body.matchAll(/^id: (\d+)$/gm)].map(([, number]) => Number(number));
  assert.deepEqual(
    ids,
    [...ids].sort((a, b) => a - b),
  );
  const last = ids.at(-2) ?? 0;
  assert.deepEqual(
    (await site.events(id, last)).map(({ type }) => type),
    ['ended'],
  );
  assert.deepEqual(await site.events(id, ids.at(-1)).then((rest) => rest.length), 0);
});

test('what TensorRT refuses is told in its words, what breaks in here is not told but logged', async () => {
  let begins = site.runner.next();
  const refused = await site.submit();
  const problem = {
    ...{ code: 'build/refused', severity: 'error' as const },
    ...{ message: 'TensorRT: Error Code 4: Miscellaneous.', advice: 'Look at the log.' },
  };
  (await begins).refuse(problem);
  const end = await site.ended(refused);
  assert.deepEqual([end.outcome, end.problem], ['refused', problem]);
  begins = site.runner.next();
  const broken = await site.submit();
  (await begins).throw(new Error('secret of the machine'));
  const other = await site.ended(broken);
  assert.equal(other.outcome, 'failed');
  assert.equal(other.problem?.code, 'companion/internal-error');
  assert.doesNotMatch(JSON.stringify(other), /secret/);
  assert.match(site.log.join('\n'), /secret of the machine/);
});

test('one job at a time, the others wait in order and are told how many are ahead', async () => {
  const begins = site.runner.next();
  const first = await site.submit('a.onnx');
  const second = await site.submit('b.onnx');
  const build = await begins;
  const last = await site.submit('c.onnx');
  assert.equal((await site.job(second)).ahead, 1);
  assert.equal((await site.job(last)).ahead, 2);
  const told = site.events(last);
  const after = site.runner.next();
  await build.succeed({});
  await site.ended(first);
  const b = await after;
  assert.match(b.wish.modelPath, /b\.onnx$/);
  assert.equal((await site.job(last)).ahead, 1);
  const third = site.runner.next();
  await site.ask(`/companion/jobs/${second}`, { method: 'DELETE' });
  assert.ok(b.signal.aborted, 'the build is told to stop');
  assert.equal((await site.ended(second)).outcome, 'cancelled');
  await (await third).succeed({});
  const ahead = (await told).flatMap((event) => (event.type === 'queued' ? [event.ahead] : []));
  assert.deepEqual([ahead[0], ahead.at(-1)], [2, 1]);
});

test('a job is cancelled while it waits, and forgotten when it is ended', async () => {
  const begins = site.runner.next();
  await site.submit('a.onnx');
  await begins;
  const id = await site.submit('b.onnx');
  const path = `/companion/jobs/${id}`;
  assert.equal((await site.ask(path, { method: 'DELETE' })).status, 200);
  assert.equal((await site.ended(id)).outcome, 'cancelled');
  assert.equal((await site.ask(path, { method: 'DELETE' })).status, 200);
  assert.equal((await site.ask(path)).status, 404);
  assert.equal(site.runner.builds.length, 1);
});

test('external data goes beside the model, under the name that the model gives it', async () => {
  const { model, weights } = modelWithExternalWeight('data/weights.bin');
  const begins = site.runner.next();
  const files = [
    { name: 'net.onnx', sizeBytes: model.length },
    { name: 'weights.bin', sizeBytes: weights.length },
  ];
  const { id } = await site.announce({ files });
  await site.upload(id, 0, model);
  await site.upload(id, 1, weights);
  await site.start(id);
  const build = await begins;
  const { wish } = build;
  const data = join(dirname(wish.modelPath), 'data/weights.bin');
  assert.deepEqual(readFileSync(data), Buffer.from(weights));
  await build.succeed({});
});

for (const location of ['/etc/hostname', '../../secret.bin', '..\\secret.bin', 'C:\\secret', '-x'])
  test(`a model that wants to have ${location} read for it is not built`, async () => {
    const { model, weights } = modelWithExternalWeight(location);
    const name = location.split(/[\\/]/).at(-1)?.replace(/^-/, '') ?? '';
    const files = [
      { name: 'net.onnx', sizeBytes: model.length },
      { name, sizeBytes: weights.length },
    ];
    const { id } = await site.announce({ files });
    await site.upload(id, 0, model);
    await site.upload(id, 1, weights);
    await site.start(id);
    const { outcome, problem } = await site.ended(id);
    assert.deepEqual([outcome, problem?.code], ['failed', 'companion/data-outside']);
    assert.equal(site.runner.builds.length, 0);
  });

test('a model without the data that it needs, and bytes that are no model, are not built', async () => {
  const { model } = modelWithExternalWeight('weights.bin');
  const { id } = await site.announce({ files: [{ name: 'net.onnx', sizeBytes: model.length }] });
  await site.upload(id, 0, model);
  await site.start(id);
  const { problem } = await site.ended(id);
  assert.equal(problem?.code, 'companion/data-missing');
  assert.match(problem.message, /weights\.bin/);
  const junk = await site.announce({ files: [{ name: 'x.onnx', sizeBytes: 9 }] });
  await site.upload(junk.id, 0, Buffer.from('no model!'));
  await site.start(junk.id);
  assert.equal((await site.ended(junk.id)).outcome, 'failed');
  assert.equal(site.runner.builds.length, 0);
});

test('a job does not start before all of its files are there, nor twice', async () => {
  const { id } = await site.announce();
  assert.equal((await site.start(id)).status, 409);
  await site.upload(id, 0);
  assert.equal((await site.upload(id, 0)).status, 409, 'a file comes once');
  assert.equal((await site.start(id)).status, 202);
  assert.equal((await site.start(id)).status, 409);
  assert.equal((await site.upload(id, 0)).status, 409);
});

test('a file that broke off can be sent again', async () => {
  const { id } = await site.announce();
  const headers = { 'content-type': 'application/octet-stream', 'transfer-encoding': 'chunked' };
  const path = `/companion/jobs/${id}/files/0`;
  const short = await site.ask(path, { method: 'PUT', headers, body: MODEL.subarray(1) });
  assert.equal(short.status, 400);
  assert.match(short.body, /incomplete-file/);
  assert.equal((await site.upload(id, 0)).status, 200);
});

test('TensorRT is looked for again while it is missing, and no more once it is found', async () => {
  const runner = new StandInRunner();
  const error = { code: 'build/none', severity: 'error' as const };
  const problem = { ...error, message: 'No TensorRT.', advice: 'Install it.' };
  runner.facts = { backends: [], gpu: null, problem };
  const other = await CompanionUnderTest.start(folder, { lookAgainMs: 0 }, runner);
  const status = async (): Promise<CompanionStatus> =>
    JSON.parse((await other.ask('/companion/status')).body) as CompanionStatus;
  assert.deepEqual((await status()).problem, problem);
  runner.facts = FACTS;
  assert.equal((await status()).problem, null);
  const { described } = runner;
  await status();
  assert.equal(runner.described, described);
  await other.companion.close();
});

test('nothing stays behind', async () => {
  const folders = (): readonly string[] =>
    readdirSync(tmpdir()).filter((name) => name.startsWith('qdq-lab-serve-'));
  const before = folders();
  const other = await CompanionUnderTest.start(folder);
  const begins = other.runner.next();
  await other.submit();
  const build = await begins;
  assert.equal(folders().length, before.length + 1);
  await other.companion.close();
  assert.ok(build.signal.aborted, 'the build is ended with the server');
  assert.ok(!existsSync(build.wish.modelPath));
  assert.deepEqual(folders(), before);
});

test('with a folder to keep builds in, they stay there', async () => {
  const keepIn = join(folder, 'kept');
  const other = await CompanionUnderTest.start(folder, { keepIn });
  const begins = other.runner.next();
  const id = await other.submit();
  await (await begins).succeed({ 'net.layer.json': LAYERS });
  await other.ended(id);
  await other.companion.close();
  const [name = ''] = readdirSync(keepIn);
  assert.match(name, /^net-\d{8}T\d{6}-[\da-f]{6}$/);
  assert.deepEqual(readdirSync(join(keepIn, name)), ['net.layer.json']);
});

test('jobs are forgotten some time after their end, and those whose files do not come', async () => {
  const other = await CompanionUnderTest.start(folder, { keepMs: 200, awaitMs: 200 });
  const begins = other.runner.next();
  const id = await other.submit();
  await (await begins).succeed({});
  await other.ended(id);
  const lonely = await other.announce();
  await new Promise((resolve) => setTimeout(resolve, 900));
  assert.equal((await other.ask(`/companion/jobs/${id}`)).status, 404);
  assert.equal((await other.ask(`/companion/jobs/${lonely.id}`)).status, 404);
  await other.companion.close();
});
