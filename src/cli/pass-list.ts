import { PIPELINE } from '../core/passes/pipeline.ts';
import { printable } from './plain-text.ts';
import type { Terminal } from './terminal.ts';

/** The passes in their order, for `--list-passes`. */
export function passList(style: Pick<Terminal, 'colour'>): string {
  const bold = (text: string): string => (style.colour ? `\u001b[1m${text}\u001b[0m` : text);
  return PIPELINE.map(({ id, title, summary, group, numerics, onRequest }) =>
    [
      `${bold(printable(id))}  ${group}, ${numerics}${onRequest === undefined ? '' : ', only on request (--with)'}`,
      `    ${title}: ${summary}.`,
      ...(onRequest === undefined ? [] : [`    On request because ${onRequest}.`]),
    ].join('\n'),
  )
    .join('\n')
    .concat('\n');
}

/** The same as data. */
export const passListJson = (): string =>
  `${JSON.stringify(
    PIPELINE.map(({ id, title, summary, group, numerics, onRequest, docs }) => ({
      ...{ id, title, summary, group, numerics, docs },
      onRequest: onRequest ?? null,
    })),
    null,
    2,
  )}\n`;
