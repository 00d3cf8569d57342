import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { cliFiles } from './cli-files.ts';
import { ended, scratchFolder, shellIn, spawnCli } from './cli-harness.ts';

// What streams do to a process of its own: pipes, full devices, closed input, no terminal.
const folder = scratchFolder();
const shell = shellIn(folder);
const { at, chain, fine, coarse, float, truth, tools } = await cliFiles(folder);
const ESCAPE = '\u001b';

/** Verbs that print much, so that a reader may leave before the end. */
const TALKATIVE: readonly string[] = [
  'predict chain.onnx --json',
  'predict chain.onnx --trace',
  'lint chain.onnx --json',
  'why chain.onnx /stage0/block1/conv/Conv',
  'optimize chain.onnx --no-search --quiet --json',
  'diff fine.onnx coarse.onnx --json',
  'completion bash',
];

for (const words of TALKATIVE)
  test(`${words} | head -1 ends quietly`, async () => {
    const { out, error } = await shell(`q ${words} | head -1`);
    assert.equal(out.split('\n').length, 2, out);
    assert.equal(error, '');
  });

test('output to a full device is one line and exit code 2', { skip: noFullDevice() }, async () => {
  for (const words of ['predict chain.onnx --json', 'predict chain.onnx chain.onnx', '--help']) {
    const { code, error } = await shell(`q ${words} > /dev/full`);
    assert.equal(code, 2, error);
    assert.match(error, /^qdq-lab: standard output cannot be written: no space [^\n]+\n$/);
  }
});

test('messages that nobody can be told change no exit code', { skip: noFullDevice() }, async () => {
  assert.equal((await shell('q predict absent.onnx 2> /dev/full')).code, 2);
  assert.equal((await shell('q lint refused.onnx 2> /dev/full')).code, 1);
  const left = await shell('q validate fine.onnx --inputs random:1 2>&1 > /dev/null | true');
  assert.deepEqual([left.out, left.error], ['', '']);
});

function noFullDevice(): string | false {
  if (existsSync('/dev/full')) return false;
  console.error('SKIPPED: there is no /dev/full to write to');
  return 'no /dev/full';
}

test('without a terminal there are no colours, bars or moves of the cursor', async () => {
  const runs = [
    `optimize ${chain} ${at('o.onnx')} --budget 5`,
    `quantize ${float} ${at('q.onnx')} --calib random:1 --no-search`,
    `validate ${fine} ${coarse} --inputs random:1`,
    `build ${chain} --out ${at('built')} ${tools.join(' ').replace(' --quiet', '')}`,
    `predict-corpus ${truth} ${at('predictions')}`,
  ];
  const plain = { TERM: 'xterm-256color' };
  for (const [run, environment] of [
    ...runs.map((run) => [run, plain] as const),
    [`lint ${chain}`, { NO_COLOR: '1', FORCE_COLOR: '1' }] as const,
  ]) {
    const { out, error } = await ended(spawnCli(run.split(' '), environment));
    const text = out + error;
    assert.ok(out !== '', error);
    assert.ok(!text.includes(ESCAPE) && !text.includes('\r') && !/[█░]/.test(text), text);
  }
});

test('colour is forced onto standard output, and takes no bar with it', async () => {
  const words = ['optimize', chain, '--no-search'];
  const { out, error } = await ended(spawnCli(words, { FORCE_COLOR: '1', TERM: 'dumb' }));
  assert.ok(out.includes(ESCAPE));
  assert.ok(!error.includes(ESCAPE));
});

test('closed or empty standard input is told, not waited for', async () => {
  for (const input of ['<&-', '< /dev/null', '< .']) {
    const { code, out, error } = await shell(`q predict - ${input}`);
    assert.deepEqual([code, out], [2, ''], input);
    assert.match(error, /^qdq-lab: standard input[^\n]*\n$/);
  }
  // Verbs that do not read it do not miss it.
  assert.equal((await shell('q predict chain.onnx <&-')).code, 0);
});

test('- stands for standard input, as often as it is named', async () => {
  for (const words of ['lint -', 'diff - -', 'placement -', 'why - /stage0/block1/conv/Conv']) {
    const { code, out, error } = await shell(`q ${words} < chain.onnx`);
    assert.ok(code === 0 || code === 1, error);
    assert.ok(words.startsWith('why') || words === 'placement -' || out.includes('standard input'));
  }
});
