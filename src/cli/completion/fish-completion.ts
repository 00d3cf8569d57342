import type { Command } from '../command.ts';
import type { Operand } from '../operand.ts';
import { optionsOf, placesOf, valueOf } from './word-kinds.ts';

/* Variables are not expanded again and names not evaluated: only the star at the end of a pattern is one. */
const FUNCTIONS = String.raw`# Whether the verb $argv[1] is given and its argument number $argv[2] is due; a + after it means or a later one. Then follow
# the options of the verb that take a value.
function __qdq_lab_at
    set -l words (commandline -opc)
    test (count $words) -ge 2; and test "$words[2]" = "$argv[1]"; or return 1
    set -l place 1
    set -l skip 0
    for word in $words[3..-1]
        if test $skip = 1
            set skip 0
        else if contains -- $word $argv[3..-1]
            set skip 1
        else if not string match -q -- '-*' $word
            set place (math $place + 1)
        end
    end
    set -l first (string replace + '' -- $argv[2])
    test $place -eq $first; or begin
        string match -q -- '*+' $argv[2]; and test $place -ge $first
    end
end

function __qdq_lab_using
    set -l words (commandline -opc)
    test (count $words) -ge 2; and test "$words[2]" = "$argv[1]"
end

# Folders, and files that end in one of the arguments; all files without arguments, none for "/".
function __qdq_lab_files
    set -l typed (commandline -ct | string replace -r -- '^--[^=]*=' '')
    set -l plain (string unescape -- $typed)
    or set plain (string replace -r -- '^["\']' '' $typed)
    set -l start $plain
    set -l home ''
    if string match -q -- '~/*' $plain
        set start $HOME(string sub -s 2 -- $plain)
        set home $HOME
    end
    for path in $start*
        set -l shown $path
        test -n "$home"; and set shown '~'(string sub -s (math (string length -- $home) + 1) -- $path)
        if test -d $path
            echo $shown/
        else if test (count $argv) -eq 0
            echo $shown
        else
            for ending in $argv
                string match -q -- "*.$ending" $path; and echo $shown; and break
            end
        end
    end
end
`;

/** A script that completes the command line in fish. */
export function fishCompletion(commands: readonly Command[]): string {
  return [
    '# Completion of qdq-lab for fish, made by `qdq-lab completion fish`.',
    '',
    FUNCTIONS,
    'complete -c qdq-lab -e',
    'complete -c qdq-lab -f',
    ...verbLines(commands),
    ...commands.flatMap((command) => [...placeLines(command), ...optionLines(command)]),
    '',
  ].join('\n');
}

/** One word for fish: inside its single quotes only the quote and the backslash mean something. */
const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

function verbLines(commands: readonly Command[]): readonly string[] {
  const first = "complete -c qdq-lab -n 'test (count (commandline -opc)) -eq 1'";
  const names = commands.map(({ name }) => name).join(' ');
  return [
    ...commands.map(({ name, summary }) => `${first} -a ${name} -d ${quoted(summary)}`),
    `${first} -a help -d 'show the help of a verb'`,
    `${first} -s h -l help -d 'show what there is'`,
    `${first} -s V -l version -d 'show the version'`,
    `complete -c qdq-lab -n '__qdq_lab_at help 1' -a ${quoted(names)}`,
  ];
}

function placeLines(command: Command): readonly string[] {
  const valued = optionsOf(command).filter((option) => valueOf(option) !== undefined);
  const skipped = valued.map(({ name }) => `--${name}`).join(' ');
  return placesOf(command).flatMap(({ index, repeats, operand }) => {
    const words = wordsOf(operand);
    if (words === undefined) return [];
    const at = `__qdq_lab_at ${command.name} ${String(index)}${repeats ? '+' : ''} ${skipped}`;
    return [`complete -c qdq-lab -n ${quoted(at.trimEnd())} -a ${quoted(words)}`];
  });
}

function optionLines(command: Command): readonly string[] {
  return optionsOf(command).map((option) => {
    const value = valueOf(option);
    const words = value && wordsOf(value);
    return [
      `complete -c qdq-lab -n '__qdq_lab_using ${command.name}' -l ${option.name}`,
      ...(value ? ['-x'] : []),
      ...(words === undefined ? [] : [`-a ${quoted(words)}`]),
      `-d ${quoted(option.summary)}`,
    ].join(' ');
  });
}

/** What completes an operand, as the argument of `-a`; undefined where nobody knows. */
function wordsOf(operand: Operand): string | undefined {
  switch (operand.kind) {
    case 'file':
      return `(${['__qdq_lab_files', ...operand.endings].join(' ')})`;
    case 'folder':
      return '(__qdq_lab_files /)';
    case 'word':
      return operand.words.join(' ');
    case 'text':
      return undefined;
  }
}
