import type { Command, Option } from './command.ts';
import { COMMON_OPTIONS } from './parse-arguments.ts';

const columns = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
};

/** What `qdq-lab --help` prints. */
export function overviewText(commands: readonly Command[]): string {
  return (
    'Usage: qdq-lab VERB [ARGUMENTS] [OPTIONS]\n\n' +
    'Predicts, without a GPU, the engine that TensorRT builds from an ONNX model with Q/DQ nodes.\n\n' +
    `Verbs:\n${columns(commands.map((command) => [command.name, command.summary]))}\n` +
    `Options:\n${columns([
      ['--help', 'show this text, or that of a verb: qdq-lab VERB --help'],
      ['--version', 'show the version'],
    ])}\n` +
    'Exit codes: 0 done, 1 found something or done in part, 2 bad use or bad input.\n' +
    'NO_COLOR turns colours off; COLUMNS sets the width of tables.\n'
  );
}

/** What `qdq-lab VERB --help` prints. */
export function commandText(command: Command): string {
  const options = [...command.options, ...COMMON_OPTIONS];
  return (
    `Usage: qdq-lab ${command.name} ${command.usage} [OPTIONS]\n\n` +
    `${command.details.join('\n\n')}\n\n` +
    `Options:\n${columns(options.map((option) => [optionText(option), option.summary]))}\n` +
    `Examples:\n${command.examples.map((example) => `  ${example}\n`).join('')}`
  );
}

const optionText = ({ name, value, choices }: Option): string =>
  value === undefined ? `--${name}` : `--${name} ${choices ? choices.join('|') : value}`;
