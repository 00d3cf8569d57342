import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';
import type { Browser, Page } from 'puppeteer-core';
import { servePage } from '../../src/cli/serve-page.ts';
import type { PageServer } from '../../src/cli/serve-page.ts';
import { CHROME_ARGS, chromePath } from './chrome.mjs';
import { startElsewhereProxy } from './elsewhere-proxy.ts';

/** The built page, served by our own server and open in a real browser. */
export interface OpenPage {
  readonly page: Page;
  readonly browser: Browser;
  readonly server: PageServer;
  /** Addresses of everything that the document asked for, in order. */
  readonly requests: readonly string[];
  /** What anything in the browser, workers included, asked of a host that is not this machine: refused. */
  readonly elsewhere: readonly string[];
  /** Uncaught errors, and whatever the page or its policy wrote as an error to the console. */
  readonly errors: readonly string[];
  readonly close: () => Promise<void>;
}

export interface OpenPageOptions {
  /** Path and query below the server's address. */
  readonly path?: string;
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** What serves the page, and ends with it; our usual server without it. */
  readonly server?: PageServer;
}

export const PAGE_ROOT = fileURLToPath(new URL('../../dist/page/', import.meta.url));

/** Serves `dist/page` on a free port and opens it in a fresh profile. Rejects when the page was not built. */
export async function openPage(options: OpenPageOptions = {}): Promise<OpenPage> {
  const server = options.server ?? (await servePage({ root: PAGE_ROOT, port: 0 }));
  const proxy = await startElsewhereProxy();
  const browser = await puppeteer.launch({
    executablePath: await chromePath(),
    args: [...CHROME_ARGS, '--force-color-profile=srgb', `--proxy-server=${proxy.address}`],
  });
  const page = await browser.newPage();
  await page.setViewport({ width: options.width ?? 1440, height: options.height ?? 900 });
  if (options.colorScheme)
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: options.colorScheme }]);
  const requests: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  const { path } = options;
  const address = path === undefined ? server.url : new URL(path, server.url).href;
  await page.goto(address, { waitUntil: 'load' });
  const close = async () => {
    await browser.close();
    await server.close();
    proxy.close();
  };
  return { page, browser, server, requests, elsewhere: proxy.asked, errors, close };
}
