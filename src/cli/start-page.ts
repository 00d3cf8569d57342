import { fileURLToPath } from 'node:url';
import { servePage } from './serve-page.ts';

const DEFAULT_PORT = 8080;

/** Entry of `npm start`: serves the page that was built beside this file until it is interrupted. */
async function startPage(): Promise<void> {
  const wanted = process.env['PORT'];
  const port = wanted === undefined ? DEFAULT_PORT : Number(wanted);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    console.error(`PORT must be a number from 0 to 65535, not "${String(wanted)}"`);
    process.exitCode = 2;
    return;
  }
  const root = fileURLToPath(new URL('../page/', import.meta.url));
  const server = await servePage({ root, port, nextFree: wanted === undefined });
  console.log(`QDQ Lab is at ${server.url}  (stop with Ctrl+C)`);
}

await startPage();
