import type { LogMessage, ParserRefusal } from './build-log.ts';
import type { LogLine } from './log-lines.ts';

/** Collects warnings, errors, and the nodes that the parser refuses. */
export class MessageReader {
  readonly messages: LogMessage[] = [];
  private open: { severity: LogMessage['severity']; line: number; lines: string[] } | null = null;

  take({ severity, text, line }: LogLine): void {
    if (severity === null) {
      if (text.startsWith('&&&& ')) this.close();
      else if (this.open && text.trim() !== '') this.open.lines.push(text.trimEnd());
      return;
    }
    this.close();
    if (severity === 'W' || severity === 'E' || severity === 'F')
      this.open = {
        severity: severity === 'W' ? 'warning' : 'error',
        line,
        lines: [text.trimEnd()],
      };
  }

  /** Ends the message that may still go on. */
  close(): void {
    const { open } = this;
    this.open = null;
    if (open === null || open.lines.join('').trim() === '') return;
    this.messages.push({ severity: open.severity, text: open.lines.join('\n'), line: open.line });
  }
}

/**
 * Nodes that the parser refuses. Up to 10.x a refusal is several errors: the node's type and first output, the node as text between
 * `Begin node` and `End node`, and the reason; later versions say all in one line (`In node 3 with name: …`).
 */
export function refusalsOf(messages: readonly LogMessage[]): ParserRefusal[] {
  const refusals: ParserRefusal[] = [];
  let pending: Pick<ParserRefusal, 'opType' | 'node'> | null = null;
  for (const { severity, text } of messages) {
    if (severity !== 'error') continue;
    const said = ONE_LINE.exec(text);
    if (said) refusals.push({ opType: said[2] ?? '', node: said[1] ?? '', reason: tidy(said[3]) });
    const parsing = /While parsing node number \d+ \[(\S+)(?: -> "([^"]*)")?/.exec(text);
    if (parsing) pending = { opType: parsing[1] ?? '', node: parsing[2] ?? '' };
    if (pending === null) continue;
    const name: string | undefined = /^name: "([^"]+)"/m.exec(text)?.[1];
    if (name !== undefined) pending = { opType: pending.opType, node: name };
    const reason = /ERROR: (?:\S+:\d+ )?(?:In function [^\n]*:)?\s*([\s\S]*)/.exec(text);
    if (!reason) continue;
    refusals.push({ ...pending, reason: tidy(reason[1]) });
    pending = null;
  }
  return refusals;
}

const ONE_LINE = /In node -?\d+ with name: (.*?) and operator: (\S+) \([^)]*\): ([\s\S]*)/;

const tidy = (reason = ''): string =>
  reason
    .replace(/^\[\d+\] /, '')
    .replace(/\s+/g, ' ')
    .trim();
