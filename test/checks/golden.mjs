import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// `npm run golden` runs the tests that compare with test/golden; `-- --update` rewrites the expectations instead.
const update = process.argv.includes('--update');
const script = fileURLToPath(new URL('node-tests.mjs', import.meta.url));
const { status } = spawnSync(process.execPath, [script, 'node', 'golden'], {
  stdio: 'inherit',
  env: { ...process.env, ...(update ? { UPDATE_GOLDENS: '1' } : {}) },
});
process.exitCode = status ?? 1;
