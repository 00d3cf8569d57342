import { optionValueUnknown, wrongArguments } from '../cli-diagnostics.ts';
import { Refusal } from '../command.ts';
import type { Command } from '../command.ts';
import { bashCompletion } from '../completion/bash-completion.ts';
import { fishCompletion } from '../completion/fish-completion.ts';
import { zshCompletion } from '../completion/zsh-completion.ts';
import { wordOf } from '../operand.ts';

const SHELLS: Readonly<Record<string, (commands: readonly Command[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};
const NAMES = Object.keys(SHELLS);

/** `qdq-lab completion SHELL`: a script by which a shell completes verbs, options and files. `commands` gives all verbs. */
export const completion = (commands: () => readonly Command[]): Command => ({
  name: 'completion',
  summary: 'print a script that completes the command line in bash, zsh or fish',
  usage: NAMES.join('|'),
  operands: [wordOf(NAMES)],
  details: [
    'Prints a script by which the shell completes verbs, options, their values, and files by their endings.',
    'For bash, add this line to ~/.bashrc:',
    '    source <(qdq-lab completion bash)',
    'For zsh, add this line to ~/.zshrc, after compinit:',
    '    source <(qdq-lab completion zsh)',
    'For fish, run this once:',
    '    qdq-lab completion fish > ~/.config/fish/completions/qdq-lab.fish',
  ],
  options: [],
  examples: NAMES.map((shell) => `qdq-lab completion ${shell}`),
  run: async ({ positionals }, terminal) => {
    const [shell, ...rest] = positionals;
    if (shell === undefined || rest.length > 0)
      throw new Refusal(wrongArguments('completion', 'the name of a shell', positionals.length));
    const script = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
    if (script === undefined) throw new Refusal(optionValueUnknown('completion', shell, NAMES));
    await terminal.write(script(commands()));
    return 0;
  },
});
