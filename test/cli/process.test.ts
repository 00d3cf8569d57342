import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateChain } from '../support/generate-model.ts';
import { ended, scratchFolder, spawnCli } from './cli-harness.ts';

// What only a process of its own shows: exit codes, streams, signals, environment.
const folder = scratchFolder();
const model = join(folder, 'chain.onnx');
writeFileSync(model, generateChain(300));

test('exit codes reach the shell', async () => {
  const good = await ended(spawnCli(['predict', model]));
  assert.deepEqual([good.code, good.error], [0, '']);
  const bad = await ended(spawnCli(['predict', join(folder, 'absent.onnx')]));
  assert.equal(bad.code, 2);
  assert.equal(bad.out, '');
  assert.match(bad.error, /^qdq-lab: [^\n]+\n$/);
});

test('environment: COLUMNS cuts, NO_COLOR goes before FORCE_COLOR, pipes are plain', async () => {
  const row = (text: string) => text.split('\n').find((line) => line.includes('Conv')) ?? '';
  const narrow = await ended(spawnCli(['predict', model], { COLUMNS: '60' }));
  assert.ok([...row(narrow.out)].length <= 60 && row(narrow.out).includes('…'));
  assert.ok(!narrow.out.includes('\u001b'), 'a pipe gets no colours');
  const forced = await ended(spawnCli(['predict', model], { FORCE_COLOR: '1' }));
  assert.ok(forced.out.includes('\u001b[32m'));
  const both = await ended(spawnCli(['predict', model], { FORCE_COLOR: '1', NO_COLOR: '1' }));
  assert.ok(!both.out.includes('\u001b'));
});

test('a model on standard input, once only bytes, once cut off', async () => {
  const whole = spawnCli(['predict', '-', '--json']);
  whole.stdin.end(generateChain(20));
  const { code, out } = await ended(whole);
  assert.equal(code, 0);
  assert.ok((JSON.parse(out) as { Layers: unknown[] }).Layers.length > 2);
  const cut = spawnCli(['predict', '-']);
  cut.stdin.end(generateChain(20).subarray(0, 3000));
  const failed = await ended(cut);
  assert.equal(failed.code, 2);
  assert.match(failed.error, /^qdq-lab: [^\n]*standard input[^\n]*\n$/);
});

test('a reader that leaves early ends the command quietly', async () => {
  const child = spawnCli(['predict', model, model, model, model, '--trace']);
  child.stdout.once('data', () => child.stdout.destroy());
  const { code, error } = await ended(child);
  assert.deepEqual([code, error], [0, '']);
});

test('an interrupt ends the command at once', async () => {
  const child = spawnCli(['predict', '-']);
  const end = ended(child);
  // Standard input stays open: the command waits for a model until it is interrupted.
  setTimeout(() => child.kill('SIGINT'), 1500);
  const { code, signal, out, error } = await end;
  assert.ok(signal === 'SIGINT' || code === 130, `${String(code)} ${String(signal)}`);
  assert.deepEqual([out, error], ['', '']);
});
