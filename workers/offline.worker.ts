/**
 * Service worker: keeps the page alive without a network after its first visit, and supplies the isolation headers on
 * hosts that cannot send them. Built as the classic script `sw.js` beside index.html.
 *
 * The network comes first, so that two builds are never mixed and a new build shows at once; the cache answers when
 * the network does not. Files that never change under their name (ORT's wasm) come from the cache first.
 */
export {}; // A module to the compiler, so that `self` can be said to be what it is.

declare const self: ServiceWorkerGlobalScope;
/** Files of the page without ORT's, and a hash over their content: both put in by the build. */
declare const PRECACHE_FILES: readonly string[];
declare const PRECACHE_VERSION: string;

const PREFIX = 'qdq-lab-';
const CACHE = PREFIX + PRECACHE_VERSION;
const BIG_FILES = new URL('ort/', self.registration.scope).href;

const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

async function fillCache(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(PRECACHE_FILES.map((path) => new Request(path, { cache: 'reload' })));
  await self.skipWaiting();
}

async function dropOldCaches(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

function isolated(response: Response): Response {
  if (response.status === 0 || response.redirected) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(isolationHeaders)) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const cached = await cache.match(request, { ignoreSearch: true });
  const big = request.url.startsWith(BIG_FILES);
  if (big && cached) return isolated(cached);
  try {
    const fresh = await fetch(request);
    if (big && fresh.ok) await cache.put(request, fresh.clone());
    return isolated(fresh.ok ? fresh : (cached ?? fresh));
  } catch (error) {
    if (cached) return isolated(cached);
    throw error; // Offline and never seen: the browser's own network error is the honest answer.
  }
}

self.addEventListener('install', (event) => {
  event.waitUntil(fillCache());
});
self.addEventListener('activate', (event) => {
  event.waitUntil(dropOldCaches());
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { scope } = self.registration;
  // What builds for the page is neither kept nor touched: its streams last as long as a build.
  if (request.url.startsWith(new URL('companion/', scope).href)) return;
  if (request.method === 'GET' && request.url.startsWith(scope)) event.respondWith(answer(request));
});
