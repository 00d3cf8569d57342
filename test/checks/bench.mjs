import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// `npm run bench [-- part of a name…]`: every test/bench/*.bench.ts in a process of its own, one after the other.
const root = fileURLToPath(new URL('../../', import.meta.url));
const parts = process.argv.slice(2);
const files = readdirSync(join(root, 'test/bench'))
  .filter((name) => name.endsWith('.bench.ts') && parts.every((part) => name.includes(part)))
  .sort();
if (files.length === 0) {
  console.error(`no benchmark matches ${parts.join(' ')}`);
  process.exit(2);
}
let failed = 0;
for (const name of files) {
  const run = spawnSync(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', join('test/bench', name)],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  if (run.status !== 0) failed++;
}
process.exitCode = failed > 0 ? 1 : 0;
