import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { COMMANDS } from '../../src/cli/commands.ts';
import { cli } from './cli-harness.ts';

/** Asserts that a command line is refused with exit code 2 and one line that fits `pattern`. */
async function refused(words: readonly string[], pattern: RegExp): Promise<void> {
  const { code, out, errors } = await cli(words);
  assert.equal(code, 2, words.join(' '));
  assert.equal(out, '');
  assert.equal(errors.length, 1, errors.join('\n'));
  assert.match(errors[0] ?? '', pattern);
  assert.doesNotMatch(errors[0] ?? '', /\n/);
  assert.match(errors[0] ?? '', /^qdq-lab: .+\. .+\.$/, 'message, then advice');
}

/** Help without its line breaks, be they of text or of a command. */
const unwrapped = (text: string): string => text.replace(/ \\\n/g, ' ').replace(/\s+/g, ' ');

test('help lists every verb, and every verb has help', async () => {
  for (const words of [['--help'], ['-h'], ['help']]) {
    const { code, out } = await cli(words);
    assert.equal(code, 0);
    for (const { name, summary } of COMMANDS)
      assert.ok(unwrapped(out).includes(`${name} ${summary}`), name);
  }
  for (const { name, options, examples } of COMMANDS) {
    for (const words of [
      [name, '--help'],
      [name, '-h'],
      ['help', name],
    ]) {
      const { code, out } = await cli(words);
      assert.equal(code, 0);
      assert.ok(out.startsWith(`Usage: qdq-lab ${name} `));
      for (const option of options) assert.ok(out.includes(`--${option.name}`), option.name);
      assert.ok(examples.every((example) => unwrapped(out).includes(example)));
    }
    // What it prints is for a machine anyway.
    const isForMachines = ['completion', 'schema'].includes(name);
    assert.equal(
      options.some((option) => option.name === 'json'),
      !isForMachines,
      `${name} has --json`,
    );
  }
});

test('the version is that of the package', async () => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  for (const flag of ['--version', '-V'])
    assert.equal((await cli([flag])).out, `qdq-lab ${version}\n`);
});

test('no verb at all: help on standard error, exit code 2', async () => {
  const { code, out, errors } = await cli([]);
  assert.equal(code, 2);
  assert.equal(out, '');
  assert.match(errors.join('\n'), /^Usage: qdq-lab VERB/);
});

test('unknown verbs get a suggestion where one is close', async () => {
  await refused(['predit'], /no verb "predit".*Did you mean predict\?/);
  await refused(['PREDICT'], /Did you mean predict\?/);
  await refused(['predict-corpsu'], /Did you mean predict-corpus\?/);
  await refused(['translate'], /no verb "translate"\. See qdq-lab --help\.$/);
  await refused(['help', 'predit'], /Did you mean predict\?/);
  await refused(['--hlep'], /no option --hlep\. Did you mean --help\?/);
});

test('unknown, incomplete and superfluous options', async () => {
  await refused(
    ['predict', 'm.onnx', '--jsn'],
    /predict has no option --jsn\. Did you mean --json\?/,
  );
  await refused(['predict', 'm.onnx', '--traget', 'x'], /Did you mean --target\?/);
  await refused(['predict', 'm.onnx', '-x'], /no option -x\. See qdq-lab predict --help/);
  await refused(['predict', 'm.onnx', '--verbosity'], /no option --verbosity\. See/);
  await refused(['predict', 'm.onnx', '--out'], /--out wants DIR/);
  await refused(['predict', 'm.onnx', '--out', '--json'], /--out wants DIR/);
  await refused(['predict', 'm.onnx', '--target='], /--target wants TARGET/);
  await refused(['predict', 'm.onnx', '--json=yes'], /--json takes no value/);
  await refused(
    ['predict', 'm.onnx', '--mode', 'fast'],
    /"fast"\. Choose one of best, fp16, int8, strong/,
  );
  await refused(
    ['predict', 'm.onnx', '--json', '--trace'],
    /--json and --trace exclude each other/,
  );
  await refused(['predict', '--json'], /wants a model, but was given nothing/);
  await refused(['predict-corpus', 'a'], /wants two folders, TRUTH and OUT, but was given 1/);
  await refused(['predict-corpus', 'a', 'b', 'c'], /but was given 3/);
});

test('targets that make no sense', async () => {
  await refused(['predict', 'm.onnx', '--target', 'h100'], /"h100" is not a target.*trt10\.6-sm90/);
  await refused(['predict', 'm.onnx', '--target', 'trt7.2-sm75'], /older than 8\.0/);
  await refused(
    ['predict', 'm.onnx', '--target', 'trt11.0-sm90', '--mode', 'best'],
    /11\.0 has no mode best\. Choose strong/,
  );
  await refused(
    ['predict', 'm.onnx', '--target', 'trt8.6-sm90', '--mode', 'strong'],
    /8\.6 has no mode strong/,
  );
});
