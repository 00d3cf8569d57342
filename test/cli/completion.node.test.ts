import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { COMMANDS } from '../../src/cli/commands.ts';
import { cli, scratchFolder } from './cli-harness.ts';
import { noTerminal, onTerminal } from './pseudo-terminal.ts';

const folder = scratchFolder();
const at = (name: string): string => join(folder, name);
for (const shell of ['bash', 'zsh', 'fish'])
  writeFileSync(at(`${shell}.script`), (await cli(['completion', shell])).out);

/** A file of each kind, and folders. */
const FILES = ['m.onnx', 'm.onnx.gz', 'p.yaml', 'p.yml', 'p.json', 'r.html', 'r.md', 'r.csv', 'z'];
for (const file of FILES) writeFileSync(at(file), '');
mkdirSync(at('sub'));

/** Names that a careless script would run, split or expand; each lies in a folder of its own. */
const HOSTILE = [
  'my model.onnx',
  "it's.onnx",
  'say "x".onnx',
  '$(touch hit).onnx',
  '`touch hit`.onnx',
  'semi;touch hit;.onnx',
  '& touch hit &.onnx',
  '$HOME.onnx',
  'back\\slash.onnx',
  'a:b.onnx',
  'a=b.onnx',
  'star*[x]?.onnx',
  '~.onnx',
  '#hash.onnx',
  '!bang.onnx',
  '{a,b}.onnx',
  '-dash.onnx',
  'grün 😀.onnx',
];
const folderOf = (index: number): string => `d${String(index + 10)}`;
for (const [i, name] of HOSTILE.entries()) {
  mkdirSync(at(folderOf(i)));
  writeFileSync(at(`${folderOf(i)}/${name}`), '');
  writeFileSync(at(`${folderOf(i)}/notes.txt`), '');
}
const SUBFOLDERS = ['sub', ...HOSTILE.map((_, i) => folderOf(i))];

const missing = (shell: string): string | false =>
  spawnSync(shell, ['--version']).error === undefined ? false : `there is no ${shell} here`;

const endingWith = (...endings: readonly string[]): readonly string[] =>
  FILES.filter((file) => endings.some((ending) => file.endsWith(`.${ending}`)));

/** What is to be offered after these words, the last of which is being typed. */
interface Case {
  readonly words: readonly string[];
  readonly wanted: readonly string[];
}

/** Every verb, every option with choices or files, and every place. */
function allCases(): readonly Case[] {
  const cases: Case[] = [
    { words: ['pre'], wanted: ['predict', 'predict-corpus'] },
    { words: ['help', 'qua'], wanted: ['quantize'] },
    { words: ['nonsense', ''], wanted: [] },
  ];
  for (const { name, options, operands } of COMMANDS) {
    const names = [...options.map((option) => `--${option.name}`), '--help'];
    cases.push({ words: [name, '--'], wanted: names });
    for (const option of options) {
      const { choices, operand } = option;
      const wanted = choices ?? offered(operand);
      if (option.value !== undefined)
        cases.push({ words: [name, `--${option.name}`, ''], wanted: [...wanted] });
    }
    for (const [i, operand] of operands.entries()) {
      const before = new Array<string>(i).fill('x');
      cases.push({ words: [name, ...before, ''], wanted: [...offered(operand)] });
      cases.push({ words: [name, '--json', ...before, ''], wanted: [...offered(operand)] });
    }
  }
  return cases;
}

type Given = (typeof COMMANDS)[number]['operands'][number] | undefined;

function offered(operand: Given): readonly string[] {
  switch (operand?.kind) {
    case 'file':
      return [
        ...SUBFOLDERS,
        ...(operand.endings.length === 0
          ? [...FILES, 'bash.script', 'fish.script', 'zsh.script']
          : endingWith(...operand.endings)),
      ];
    case 'folder':
      return SUBFOLDERS;
    case 'word':
      return operand.words;
    default:
      return [];
  }
}

const sorted = (words: readonly string[]): readonly string[] => [...words].sort();
const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
const RECORD = '\u001e';
const UNIT = '\u001f';
const records = (text: string): readonly (readonly string[])[] =>
  text
    .split(RECORD)
    .slice(0, -1)
    .map((record) => record.split(UNIT).slice(0, -1));

test('bash: every verb, its options, their values and its files', { skip: missing('bash') }, () => {
  const cases = [
    ...allCases(),
    // As readline takes words apart.
    { words: ['predict', '--mode', '=', 'b'], wanted: ['best'] },
    { words: ['predict', '--mode', '='], wanted: ['best', 'fp16', 'int8', 'strong'] },
    { words: ['predict', '--out', '=', 'su'], wanted: ['sub'] },
    { words: ['predict', '--', '--'], wanted: [] },
    { words: ['predict', '--', 'm.onnx.'], wanted: ['m.onnx.gz'] },
    { words: ['predict', 'd19/a', ':', ''], wanted: ['b.onnx'] },
    { words: ['predict', 'd20/a', '=', 'b'], wanted: ['b.onnx'] },
    { words: ['predict', '~/m.onnx.'], wanted: ['~/m.onnx.gz'] },
    { words: ['predict', "'d10/my mo"], wanted: ['d10/my model.onnx'] },
    { words: ['predict', '"d12/say \\"x'], wanted: ['d12/say "x".onnx'] },
    { words: ['predict', 'd13/$(touch hit)'], wanted: ['d13/$(touch hit).onnx'] },
    { words: ['predict', '$(touch hit)'], wanted: [] },
    { words: ['predict', '`touch hit`'], wanted: [] },
  ];
  const script = [
    `source ${quoted(at('bash.script'))}`,
    'show() {',
    '  COMP_WORDS=(qdq-lab "$@"); COMP_CWORD=$#; _qdq_lab',
    `  ((\${#COMPREPLY[@]})) && printf '%s${UNIT}' "\${COMPREPLY[@]}"; printf '${RECORD}'`,
    '}',
    ...cases.map(({ words }) => `show ${words.map(quoted).join(' ')}`),
  ].join('\n');
  const env = { PATH: process.env['PATH'], HOME: folder, LANG: 'C.UTF-8' };
  const run = spawnSync('bash', ['--noprofile', '--norc'], { cwd: folder, env, input: script });
  assert.equal(run.stderr.toString(), '');
  const got = records(run.stdout.toString());
  assert.equal(got.length, cases.length);
  for (const [i, { words, wanted }] of cases.entries())
    assert.deepEqual(sorted(got[i] ?? []), sorted(wanted), words.join(' '));
  assert.ok(!existsSync(at('hit')));
});

test('fish: every verb, its options, their values and its files', { skip: missing('fish') }, () => {
  const cases = allCases().filter(({ words }) => words[0] !== 'nonsense');
  const line = (words: readonly string[]): string => ['qdq-lab', ...words].join(' ');
  const script = [
    `source ${quoted(at('fish.script'))}`,
    ...cases.map(({ words }) => `complete -C ${quoted(line(words))}; printf '${RECORD}'`),
    `complete -C ${quoted('qdq-lab predict "$(touch hit)')}`,
    `complete -C ${quoted('qdq-lab predict $(touch hit)')}`,
  ].join('\n');
  const env = { PATH: process.env['PATH'], HOME: folder, LANG: 'C.UTF-8' };
  const run = spawnSync('fish', ['--no-config', '-c', script], { cwd: folder, env });
  assert.equal(run.stderr.toString(), '');
  const got = run.stdout.toString().split(RECORD);
  for (const [i, { words, wanted }] of cases.entries()) {
    const lines = (got[i] ?? '').split('\n').filter((text) => text !== '');
    const offers = lines.map((text) => text.replace(/\t.*/, '').replace(/\/$/, ''));
    assert.deepEqual(sorted(offers), sorted(wanted), words.join(' '));
  }
  assert.ok(!existsSync(at('hit')));
});

/** Lines to type before the Tab key, and the arguments that the command gets after it. */
function typedCases(): readonly (readonly [string, readonly string[]])[] {
  const hostile = HOSTILE.map(
    (name, i) =>
      [`qdq-lab predict ${folderOf(i)}/`, ['predict', `${folderOf(i)}/${name}`]] as const,
  );
  return [
    ['qdq-lab quan', ['quantize']],
    ['qdq-lab help lin', ['help', 'lint']],
    ['qdq-lab predict m.onnx --tra', ['predict', 'm.onnx', '--trace']],
    ['qdq-lab predict --mode st', ['predict', '--mode', 'strong']],
    ['qdq-lab predict --mode=st', ['predict', '--mode=strong']],
    ['qdq-lab predict "d10/my', ['predict', 'd10/my model.onnx']],
    ["qdq-lab predict 'd10/my", ['predict', 'd10/my model.onnx']],
    ['qdq-lab predict d10/my\\ m', ['predict', 'd10/my model.onnx']],
    ['qdq-lab placement m.onnx --out p.j', ['placement', 'm.onnx', '--out', 'p.json']],
    ...COMMANDS.map(({ name }) => [`qdq-lab ${name} --hel`, [name, '--help']] as const),
    ...hostile,
  ];
}

/** Types each line, a Tab and Enter into an interactive shell whose `qdq-lab` notes its arguments. */
async function typed(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<readonly (readonly string[])[]> {
  const ready = at(`${argv[0] ?? ''}.ready`);
  const steps = typedCases().map(([line], i) => ({
    ...{ file: ready, size: i + 1, send: `${line}\t\r` },
  }));
  const last = { file: ready, size: typedCases().length + 1, send: 'exit\r' };
  const record = at(`${argv[0] ?? ''}.record`);
  const { output } = await onTerminal({
    ...{ argv, cwd: folder, columns: 200, seconds: 60, steps: [...steps, last] },
    env: { ...env, RECORD: record, READY: ready },
  });
  assert.ok(!existsSync(at('hit')), output);
  return records(existsSync(record) ? readFileSync(record, 'utf8') : output);
}

const NOTE = `qdq-lab() { printf '%s${UNIT}' "$@" >> "$RECORD"; printf '${RECORD}' >> "$RECORD"; }`;

test(
  'bash: what is typed by hand, hostile names included',
  { skip: missing('bash') || noTerminal },
  async () => {
    const lines = [
      `source ${quoted(at('bash.script'))}`,
      NOTE,
      'bind "set enable-bracketed-paste off"',
      `PROMPT_COMMAND='printf . >> "$READY"'`,
    ];
    writeFileSync(at('bashrc'), lines.join('\n'));
    const got = await typed(['bash', '--noprofile', '--rcfile', at('bashrc'), '-i'], {});
    assert.deepEqual(
      got,
      typedCases().map(([, wanted]) => wanted),
    );
  },
);

test(
  'zsh: what is typed by hand, hostile names included',
  { skip: missing('zsh') || noTerminal },
  async () => {
    const lines = [
      'autoload -Uz compinit && compinit -u -D',
      `source ${quoted(at('zsh.script'))}`,
      NOTE,
      'PS1="> "; unset zle_bracketed_paste; setopt no_beep',
      `precmd() { printf . >> "$READY" }`,
    ];
    writeFileSync(at('.zshrc'), lines.join('\n'));
    const got = await typed(['zsh', '-i'], { ZDOTDIR: folder });
    assert.deepEqual(
      got,
      typedCases().map(([, wanted]) => wanted),
    );
  },
);

test('zsh: the script is sound for every verb', { skip: missing('zsh') || noTerminal }, () => {
  const run = spawnSync('zsh', ['-n', at('zsh.script')]);
  assert.deepEqual([run.status, run.stderr.toString()], [0, '']);
});

test('a shell that is not known is refused', async () => {
  const { code, errors } = await cli(['completion', 'powershell']);
  assert.equal(code, 2);
  assert.match(errors.join('\n'), /does not know "powershell"\. Choose one of bash, zsh, fish\./);
  assert.equal((await cli(['completion'])).code, 2);
  assert.equal((await cli(['completion', 'bash', 'zsh'])).code, 2);
});
