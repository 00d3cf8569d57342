import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { COMMANDS } from '../../src/cli/commands.ts';
import { COMMON_OPTIONS, parseArguments } from '../../src/cli/parse-arguments.ts';
import { cli } from './cli-harness.ts';
import { shellWords } from './shell-words.ts';

const WIDTHS = [40, 60, 80, 100, 200];
/** A pipe has no width. */
const UNKNOWN = Infinity;

const helpOf = async (words: readonly string[], columns: number): Promise<string> => {
  const { code, out, errors } = await cli(words, { columns });
  assert.deepEqual([code, errors], [0, []], words.join(' '));
  return out;
};
const texts = [['--help'], ...COMMANDS.map(({ name }) => [name, '--help'])];
const words = (text: string): readonly string[] =>
  text
    .replace(/ \\\n/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');

for (const columns of [...WIDTHS, UNKNOWN])
  test(`help fits ${String(columns)} columns, and no word of it is broken or lost`, async () => {
    const width = Math.min(columns, columns === UNKNOWN ? 80 : 100);
    for (const text of texts) {
      const [out, wide] = [await helpOf(text, columns), await helpOf(text, 200)];
      for (const line of out.split('\n'))
        // Only a single word or option, such as a path, may be longer than a narrow terminal.
        assert.ok(
          [...line].length <= width || (width < 60 && /^ *(?:--\S+ )?\S+(?: \\)?$/.test(line)),
          `${text.join(' ')}: ${line}`,
        );
      assert.deepEqual(words(out), words(wide));
      assert.doesNotMatch(out, / \n|\t|\n\n\n|undefined/);
      assert.ok(out.endsWith('\n') && !out.endsWith('\n\n'));
    }
  });

test('a word longer than the terminal stays whole', async () => {
  const out = await helpOf(['quantize', '--help'], 20);
  assert.ok(out.includes('--method max|entropy|percentile|mse\n'));
});

test('help VERB, VERB -h and VERB --help are one; after -- it is no option', async () => {
  for (const { name } of COMMANDS) {
    const out = await helpOf([name, '--help'], 80);
    assert.equal(await helpOf(['help', name], 80), out);
    assert.equal(await helpOf([name, '-h'], 80), out);
    assert.equal(await helpOf([name, 'x', '--help'], 80), out);
  }
  const { code, out, errors } = await cli(['predict', '--', '--help']);
  assert.deepEqual([code, out], [2, '']);
  assert.match(errors.join('\n'), /--help: Cannot be read: there is no such file/);
});

test('every example parses, and every verb has one', () => {
  for (const { name, options, examples } of COMMANDS) {
    assert.ok(examples.length > 0, name);
    for (const example of examples) {
      const [program, verb, ...rest] = shellWords(example.replace(/ [>|] .*$/, ''));
      assert.deepEqual([program, verb], ['qdq-lab', name], example);
      const args = parseArguments(name, options, rest);
      assert.ok(args.positionals.length > 0 || args.flags.size + args.values.size > 0, example);
    }
  }
});

test('every option is documented once, accepted, and used by the code', () => {
  const folder = new URL('../../src/cli/', import.meta.url);
  const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n');
  for (const { name, options, summary, operands, usage } of COMMANDS) {
    const names = options.map((option) => option.name);
    assert.equal(new Set(names).size, names.length, `${name}: an option twice`);
    assert.ok(!names.some((option) => COMMON_OPTIONS.some((common) => common.name === option)));
    assert.match(summary, /^[a-z].*[^.]$/);
    assert.ok(usage === '' || operands.length > 0, `${name}: what are its arguments?`);
    for (const option of options) {
      assert.match(option.name, /^[a-z][a-z0-9-]*$/);
      assert.match(option.summary, /[^.]$/, `${name} --${option.name}`);
      const given = option.choices?.[0] ?? '1';
      const word = option.value === undefined ? `--${option.name}` : `--${option.name}=${given}`;
      const args = parseArguments(name, options, [word]);
      assert.ok(args.flags.has(option.name) || args.values.get(option.name) === given);
      // Somewhere the name is asked for: as a word in quotes beside the one that declares it.
      const uses = source.split(`'${option.name}'`).length - 1;
      const declared = source.split(`name: '${option.name}'`).length - 1;
      assert.ok(uses > declared, `nothing reads --${option.name} of ${name}`);
    }
  }
});
