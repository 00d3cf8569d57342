import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import type { CompanionStatus } from '../../src/api/companion-api.ts';
import type { BuildManifest } from '../../src/core/engine/build-manifest.ts';
import { jsonSchemaOf } from '../../src/cli/json-schemas.ts';
import { cli, ended } from './cli-harness.ts';
import { endOf, folder, served, skip, spawnBuilt, submit } from './companion/served.ts';
import { until } from './trt/stand-ins.ts';

test('a model is built as by the verb build, and kept where --out says', { skip }, async () => {
  const out = join(folder, 'kept');
  const site = await served(['--out', out]);
  const status = (await (await site.ask('status')).json()) as CompanionStatus;
  assert.deepEqual(status.backends, [{ id: 'python', trtVersion: '10.6.0', problem: null }]);
  assert.match(status.version, /^\d+\.\d+\.\d+$/);
  const id = await submit(site, 'my net.onnx');
  const end = await endOf(site, id);
  assert.deepEqual([end.outcome, end.problem], ['built', null]);
  const kinds = end.artefacts.map(({ kind }) => kind);
  for (const kind of ['engine', 'layers', 'log', 'manifest', 'prediction'] as const)
    assert.ok(kinds.includes(kind), kind);
  const layers = (await (await site.ask(`jobs/${id}/artefacts/layers`)).json()) as {
    readonly Layers: unknown;
  };
  assert.ok(Array.isArray(layers.Layers));
  const manifest = (await (
    await site.ask(`jobs/${id}/artefacts/manifest`)
  ).json()) as BuildManifest;
  assert.equal(manifest.model.name, 'my net.onnx');
  assert.ok(!JSON.stringify(manifest).includes(site.temp), 'no folder of this machine');
  const token = site.url.hash.split('=')[1] ?? '';
  const end2 = ended(site.child);
  site.child.kill('SIGTERM');
  await end2;
  assert.equal(site.said().split(token).length, 2, 'the token is said once');
  assert.match(site.said(), /my net\.onnx: built after/);
  const [kept = ''] = readdirSync(out).filter((name) => name.startsWith('my net-'));
  assert.ok(existsSync(join(out, kept, 'my-net.best.manifest.json')));
});

test(
  'what TensorRT refuses is told in its words; the address is told as JSON',
  { skip },
  async () => {
    const site = await served(['--json', '--quiet'], { STAND_IN: 'refuse' });
    const told = JSON.parse(site.said().split('\n')[0] ?? '') as { url: string; port: number };
    assert.deepEqual(told, { url: site.url.href, port: Number(site.url.port) });
    assert.ok(new Ajv().validate(jsonSchemaOf('serve') ?? false, told));
    const { outcome, problem, artefacts } = await endOf(site, await submit(site));
    assert.deepEqual([outcome, problem?.code], ['refused', 'build/refused']);
    assert.ok(artefacts.some(({ kind }) => kind === 'log'));
    site.child.kill('SIGTERM');
  },
);

test('without TensorRT the page is served all the same, and told why', { skip }, async () => {
  const site = await served([], { STAND_IN: 'no-library' });
  assert.equal((await fetch(new URL('/', site.url))).status, 200);
  const status = (await (await site.ask('status')).json()) as CompanionStatus;
  assert.match(status.problem?.code ?? '', /^build\//);
  await until(() => site.said().includes('warning: '), 'a warning on the terminal');
  site.child.kill('SIGTERM');
});

test('bad use is told in one line', async () => {
  for (const [words, wanted] of [
    [['--host', '0.0.0.0'], /no option --host/],
    [['--listen', '0.0.0.0'], /no option --listen/],
    [['--port', '70000'], /cannot read "70000"/],
    [['--port', 'x'], /cannot read "x"/],
    [['model.onnx'], /wants no arguments/],
  ] as const) {
    const { code, errors, out } = await cli(['serve', ...words]);
    assert.deepEqual([code, errors.length, out], [2, 1, ''], words.join(' '));
    assert.match(errors[0] ?? '', wanted);
  }
});

test('a port that is taken, and a folder that cannot be, are told', { skip }, async () => {
  const site = await served();
  const taken = await ended(spawnBuilt(['serve', '--port', site.url.port]));
  assert.equal(taken.code, 2);
  assert.match(taken.error, /^qdq-lab: Port \d+ is taken\. [^\n]*\n$/);
  const { code, error } = await ended(spawnBuilt(['serve', '--out', '/dev/null/x']));
  assert.equal(code, 2);
  assert.match(error, /cannot be written/);
  site.child.kill('SIGTERM');
});
