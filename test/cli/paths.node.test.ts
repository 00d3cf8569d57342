import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { builtCli } from './built-cli.ts';
import { cliFiles } from './cli-files.ts';
import { ended, scratchFolder, shellIn } from './cli-harness.ts';

// Names of every kind, and places where no file can be, as a shell hands them over.
const ESCAPE = '\u001b';
const folder = scratchFolder();
const shell = shellIn(folder);
const { at, chain, placement, tools } = await cliFiles(folder);

test('names of every kind: blanks, dashes, other scripts, emoji, quotes', async () => {
  const names = ['with two  blanks.onnx', '-dash.onnx', '--json.onnx', 'größe.onnx'];
  names.push('模型.onnx', 'نموذج.onnx', '🦊 fox.onnx', `it's "quoted".onnx`, '$HOME`id`.onnx');
  for (const name of names) copyFileSync(chain, join(folder, name));
  const run = (words: readonly string[]) =>
    ended(spawn(process.execPath, [builtCli(), ...words], { cwd: folder }));
  const { code, out, error } = await run(['predict', '--out', 'names', '--', ...names]);
  assert.equal(code, 0, error);
  for (const name of names) {
    assert.ok(out.includes(`${name}  trt`), name);
    const file = `${name.replace('.onnx', '').replaceAll(' ', '-')}.best.layer.json`;
    assert.ok(existsSync(join(folder, 'names', file)), file);
  }
  const built = await run(['build', '--out', 'name-engines', ...tools, '--', ...names]);
  assert.equal(built.code, 0, built.out + built.error);
  assert.equal(readdirSync(at('name-engines')).filter((n) => n.endsWith('.engine')).length, 9);
  const dash = await run(['predict', '-dash.onnx']);
  assert.deepEqual([dash.code, dash.out], [2, '']);
});

test('control characters in a name are shown, not obeyed', async () => {
  const name = `bell\u0007${ESCAPE}[31m.onnx`;
  copyFileSync(chain, join(folder, name));
  for (const words of [
    ['predict', name, `gone-${name}`],
    ['lint', name, `gone-${name}`],
    ['diff', name, name],
  ]) {
    const child = spawn(process.execPath, [builtCli(), ...words], { cwd: folder });
    const { out, error } = await ended(child);
    assert.ok(!/[\u0007\u001b]/.test(out + error), JSON.stringify(out + error));
    assert.ok(out.includes('bell\\u0007'), out);
  }
});

/** What each verb writes, with @ for where. */
const WRITERS: readonly (readonly [string, string])[] = [
  ['predict chain.onnx --out @', ''],
  ['lint chain.onnx --quiet --fix @', '/m.onnx'],
  ['optimize chain.onnx --no-search --quiet @', '/m.onnx'],
  ['optimize chain.onnx --no-search --quiet --report @', '/m.md'],
  ['quantize float.onnx --calib random:1 --no-search --quiet @', '/m.onnx'],
  ['validate fine.onnx --inputs random:1 --quiet --report @', '/m.html'],
  ['placement chain.onnx --out @', '/m.yaml'],
  [`placement chain.onnx --apply ${placement} --to @`, '/m.onnx'],
  [`build chain.onnx ${tools.join(' ')} --out @`, ''],
  ['predict-corpus truth @', ''],
];

for (const [words, name] of WRITERS)
  test(`${words.replace(folder, '')}: below a file`, async () => {
    const { code, error } = await shell(`q ${words.replace('@', `chain.onnx/x${name}`)}`);
    assert.equal(code, 2, error);
    assert.match(error, /chain\.onnx\/x[^\n]* cannot be written: a part of its path is a file/);
    assert.match(error, /^(?:qdq-lab: [^\n]+\n)+$/);
    assert.doesNotMatch(error, /defect/);
  });

test('a folder that takes nothing new does not make it wait for ever', async (context) => {
  if (!existsSync('/proc/self')) {
    console.error('SKIPPED: there is no /proc');
    context.skip('no /proc');
    return;
  }
  const { code, error } = await shell('q predict chain.onnx --out /proc/x');
  assert.equal(code, 2);
  assert.match(
    error,
    /^qdq-lab: chain.onnx: \/proc\/x[^\n]* cannot be written: there can be no such[^\n]+\n$/,
  );
});

test('a folder in the place of a file is told, and nothing is left beside it', async () => {
  mkdirSync(at('taken/m.onnx'), { recursive: true });
  for (const words of ['optimize chain.onnx taken/m.onnx --no-search --quiet', 'predict taken']) {
    const { code, error } = await shell(`q ${words}`);
    assert.equal(code, 2);
    assert.match(
      error,
      /^qdq-lab: taken[^\n]*(?: cannot be written: it is a|: Cannot be read: it is)[^\n]+\n$/,
    );
  }
  assert.deepEqual(readdirSync(at('taken')), ['m.onnx']);
});
