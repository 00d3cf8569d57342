import type { ServerResponse } from 'node:http';
import type { EventLog, NumberedEvent } from './event-log.ts';

/** A reader that is so far behind does not read. */
const MOST_UNREAD_BYTES = 256 * 1024;

/**
 * Sends a job's events as `text/event-stream`, first those after the event numbered `since`, and closes after the last. A comment
 * comes each `heartbeatMs`, so that both sides notice when the other is gone.
 */
export function streamEvents(
  response: ServerResponse,
  log: EventLog,
  { since, heartbeatMs }: { readonly since: number; readonly heartbeatMs: number },
): void {
  const send = ({ id, event }: NumberedEvent): void => {
    response.write(`id: ${String(id)}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    if (event.type === 'ended') response.end();
    else if (response.writableLength > MOST_UNREAD_BYTES) response.destroy();
  };
  const stop = log.subscribe(send);
  const heart = setInterval(() => {
    response.write(': alive\n\n');
    if (response.writableLength > MOST_UNREAD_BYTES) response.destroy();
  }, heartbeatMs);
  response.on('close', () => {
    stop();
    clearInterval(heart);
  });
  response.flushHeaders();
  for (const event of log.since(since)) send(event);
  if (log.isEnded) response.end();
}
