import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { judgeStep } from './judge-step.mjs';

// The one gate, the same here and in CI: `npm test`, or `npm test -- lint node` for some of its steps.
const root = fileURLToPath(new URL('../../', import.meta.url));
const script = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const npm = (/** @type {string} */ name) => ['npm', 'run', '--silent', name];

/**
 * A gate counts as one test; a suite counts its own, read off its last line.
 *
 * @typedef {{name: string, command: readonly string[], suite?: boolean}} Step
 * @type {readonly Step[]}
 */
const steps = [
  { name: 'build', command: npm('build') },
  { name: 'format', command: npm('format') },
  { name: 'lint', command: npm('lint') },
  { name: 'types', command: npm('types') },
  { name: 'boundaries', command: npm('boundaries') },
  { name: 'checks', command: npm('checks') },
  { name: 'node', command: ['node', script('node-tests.mjs'), 'node'], suite: true },
  { name: 'browser', command: npm('test:browser'), suite: true },
  { name: 'e2e', command: ['node', script('node-tests.mjs'), 'e2e'], suite: true },
];

/** A step that hangs fails after this long, with what it said so far. */
const STEP_LIMIT_MS = 25 * 60 * 1000;

/** @param {Step} step */
function run({ command }) {
  const [program = '', ...args] = command;
  /** @type {Promise<{code: number, output: string}>} */
  const done = new Promise((resolve) => {
    // In a process group of its own, so that a step that hangs ends with all that it started.
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    const limit = setTimeout(() => {
      output += `\nstopped after ${String(STEP_LIMIT_MS / 1000)} s\n`;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, STEP_LIMIT_MS);
    const keep = (/** @type {Buffer} */ chunk) => (output += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: 1, output: `${output}\n${String(error)}` }));
    child.on('close', (code) => {
      clearTimeout(limit);
      resolve({ code: code ?? 1, output });
    });
  });
  return done;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(
    `unknown step ${unknown.join(', ')}; known: ${steps.map((s) => s.name).join(', ')}`,
  );
  process.exit(2);
}
const total = { passed: 0, failed: 0, skipped: 0 };
for (const step of steps.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const start = performance.now();
  const result = await run(step);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const counts = judgeStep(step, result);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  const detail = step.suite ? `  ${String(counts.passed)} passed` : '';
  const verdict = counts.failed > 0 ? 'FAILED' : 'ok';
  console.log(`${verdict.padEnd(7)}${step.name.padEnd(12)}${seconds.padStart(6)} s${detail}`);
  if (counts.failed > 0) console.log(result.output.trimEnd());
  else if (step.name === 'build') console.log(result.output.trimEnd());
  else for (const line of result.output.match(/^(?:SKIPPED|NOTE) .*$/gm) ?? []) console.log(line);
}
const skipped = total.skipped > 0 ? `, ${String(total.skipped)} skipped` : '';
process.exitCode = total.failed > 0 ? 1 : 0;
console.log(`\n${String(total.passed)} passed, ${String(total.failed)} failed${skipped}`);
