import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

// Runs the tests that need Node: `node-tests.mjs [node|e2e] [part of a path…]`.
const root = fileURLToPath(new URL('../../', import.meta.url));
const [kind = 'node', ...parts] = process.argv.slice(2);

/** @param {string} file */
function isWanted(file) {
  const isEndToEnd = file.endsWith('.e2e.test.ts');
  const isNode = file.endsWith('.test.ts') && !isEndToEnd && !file.endsWith('.browser.test.ts');
  return (kind === 'e2e' ? isEndToEnd : isNode) && parts.every((part) => file.includes(part));
}

const files = readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  .filter(isWanted)
  .sort();

if (files.length === 0) {
  console.error(`no ${kind} test matches ${parts.join(' ')}`);
  process.exit(1);
}
if (kind === 'e2e' && !existsSync(join(root, 'dist/page/index.html'))) {
  console.error('the end-to-end tests drive the built page: run `npm run build` first');
  process.exit(1);
}
// End-to-end tests measure how the page feels: one at a time, so that they do not disturb each other.
const concurrency = kind === 'e2e' ? 1 : 2;
const run = spawnSync(
  process.execPath,
  [
    '--import',
    'tsx',
    '--test',
    '--test-timeout=400000',
    `--test-concurrency=${String(concurrency)}`,
    `--test-reporter=${new URL('../support/plain-reporter.mjs', import.meta.url).href}`,
    '--test-reporter-destination=stdout',
    ...files,
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'test/tsconfig.json') },
  },
);
process.exit(run.status ?? 1);
