import type { Command } from '../command.ts';
import type { Operand } from '../operand.ts';
import { optionsOf, placesOf, quoted, valueOf } from './word-kinds.ts';

/*
 * Nothing that was typed and no name of a file is ever evaluated: words are taken apart by hand, and files are found by a
 * pattern whose typed part is quoted. It runs in bash from 3.2 on.
 */
const FUNCTIONS = String.raw`# Completes what begins as "$cur" among the arguments.
_qdq_lab_words() {
  local word
  for word in "$@"; do
    [[ $word == "$plain"* ]] && COMPREPLY+=("$word")
  done
}

# Sets "plain" to the word "$1" without its quotes and backslashes; nothing in it is expanded.
_qdq_lab_unquote() {
  local text=$1 quote='' escapable='"\$\`' char i
  plain=''
  for ((i = 0; i < \${#text}; i++)); do
    char=\${text:i:1}
    if [[ $quote == "'" ]]; then
      if [[ $char == "'" ]]; then quote=''; else plain+=$char; fi
    elif [[ $char == '\' ]]; then
      # Between double quotes a backslash stays before most characters.
      if [[ $quote && $escapable != *"\${text:i+1:1}"* ]]; then
        plain+=$char
      else
        i=$((i + 1))
        plain+=\${text:i:1}
      fi
    elif [[ $char == '"' ]]; then
      if [[ $quote ]]; then quote=''; else quote='"'; fi
    elif [[ $char == "'" && ! $quote ]]; then
      quote="'"
    else
      plain+=$char
    fi
  done
}

# Completes folders, and files that end in one of the arguments; all files without arguments, none for "/".
_qdq_lab_files() {
  local path start=$plain ending fits had_failglob=''
  type compopt > /dev/null 2>&1 && compopt -o filenames 2> /dev/null
  [[ $plain == '~/'* ]] && start=$HOME\${plain:1}
  shopt -q failglob && had_failglob=1
  shopt -u failglob
  for path in "$start"*; do
    fits=''
    if [[ -d $path ]]; then
      fits=1
    elif [[ -e $path ]]; then
      (($# == 0)) && fits=1
      for ending in "$@"; do [[ $path == *".$ending" ]] && fits=1; done
    fi
    [[ $fits ]] || continue
    [[ $start == "$plain" ]] || path="~"\${path:\${#HOME}}
    COMPREPLY+=("\${path:\${#before}}")
  done
  [[ $had_failglob ]] && shopt -s failglob
  return 0
}

_qdq_lab() {
  local words=() word last='' cur plain before='' option='' verb place=1 ended='' i kind=()
  COMPREPLY=()
  # Readline takes words apart at "=" and ":" too. Only what follows the last of them is replaced.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $i -gt 1 && ($word == [=:]* || $last == *[=:]) ]]; then
      words[\${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    last=$word
  done
  [[ $last == [=:] || $last == ':=' ]] && last=''
  cur=\${words[\${#words[@]} - 1]}
  verb=\${words[0]}
  if ((\${#words[@]} == 1)); then
    plain=$cur
    _qdq_lab_words VERBS
    return
  fi
  for ((i = 1; i < \${#words[@]} - 1; i++)); do
    word=\${words[i]}
    if [[ $option ]]; then
      option=''
    elif [[ $ended || $word != -?* ]]; then
      ((place++))
    elif [[ $word == -- ]]; then
      ended=1
    else
      _qdq_lab_kind "$verb $word"
      ((\${#kind[@]})) && option=$word
    fi
  done
  if [[ ! $option && ! $ended && $cur == -* ]]; then
    if [[ $cur == --*=* ]]; then
      option=\${cur%%=*}
      cur=\${cur#*=}
    else
      plain=$cur
      _qdq_lab_options "$verb"
      return
    fi
  fi
  _qdq_lab_kind "$verb \${option:-$place}"
  _qdq_lab_unquote "\${cur%"$last"}"
  before=$plain
  _qdq_lab_unquote "$cur"
  case \${kind[0]} in
    file) _qdq_lab_files "\${kind[@]:1}" ;;
    folder) _qdq_lab_files / ;;
    word) _qdq_lab_words "\${kind[@]:1}" ;;
  esac
}

if type compopt > /dev/null 2>&1; then
  complete -F _qdq_lab qdq-lab
else
  complete -o filenames -F _qdq_lab qdq-lab
fi
`.replaceAll('\\${', '${');

/** A script that completes the command line in bash. */
export function bashCompletion(commands: readonly Command[]): string {
  const verbs = [...commands.map(({ name }) => name), 'help', '--help', '--version'];
  return [
    '# Completion of qdq-lab for bash, made by `qdq-lab completion bash`.',
    '',
    optionsFunction(commands),
    kindFunction(commands),
    FUNCTIONS.replace('VERBS', () => verbs.map(quoted).join(' ')),
  ].join('\n');
}

function optionsFunction(commands: readonly Command[]): string {
  const lines = commands.map((command) => {
    const names = optionsOf(command).map(({ name }) => `--${name}`);
    return `    ${command.name}) _qdq_lab_words ${names.join(' ')} ;;`;
  });
  return `_qdq_lab_options() {\n  case $1 in\n${lines.join('\n')}\n  esac\n}\n`;
}

/** What stands at each place and behind each option: places that take the same are one line. */
function kindFunction(commands: readonly Command[]): string {
  const patterns = new Map<string, string[]>();
  const add = (pattern: string, operand: Operand): void => {
    const kind = kindWords(operand);
    patterns.set(kind, [...(patterns.get(kind) ?? []), pattern]);
  };
  for (const command of commands) {
    for (const { index, repeats, operand } of placesOf(command))
      add(repeats ? `'${command.name} '[0-9]*` : `'${command.name} ${String(index)}'`, operand);
    for (const option of optionsOf(command)) {
      const value = valueOf(option);
      if (value) add(`'${command.name} --${option.name}'`, value);
    }
  }
  const help = { kind: 'word', words: commands.map(({ name }) => name) } as const;
  add("'help 1'", help);
  const lines = [...patterns].map(
    ([kind, places]) => `    ${places.join(' | ')}) kind=(${kind}) ;;`,
  );
  return `_qdq_lab_kind() {\n  kind=()\n  case $1 in\n${lines.join('\n')}\n  esac\n}\n`;
}

function kindWords(operand: Operand): string {
  switch (operand.kind) {
    case 'file':
      return ['file', ...operand.endings.map(quoted)].join(' ');
    case 'word':
      return ['word', ...operand.words.map(quoted)].join(' ');
    default:
      return operand.kind;
  }
}
