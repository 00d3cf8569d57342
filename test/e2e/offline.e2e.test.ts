import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';
import type { Page } from 'puppeteer-core';
import { CHROME_ARGS, chromePath } from '../support/chrome.mjs';
import { openPage } from '../support/open-page.ts';

/** Waits until the service worker has stored the page and answers for it. */
async function untilKept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller)
      await new Promise((resolve) => {
        navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true });
      });
  });
}

const isAlive = (page: Page) =>
  page.evaluate(() => customElements.get('qdq-lab') !== undefined && document.title !== '');

test('opens without a network from the second time on', async () => {
  const { page, server, close } = await openPage();
  try {
    await untilKept(page);
    await server.close();
    await page.reload({ waitUntil: 'load' });
    assert.equal(await isAlive(page), true);
    const isolated = await page.evaluate(() => crossOriginIsolated);
    assert.equal(isolated, true);
  } finally {
    await close();
  }
});

/** A static host as plain as they come: no header but the type. */
async function startPlainHost(): Promise<{ url: string; close: () => void }> {
  const types: Record<string, string> = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.svg': 'image/svg+xml',
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').replace(/\/$/, '/index.html');
    const file = fileURLToPath(new URL(`../../dist/page${path}`, import.meta.url));
    createReadStream(file)
      .on('error', () => response.writeHead(404).end())
      .once('open', () =>
        response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream'),
      )
      .pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${String(port)}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

test('becomes isolated on a host that sends no headers', async () => {
  const host = await startPlainHost();
  const browser = await puppeteer.launch({ executablePath: await chromePath(), args: CHROME_ARGS });
  try {
    const page = await browser.newPage();
    await page.goto(host.url, { waitUntil: 'load' });
    assert.equal(await page.evaluate(() => crossOriginIsolated), false);
    await untilKept(page);
    await page.reload({ waitUntil: 'load' });
    assert.equal(await page.evaluate(() => crossOriginIsolated), true);
    assert.equal(await isAlive(page), true);
  } finally {
    await browser.close();
    host.close();
  }
});
