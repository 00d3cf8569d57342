import type { Command, Option } from './command.ts';
import { COMMON_OPTIONS } from './parse-arguments.ts';
import { wrapCommand, wrapText } from './wrap-text.ts';

/** Lines of help are no longer than this, however wide the terminal is, and this long where nobody knows how wide it is. */
const WIDEST = 100;
const USUAL = 80;
const NARROWEST = 20;
/** What stands on the left is no wider than this: what is longer has a line to itself. */
const WIDEST_LEFT = 24;
/** Below this width, descriptions stand under what they describe. */
const TWO_COLUMNS = 70;

/** What `qdq-lab --help` prints. */
export function overviewText(commands: readonly Command[], columns: number): string {
  const width = widthOf(columns);
  const verbs = commands.map(({ name, summary }) => [name, summary] as const);
  const options = [
    ['-h, --help', 'show this text, or that of a verb: qdq-lab VERB --help'],
    ['-V, --version', 'show the version'],
  ] as const;
  return [
    'Usage: qdq-lab VERB [ARGUMENTS] [OPTIONS]',
    'Predicts, without a GPU, the engine that TensorRT builds from an ONNX model with Q/DQ nodes.',
    `Verbs:\n${rows(verbs, width)}`,
    `Options:\n${rows(options, width)}`,
    'Exit codes: 0 done, 1 found something or done in part, 2 bad use or bad input.',
    'NO_COLOR turns colours off; COLUMNS sets the width of tables and of this text.',
  ]
    .map((part) => (part.includes('\n') ? part : `${wrapText(part, { width })}\n`))
    .join('\n');
}

/** What `qdq-lab VERB --help` prints. */
export function commandText(command: Command, columns: number): string {
  const width = widthOf(columns);
  const options = [...command.options, ...COMMON_OPTIONS];
  const examples = command.examples.map(
    (example) => `${wrapCommand(`  ${example}`, { width, indent: '      ' })}\n`,
  );
  const usage = `Usage: qdq-lab ${command.name} ${command.usage} [OPTIONS]`;
  return [
    `${wrapText(usage, { width, indent: '    ' })}\n`,
    ...command.details.map((paragraph) => `${paragraphText(paragraph, width)}\n`),
    `Options:\n${rows(
      options.map((option) => [optionText(option), option.summary]),
      width,
    )}`,
    `Examples:\n${examples.join('')}`,
  ].join('\n');
}

/** What is indented is a command to be copied, all else is prose. */
const paragraphText = (paragraph: string, width: number): string =>
  paragraph.startsWith('  ')
    ? wrapCommand(paragraph, { width, indent: '        ' })
    : wrapText(paragraph, { width });

const widthOf = (columns: number): number =>
  Number.isFinite(columns) ? Math.min(WIDEST, Math.max(NARROWEST, columns)) : USUAL;

/** Two columns that fit `width`, or descriptions under what they describe where that is narrow. */
function rows(pairs: readonly (readonly [string, string])[], width: number): string {
  const fitting = pairs.map(([left]) => left.length).filter((length) => length <= WIDEST_LEFT);
  const narrow = width < TWO_COLUMNS;
  const left = narrow ? 2 : Math.max(0, ...fitting);
  const indent = ' '.repeat(left + 4);
  return pairs
    .map(([name, summary]) => {
      const isAbove = narrow || name.length > left;
      const start = isAbove ? indent : `  ${name.padEnd(left)}  `;
      const text = start + wrapText(summary, { width: width - start.length });
      const below = text.replaceAll('\n', `\n${indent}`);
      return `${isAbove ? `  ${name}\n` : ''}${below}\n`;
    })
    .join('');
}

/** `--mode best|fp16`, `--out DIR`, `--json`. */
export const optionText = ({ name, value, choices }: Option): string =>
  value === undefined ? `--${name}` : `--${name} ${choices ? choices.join('|') : value}`;
