import type { Command } from '../command.ts';
import type { Operand } from '../operand.ts';
import { optionsOf, placesOf, quoted, valueOf } from './word-kinds.ts';

/** A script that completes the command line in zsh: to be sourced, or a file `_qdq-lab` in `$fpath`. */
export function zshCompletion(commands: readonly Command[]): string {
  const verbs = commands.map(({ name, summary }) => quoted(`${name}:${summary}`));
  const names = commands.map(({ name }) => name).join(' ');
  return `#compdef qdq-lab
# Completion of qdq-lab for zsh, made by \`qdq-lab completion zsh\`.

_qdq-lab() {
  local context state state_descr line
  local -a verbs
  typeset -A opt_args
  _arguments -C \\
    '(- *)'{-h,--help}'[show what there is]' \\
    '(- *)'{-V,--version}'[show the version]' \\
    '1: :->verb' \\
    '*:: :->rest'
  case $state in
    verb)
      verbs=(
        ${verbs.join('\n        ')}
        'help:show the help of a verb'
      )
      _describe 'verb' verbs
      ;;
    rest)
      case $words[1] in
        help) _arguments '1:verb:(${names})' ;;
${commands.map(verbCase).join('\n')}
      esac
      ;;
  esac
}

if [[ $funcstack[1] == _qdq-lab ]]; then
  _qdq-lab "$@"
else
  compdef _qdq-lab qdq-lab
fi
`;
}

function verbCase(command: Command): string {
  const options = optionsOf(command).map((option) => {
    const value = valueOf(option);
    const about = `[${escaped(option.summary)}]`;
    return value
      ? `--${option.name}=${about}:${escaped(option.value ?? '')}:${action(value)}`
      : `--${option.name}${about}`;
  });
  const places = placesOf(command).map(
    ({ index, repeats, operand }) => `${repeats ? '*' : String(index)}: :${action(operand)}`,
  );
  const lines = [...options, ...places].map((spec) => `            ${quoted(spec)}`);
  return `        ${command.name})
          _arguments -S : \\
${lines.join(' \\\n')}
          ;;`;
}

/** Marks that end a part of a specification of \`_arguments\`. */
const escaped = (text: string): string => text.replace(/[\\:[\]]/g, '\\$&');

function action(operand: Operand): string {
  switch (operand.kind) {
    case 'file':
      return operand.endings.length === 0
        ? '_files'
        : `_files -g "*.(${operand.endings.join('|')})"`;
    case 'folder':
      return '_files -/';
    case 'word':
      return `(${operand.words.join(' ')})`;
    case 'text':
      return ' ';
  }
}
