/** What has to be done where this process ends before its works can clear up themselves. */
const resorts = new Set<() => void>();

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Adds something to do at a sudden end, be it by `process.exit`, an error that nobody caught or an interrupt; the returned function
 * takes it out again. Only while there is something to do are interrupts listened to: else they end the process at once, also in
 * the middle of long arithmetic.
 */
export function atSuddenEnd(act: () => void): () => void {
  if (resorts.size === 0) {
    process.on('exit', clearUpNow);
    for (const signal of SIGNALS) process.on(signal, endBy);
  }
  resorts.add(act);
  return () => {
    if (resorts.delete(act) && resorts.size === 0) stopListening();
  };
}

/** Does all of it, at once. */
export function clearUpNow(): void {
  const acts = [...resorts];
  resorts.clear();
  stopListening();
  for (const act of acts) act();
}

function stopListening(): void {
  process.off('exit', clearUpNow);
  for (const signal of SIGNALS) process.off(signal, endBy);
}

/** Clears up and ends as the signal would have ended the process without us. */
function endBy(signal: NodeJS.Signals): void {
  // Works that can be cancelled listen as well: they clear up in their own time, and end the process after that.
  if (process.listenerCount(signal) > 1) return;
  clearUpNow();
  process.kill(process.pid, signal);
}
