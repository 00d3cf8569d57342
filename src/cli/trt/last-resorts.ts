/** What has to be done where this process ends before its works can clear up themselves. */
const resorts = new Set<() => void>();

/** Adds something to do at a sudden end; the returned function takes it out again. */
export function atSuddenEnd(act: () => void): () => void {
  if (resorts.size === 0) process.on('exit', clearUpNow);
  resorts.add(act);
  return () => {
    resorts.delete(act);
    if (resorts.size === 0) process.off('exit', clearUpNow);
  };
}

/** Does all of it, at once. */
export function clearUpNow(): void {
  const acts = [...resorts];
  resorts.clear();
  for (const act of acts) act();
}
