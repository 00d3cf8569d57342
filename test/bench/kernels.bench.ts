import { build } from 'esbuild';
import puppeteer from 'puppeteer-core';
import { CHROME_ARGS, chromePath } from '../support/chrome.mjs';
import { KERNEL_BYTES, kernelTimings } from './kernel-works.ts';
import { printTimings } from './measure.ts';
import type { Timing } from './measure.ts';

// The wasm kernels against their plain twins: throughput in Node and in Chromium.
const RUNS = 9;

function print(place: string, timings: readonly Timing[]): void {
  const megabytes = String(KERNEL_BYTES / 1024 / 1024);
  printTimings(`Kernels over ${megabytes} MB in ${place}`, timings, ({ name, p50 }) => {
    const throughput = `${(KERNEL_BYTES / p50 / 1e6).toFixed(2)} GB/s`;
    const twin = timings.find((timing) => timing.name === name.replace(/, wasm$/, ', plain'));
    return twin && twin.name !== name
      ? `${throughput}, ${(twin.p50 / p50).toFixed(1)} times the plain twin`
      : throughput;
  });
}

async function timingsInChromium(): Promise<Timing[]> {
  const { outputFiles } = await build({
    entryPoints: [new URL('kernel-works.ts', import.meta.url).pathname],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'bench',
    target: 'es2022',
  });
  const browser = await puppeteer.launch({
    executablePath: await chromePath(),
    args: CHROME_ARGS,
  });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
    return (await page.evaluate(`bench.kernelTimings(${String(RUNS)})`)) as Timing[];
  } finally {
    await browser.close();
  }
}

print('Node', await kernelTimings(RUNS));
print('Chromium', await timingsInChromium());
