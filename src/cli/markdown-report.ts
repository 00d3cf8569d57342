import type { LayerRef } from '../core/explain/engine-difference.ts';
import { typeWord } from '../core/explain/low-types.ts';
import type { EngineFigures } from '../core/optimize/optimize-report.ts';
import { targetId } from '../core/sim/target.ts';
import type { ChangeReport } from './change-report.ts';
import { counted } from './plain-text.ts';

/** Rows of a table that are told one by one; the JSON report has them all. */
const MOST_ROWS = 200;

/** A report as Markdown: the engines, each change with its reason, what was calibrated. */
export function markdownReport(report: ChangeReport): string {
  const { verb, input, output, target } = report;
  const where = output === null ? 'nothing written' : `written to ${code(output)}`;
  return [
    `# ${verb} ${code(input)}`,
    `Target ${code(`${targetId(target)} ${target.mode}`)}, ${where}.`,
    ...pendingPart(report),
    '## Predicted engine',
    enginesTable(report.before, report.after),
    ...changesPart(report),
    ...differencesPart(report),
    ...scalesPart(report),
    ...sensitivityPart(report),
    ...leftOutPart(report),
    searchLine(report),
  ]
    .join('\n\n')
    .concat('\n');
}

/** Text in a cell of a table or a line: nothing of it is taken for Markdown. */
const plain = (text: string): string =>
  text.replace(/[\\|*_`<>[\]#~]/g, (mark) => `\\${mark}`).replace(/\s+/g, ' ');

/** Code whose own backticks do not end it. */
function code(text: string): string {
  const ticks = '`'.repeat(
    1 + Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length)),
  );
  const inner = text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
  return ticks.length === 1 ? `\`${inner}\`` : `${ticks} ${inner} ${ticks}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const told = rows.slice(0, MOST_ROWS).map(line);
  const rest = rows.length - MOST_ROWS;
  const more = rest > 0 ? [`\nand ${String(rest)} more, all of them in the JSON report`] : [];
  return [line(head), line(head.map(() => '---')), ...told, ...more].join('\n');
}

function pendingPart({ toCalibrate }: ChangeReport): readonly string[] {
  if (toCalibrate.length === 0) return [];
  const names = toCalibrate.slice(0, 10).map(code).join(', ');
  const rest = toCalibrate.length > 10 ? ` and ${String(toCalibrate.length - 10)} more` : '';
  return [
    `**Not calibrated yet:** the scales of ${names}${rest} stand at 1, so that the numbers are wrong until \`--calib\` or \`--cache\` gives them.`,
  ];
}

function enginesTable(before: EngineFigures, after: EngineFigures): string {
  const row = (name: string, of: (figures: EngineFigures) => string): string[] => [
    name,
    of(before),
    of(after),
  ];
  const share = ({ price }: EngineFigures): string =>
    price.work === 0 ? '–' : `${((100 * price.lowWork) / price.work).toFixed(1)} %`;
  return table(
    ['', 'before', 'after'],
    [
      row('layers', ({ layers }) => String(layers)),
      row('of them in INT8', ({ int8Layers }) => String(int8Layers)),
      row('reformats', ({ reformats }) => String(reformats)),
      row('surviving Q/DQ', ({ survivingQdq }) => String(survivingQdq)),
      row('activations moved', ({ bytes }) => `${(bytes / 1e6).toFixed(2)} MB`),
      row('arithmetic in 8 bits or less', share),
    ],
  );
}

function changesPart({ changes }: ChangeReport): readonly string[] {
  if (changes.length === 0) return ['## Changes', 'None: the model is as good as we know how to.'];
  const rows = changes.map(({ source, text, reason, numerics }, i) => [
    String(i + 1),
    plain(text),
    plain(reason),
    numerics,
    code(source),
  ]);
  return [
    `## ${counted(changes.length, 'change')}`,
    table(['', 'change', 'why', 'numbers', 'by'], rows),
    'Numbers: *bit-exact* gives the same to the bit, *one-step* may move values to the next step of their grid, *approximate* rounds elsewhere, which validation has to confirm.',
  ];
}

function differencesPart({ differences }: ChangeReport): readonly string[] {
  if (differences.length === 0) return [];
  const rows = differences.map(({ kind, before, after, bytes }) => [
    kind,
    before.map(layerText).join('<br>'),
    after.map(layerText).join('<br>'),
    `${bytes > 0 ? '+' : ''}${(bytes / 1024).toFixed(1)}`,
  ]);
  return ['## Layers', table(['', 'before', 'after', 'KiB moved'], rows)];
}

const layerText = ({ name, takes, gives }: LayerRef): string =>
  `${plain(name)} (${typeWord(takes ?? undefined)} → ${typeWord(gives ?? undefined)})`;

function scalesPart({ scales }: ChangeReport): readonly string[] {
  if (!scales) return [];
  const clipped = new Map(scales.values.map((value) => [value.value, value]));
  const rows = Object.entries(scales.scales).map(([name, scale]) => {
    const seen = clipped.get(name);
    return [
      plain(name),
      short(scale),
      seen ? `${short(seen.minimum)} to ${short(seen.maximum)}` : '–',
      seen ? `${(100 * seen.clipped).toFixed(3)} %` : '–',
    ];
  });
  return [
    '## Scales',
    `Method ${code(scales.method || 'unknown')}, from ${code(scales.source)}.`,
    table(['value', 'scale', 'range seen', 'clipped'], rows),
  ];
}

const short = (number: number): string => String(Number(number.toPrecision(5)));

function sensitivityPart({ sensitivity }: ChangeReport): readonly string[] {
  if (!sensitivity) return [];
  const { layers, proposal, batches } = sensitivity;
  const rows = layers.map(({ layer, opType, sqnrDb, cosine, output }) => [
    plain(layer),
    plain(opType),
    sqnrDb.toFixed(1),
    cosine.toFixed(6),
    plain(output),
  ]);
  const { before, after } = proposal.expectedSqnrDb;
  const names = proposal.layers.map(code).join(', ');
  return [
    '## Sensitivity',
    `Each layer quantized alone, over ${counted(batches, 'batch', 'batches')}; the most harmful first.`,
    table(['layer', 'operator', 'SQNR in dB', 'cosine', 'output'], rows),
    proposal.layers.length === 0
      ? 'Nothing needs to be left in float.'
      : `Proposal: leave ${names} in float (SQNR expected ${before.toFixed(1)} → ${after.toFixed(1)} dB).`,
  ];
}

function leftOutPart({ leftOut }: ChangeReport): readonly string[] {
  if (leftOut.length === 0) return [];
  const rows = leftOut.map(({ passId, text }) => [plain(text), code(passId)]);
  return ['## Left alone, for the engine is no better with it', table(['change', 'by'], rows)];
}

const searchLine = ({ simulations, budgetSpent }: ChangeReport): string =>
  `${counted(simulations, 'engine')} predicted${budgetSpent ? '; the budget ended the search' : ''}.`;
