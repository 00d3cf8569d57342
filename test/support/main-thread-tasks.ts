import type { CDPSession, Page } from 'puppeteer-core';

/** A task of the page's main thread, in milliseconds. */
export interface MainThreadTask {
  /** Time from begin to end: what a user feels, other load on the machine included. */
  readonly wallMs: number;
  /** Time on the processor: what the page itself is to blame for. */
  readonly cpuMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Records every task of the main thread while `act` runs, longest first. */
export async function mainThreadTasks(
  page: Page,
  act: () => Promise<void>,
): Promise<readonly MainThreadTask[]> {
  const session = await page.createCDPSession();
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    events.push(...(value as unknown as TraceEvent[]));
  });
  await session.send('Tracing.start', {
    traceConfig: {
      includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'],
    },
  });
  await act();
  await stopped(session);
  await session.detach();
  // The page's renderer is not told from an idle spare one: the longest task of all of them is meant.
  const mains = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(threadOf),
  );
  return events
    .filter((event) => event.dur !== undefined && mains.has(threadOf(event)))
    .map(({ dur = 0, tdur = dur }) => ({ wallMs: dur / 1000, cpuMs: tdur / 1000 }))
    .sort((a, b) => b.cpuMs - a.cpuMs);
}

const threadOf = ({ pid, tid }: TraceEvent): string => `${String(pid)}:${String(tid)}`;

async function stopped(session: CDPSession): Promise<void> {
  const complete = new Promise<void>((resolve) => {
    session.once('Tracing.tracingComplete', () => {
      resolve();
    });
  });
  await session.send('Tracing.end');
  await complete;
}
