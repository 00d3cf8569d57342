import { createReadStream } from 'node:fs';
import { chromeLauncher } from '@web/test-runner-chrome';
import { defaultReporter } from '@web/test-runner';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import puppeteer from 'puppeteer-core';
import { CHROME_ARGS, chromePath } from './test/support/chrome.mjs';
import { vendorCjs } from './test/support/vendor-plugin.mjs';

/** Prints `N passed, N failed[, N skipped]` alone on the last line; a file that cannot load counts as failed. */
const plainSummary = () => ({
  stop({ sessions }) {
    const count = { passed: 0, failed: 0, skipped: 0 };
    const walk = (suite) => {
      for (const test of suite.tests)
        count[test.skipped ? 'skipped' : test.passed ? 'passed' : 'failed']++;
      suite.suites.forEach(walk);
    };
    for (const session of sessions) {
      if (session.testResults) walk(session.testResults);
      if (session.errors.length > 0) count.failed++;
    }
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
    console.log(`\n${count.passed} passed, ${count.failed} failed${skipped}`);
  },
});

/** The headers of the real page, so that tests run isolated too; and ORT's own module, which must stay as it is. */
function serveLikeThePage(context, next) {
  context.set('Cross-Origin-Opener-Policy', 'same-origin');
  context.set('Cross-Origin-Embedder-Policy', 'require-corp');
  context.set('Cross-Origin-Resource-Policy', 'same-origin');
  const match = /^\/ort\/(ort-wasm-simd-threaded\.(mjs|wasm))$/.exec(context.path);
  if (!match) return next();
  context.type = match[2] === 'mjs' ? 'text/javascript' : 'application/wasm';
  context.body = createReadStream(`node_modules/onnxruntime-web/dist/${match[1]}`);
  return undefined;
}

export default {
  files: 'test/**/*.browser.test.ts',
  concurrency: 2,
  testFramework: { config: { timeout: 20000 } },
  nodeResolve: {
    exportConditions: ['onnxruntime-web-use-extern-wasm', 'browser', 'development'],
  },
  browsers: [
    chromeLauncher({
      puppeteer,
      launchOptions: { executablePath: await chromePath(), args: CHROME_ARGS },
    }),
  ],
  reporters: [defaultReporter({ reportTestProgress: process.stdout.isTTY }), plainSummary()],
  plugins: [
    vendorCjs(['protobufjs/minimal.js', 'onnx-proto']),
    esbuildPlugin({ ts: true, tsconfig: 'src/ui/tsconfig.json', target: 'es2022' }),
  ],
  middleware: [serveLikeThePage],
};
