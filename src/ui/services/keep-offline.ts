/**
 * Lets the browser keep the page, and answers true as soon as it would open without a network. Where service workers
 * are missing or switched off (private windows, some policies) the page works all the same, only not offline: false.
 */
export async function keepOffline(): Promise<boolean> {
  if (!('serviceWorker' in navigator)) return false;
  try {
    await navigator.serviceWorker.register(new URL('./sw.js', document.baseURI));
  } catch {
    return false; // The browser's refusal is an answer, not a fault: nobody can act on it here.
  }
  await navigator.serviceWorker.ready;
  return true;
}
