/**
 * Lets the browser keep the page, so that it opens without a network from the second time on. Where service workers
 * are missing or switched off (private windows, some policies) the page works all the same, only not offline: false.
 */
export async function keepOffline(): Promise<boolean> {
  if (!('serviceWorker' in navigator)) return false;
  try {
    await navigator.serviceWorker.register(new URL('./sw.js', document.baseURI));
    return true;
  } catch {
    return false; // The browser's refusal is an answer, not a fault: nobody can act on it here.
  }
}
