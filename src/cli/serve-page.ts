import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';

/** What the page may do. `index.html` repeats it for hosts that send no headers; a test keeps the two equal. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' blob: data:",
  "style-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "form-action 'none'",
].join('; ');

/** Of every answer. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  // A meta tag cannot say frame-ancestors, so only the header does.
  'Content-Security-Policy': `${CONTENT_SECURITY_POLICY}; frame-ancestors 'none'`,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
};

/** The loopback names under which this server answers; any other name means a rebinding attack. */
const HOSTS = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/;
const LOOPBACK = /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/;

/** Whether a `Host` header names this machine from within. */
export const isOwnHost = (host: string | undefined): boolean => HOSTS.test(host ?? '');

/** Whether the other end of a connection is on this machine. */
export const isLoopbackAddress = (address: string | undefined): boolean =>
  LOOPBACK.test(address ?? '');

const HOST = '127.0.0.1';

/** How many ports after the first are tried when it is taken. */
const TRIES = 20;

export interface PageServer {
  /** Address with port and a closing slash. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

export interface PageServerOptions {
  /** Folder of the built page. */
  readonly root: string;
  /** Port to listen on; 0 for any free one. */
  readonly port: number;
  /** Whether to take the next free port when `port` is taken. */
  readonly nextFree?: boolean;
  readonly api?: PageApi;
  readonly connections?: Partial<ConnectionLimits>;
}

/** Answers the paths that begin with `prefix`, whatever the method; it checks for itself who asks. */
export interface PageApi {
  readonly prefix: string;
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** What one client may take of the server's patience. */
export interface ConnectionLimits {
  /** Within so long a request's headers have to be there. */
  readonly headersMs: number;
  /** Within so long all of a request has to be there, its body too. */
  readonly requestMs: number;
  /** At once. */
  readonly connections: number;
}

const CONNECTION_LIMITS: ConnectionLimits = {
  headersMs: 10_000,
  requestMs: 60 * 60_000,
  connections: 100,
};
const MOST_HEADER_BYTES = 16 * 1024;

/**
 * Serves the built page on the loopback interface only, with the headers that isolation and the content policy need.
 * Rejects when the folder is missing or no port is free.
 */
export async function servePage(options: PageServerOptions): Promise<PageServer> {
  const root = await realpath(options.root);
  const { api } = options;
  const server = createServer(parserOptions(options.connections), (request, response) => {
    const answered =
      api !== undefined && request.url?.startsWith(api.prefix) === true
        ? api.answer(request, response)
        : answer(root, request, response);
    answered.catch((error: unknown) => {
      refuse(response, 500, 'internal error');
      process.stderr.write(`${String(error)}\n`);
    });
  });
  server.maxConnections = options.connections?.connections ?? CONNECTION_LIMITS.connections;
  const port = await listen(server, options.port, options.nextFree === true ? TRIES : 0);
  return {
    url: `http://${HOST}:${String(port)}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** How requests are read: strictly, so that no two readers see different requests in the same bytes. */
function parserOptions(connections: Partial<ConnectionLimits> = {}): ServerOptions {
  const { headersMs, requestMs } = { ...CONNECTION_LIMITS, ...connections };
  return {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.min(2000, headersMs),
    maxHeaderSize: MOST_HEADER_BYTES,
    insecureHTTPParser: false,
    requireHostHeader: true,
  };
}

async function listen(server: Server, port: number, triesLeft: number): Promise<number> {
  try {
    return await listenOnce(server, port);
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!taken || triesLeft === 0) throw error;
    return listen(server, port + 1, triesLeft - 1);
  }
}

function listenOnce(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

async function answer(root: string, request: IncomingMessage, response: ServerResponse) {
  if (!isLoopbackAddress(request.socket.remoteAddress) || !isOwnHost(request.headers.host)) {
    refuse(response, 421, 'this server answers on 127.0.0.1 only');
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(response, 405, 'only GET and HEAD');
    return;
  }
  const file = await findFile(root, request.url ?? '/');
  if (file === undefined) {
    refuse(response, 404, 'not found');
    return;
  }
  response.writeHead(200, {
    ...PAGE_HEADERS,
    'Content-Type': TYPES[extname(file.path)] ?? 'application/octet-stream',
    'Content-Length': file.sizeBytes,
  });
  if (request.method === 'HEAD') response.end();
  else
    createReadStream(file.path)
      .on('error', () => response.destroy())
      .pipe(response);
}

/** The file for a request target, or undefined when there is none inside `root` (links out of it count as none). */
async function findFile(root: string, target: string) {
  const path = decodePath(target);
  if (path === undefined) return undefined;
  try {
    const real = await realpath(join(root, path.endsWith('/') ? `${path}index.html` : path));
    if (!real.startsWith(root + sep)) return undefined;
    const info = await stat(real);
    return info.isFile() ? { path: real, sizeBytes: info.size } : undefined;
  } catch {
    return undefined; // The file system says "no such file" by throwing; so does a path that is none.
  }
}

/** The decoded path of a request target, or undefined when it is malformed or tries to climb. */
function decodePath(target: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(target.replace(/[?#].*$/s, ''));
  } catch {
    return undefined; // A broken percent escape.
  }
  const climbs = path.split(/[/\\]/).includes('..');
  return path.startsWith('/') && !climbs && !path.includes('\0') ? path : undefined;
}

function refuse(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { ...PAGE_HEADERS, 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}
