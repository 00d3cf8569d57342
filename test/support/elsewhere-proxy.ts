import { createServer } from 'node:http';

export interface ElsewhereProxy {
  /** For Chromium's `--proxy-server`. */
  readonly address: string;
  /** Whatever asked for a host other than the loopback, refused. */
  readonly asked: readonly string[];
  readonly close: () => void;
}

/**
 * A proxy that lets nothing through and writes down what tried. Chromium reaches loopback addresses without it, so
 * whatever arrives here (from documents, workers and service workers alike) was meant for elsewhere.
 */
export async function startElsewhereProxy(): Promise<ElsewhereProxy> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(403).end();
  });
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    address: `http://127.0.0.1:${String(port)}`,
    asked,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
