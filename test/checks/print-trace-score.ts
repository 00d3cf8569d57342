import { fileURLToPath } from 'node:url';
import { f1, meanF1, scoreTraces, sumByPass } from './trace-score.ts';
import type { TraceScore } from './trace-score.ts';

// `npm run score -- --trace [--misses]`: the simulator's events against those of the real builders' verbose logs.
const truth = fileURLToPath(new URL('../../../shared/engines', import.meta.url));
const scores = await scoreTraces(truth);
const groups = new Map<string, TraceScore[]>();
for (const score of scores) {
  const name = `${score.target} ${score.kind} ${score.mode}`;
  groups.set(name, [...(groups.get(name) ?? []), score]);
}
console.log('Events (pass, node), mean F1 over engines:');
for (const [name, group] of groups) {
  const perfect = group.filter(({ total }) => f1(total) === 1).length;
  const engines = `${String(group.length).padStart(4)} engines, ${String(perfect)} perfect`;
  console.log(`  ${name.padEnd(32)} ${meanF1(group).toFixed(4)}  ${engines}`);
}
console.log(`\n${'pass'.padEnd(34)} hit  predicted  real`);
for (const [pass, { hit, predicted, real }] of sumByPass(scores))
  console.log(
    `${pass.padEnd(32)} ${String(hit).padStart(5)} ${String(predicted).padStart(10)} ${String(real).padStart(5)}${hit === predicted && hit === real ? '' : '  ✗'}`,
  );
if (process.argv.includes('--misses'))
  for (const { target, kind, model, mode, total } of scores)
    if (f1(total) < 1) console.log(`${f1(total).toFixed(3)}  ${target} ${kind} ${model} ${mode}`);
