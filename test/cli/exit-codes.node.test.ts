import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { COMMANDS } from '../../src/cli/commands.ts';
import { cliFiles } from './cli-files.ts';
import { ended, scratchFolder, spawnCli } from './cli-harness.ts';

// What help says of exit codes, verb by verb, as a shell sees it: 0 done, 1 found something or done in part, 2 bad use or input.
const folder = scratchFolder();
const files = await cliFiles(folder);
writeFileSync(files.at('empty.json'), '{"scales": {"x": 1}}');
const { at, chain, fine, coarse, refused, float, damaged, absent, placement, truth, tools } = files;
const random = ['--calib', 'random:1', '--no-search', '--quiet'];
const same = ['--inputs', 'random:1', '--quiet', '--tolerance', 'exact'];
const build = (...words: string[]) => ['build', '--out', at('built'), ...tools, ...words];

/** Command lines by what they end with. */
const RUNS: Readonly<Record<string, Readonly<Record<0 | 1 | 2, readonly string[] | null>>>> = {
  predict: {
    0: ['predict', chain],
    1: ['predict', damaged, chain],
    2: ['predict', damaged, absent],
  },
  lint: { 0: ['lint', float], 1: ['lint', refused], 2: ['lint', chain, refused, damaged] },
  why: { 0: ['why', fine, 'conv'], 1: null, 2: ['why', fine, 'no-such-node'] },
  optimize: {
    0: ['optimize', chain, at('o.onnx'), '--no-search', '--quiet'],
    1: ['optimize', float, '--passes', 'quantize-weighted-layers', '--no-search', '--quiet'],
    2: ['optimize', damaged],
  },
  quantize: {
    0: ['quantize', float, at('q.onnx'), ...random],
    1: ['quantize', float, at('p.onnx'), '--cache', at('empty.json'), ...random.slice(2)],
    2: ['quantize', float, at('q.onnx')],
  },
  validate: {
    0: ['validate', fine, fine, ...same],
    1: ['validate', fine, coarse, ...same],
    2: ['validate', fine, damaged, ...same],
  },
  diff: { 0: ['diff', fine, fine], 1: ['diff', fine, coarse], 2: ['diff', fine, absent] },
  placement: {
    0: ['placement', chain],
    1: ['placement', float, '--apply', placement, '--to', at('placed.onnx')],
    2: ['placement', chain, '--apply', placement],
  },
  build: {
    0: build(chain),
    1: build(damaged, fine),
    2: build(damaged, absent),
  },
  'predict-corpus': {
    0: ['predict-corpus', truth, at('all')],
    1: ['predict-corpus', files.truthInPart, at('part')],
    2: ['predict-corpus', truth, at('none'), '--mode', 'nothing'],
  },
  schema: { 0: ['schema', 'build'], 1: null, 2: ['schema', 'nothing'] },
  completion: { 0: ['completion', 'zsh'], 1: null, 2: ['completion', 'tcsh'] },
};

/** Tested elsewhere, with what they need. */
const ELSEWHERE: readonly string[] = ['engine', 'serve'];

test('every verb is tried here', () => {
  const names = COMMANDS.map(({ name }) => name).filter((name) => !ELSEWHERE.includes(name));
  assert.deepEqual(Object.keys(RUNS).sort(), [...names].sort());
});

for (const [verb, runs] of Object.entries(RUNS))
  test(`exit codes of ${verb}`, async () => {
    for (const [wanted, words] of Object.entries(runs)) {
      if (words === null) continue;
      const { code, signal, out, error } = await ended(spawnCli(words));
      assert.deepEqual(
        [code, signal],
        [Number(wanted), null],
        `${words.join(' ')}\n${out}${error}`,
      );
      assert.doesNotMatch(error, / {4}at |defect/, 'no stack, no defect');
      if (wanted === '2') assert.match(error, /^qdq-lab: [^\n]+$/m);
      else assert.notEqual(out, '');
    }
  });

test('a model that TensorRT refuses is found, not bad use', async () => {
  const { code, error } = await ended(spawnCli(build(chain), { STAND_IN: 'refuse' }));
  assert.equal(code, 1, error);
});

test('bad use of any verb ends with 2, one line and nothing on standard output', async () => {
  for (const words of [
    ['nothing'],
    ['--nothing'],
    ...COMMANDS.map(({ name }) => [name, '--no-such']),
  ]) {
    const { code, out, error } = await ended(spawnCli(words));
    assert.deepEqual([code, out], [2, ''], words.join(' '));
    assert.match(error, /^qdq-lab: [^\n]+\n$/);
  }
});
