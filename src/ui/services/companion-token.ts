const KEY = 'qdq-lab-companion';
const PARAMETER = 'companion';

/** For browsers that keep nothing for a page. */
let kept: string | null = null;

/**
 * Takes the token of `qdq-lab serve` out of the address, where a copied link would carry it away, and keeps it for this tab.
 * Without one there is no companion, and nothing is ever asked of one.
 */
export function takeCompanionToken(): void {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const token = parameters.get(PARAMETER);
  if (token === null) return;
  parameters.delete(PARAMETER);
  const { pathname, search } = location;
  const rest = parameters.toString();
  history.replaceState(null, '', pathname + search + (rest === '' ? '' : `#${rest}`));
  kept = token;
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // Storage is switched off: the token then lives as long as the page.
  }
}

/** The token of this tab; null where it has none. */
export function companionToken(): string | null {
  try {
    return sessionStorage.getItem(KEY) ?? kept;
  } catch {
    return kept; // As above.
  }
}
