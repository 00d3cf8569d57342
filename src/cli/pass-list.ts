import { PIPELINE } from '../core/passes/pipeline.ts';
import type { RewritePass } from '../core/passes/rewrite-pass.ts';
import type { DocLink } from '../core/sim/sim-rule.ts';
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

/** One pass, as `--list-passes --json` prints it. */
export interface ListedPass extends Pick<
  RewritePass,
  'id' | 'title' | 'summary' | 'group' | 'numerics'
> {
  readonly docs: readonly DocLink[];
  /** Why it waits to be asked for; null where it does not. */
  readonly onRequest: string | null;
}

/** The same as data. */
export const passListJson = (): string =>
  `${JSON.stringify(
    PIPELINE.map(({ id, title, summary, group, numerics, onRequest, docs }): ListedPass => ({
      ...{ id, title, summary, group, numerics, docs },
      onRequest: onRequest ?? null,
    })),
    null,
    2,
  )}\n`;
