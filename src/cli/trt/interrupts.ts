import { clearUpNow } from './last-resorts.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a work that an interrupt cancels: the signal given to it is aborted, the work clears up, and the process then ends as the
 * interrupt would have ended it. A second interrupt ends it at once, with what is most needed done.
 */
export async function withInterrupts<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let by: NodeJS.Signals | undefined;
  const interrupt = (signal: NodeJS.Signals): void => {
    if (by !== undefined) endBy(signal);
    by = signal;
    controller.abort();
  };
  const endBy = (signal: NodeJS.Signals): void => {
    for (const known of SIGNALS) process.off(known, interrupt);
    clearUpNow();
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
    if (by !== undefined) endBy(by);
  }
}
