import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// `npm run score [-- options of score.mjs]`: predicts every model of the engine set and compares with the real engines;
// `npm run score -- --trace [--misses]` compares the simulator's events with those of the builders' logs instead.
const root = fileURLToPath(new URL('../../', import.meta.url));
const truth = join(root, '../shared/engines');
const judge = join(root, '../shared/score/score.mjs');
const predictions = join(root, '.out/predictions');

if (!existsSync(truth) || !existsSync(judge)) {
  console.error('NOT SCORED: the engine set is not here. It is expected at ../shared/engines,');
  console.error('and its judge at ../shared/score/score.mjs, both beside this repository.');
  process.exit(2);
}

/** @param {readonly string[]} args */
function node(args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const options = process.argv.slice(2);
if (options.includes('--trace')) {
  node(['--import', 'tsx', 'test/checks/print-trace-score.ts', ...options]);
} else {
  node(['--import', 'tsx', 'src/cli/main.ts', 'predict-corpus', truth, predictions]);
  node([judge, truth, predictions, ...options]);
}
