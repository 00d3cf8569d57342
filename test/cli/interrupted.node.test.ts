import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateChain } from '../support/generate-model.ts';
import { builtCli } from './built-cli.ts';
import { scratchFolder } from './cli-harness.ts';
import { noTerminal, onTerminal } from './pseudo-terminal.ts';

// What an interrupt leaves on the terminal of a person, and in the folder.
const folder = scratchFolder();
const model = join(folder, 'chain.onnx');
writeFileSync(model, generateChain(60, { floatShortcuts: true }));
const out = join(folder, 'out.onnx');
const CLEARED = '\r\u001b[K';

const RUNS: readonly (readonly [readonly string[], 'SIGINT' | 'SIGTERM'])[] = [
  [['optimize', model, out, '--budget', '100000'], 'SIGINT'],
  [['optimize', model, out, '--budget', '100000'], 'SIGTERM'],
  [['validate', model, model, '--inputs', 'random:1', '--samples', '100000'], 'SIGINT'],
];
for (const [words, signal] of RUNS)
  test(`${signal} during ${words[0] ?? ''}: no bar, no file`, { skip: noTerminal }, async () => {
    const number = constants.signals[signal];
    const end = await onTerminal({
      ...{ argv: [process.execPath, builtCli(), ...words], cwd: folder, seconds: 60 },
      steps: [{ until: '░', signal: number }],
    });
    assert.equal(end.timedOut, false, end.output);
    assert.equal(end.signal, number, 'a shell shows 128 and the number of the signal');
    assert.ok(end.output.includes('░'));
    assert.ok(end.output.endsWith(CLEARED), JSON.stringify(end.output.slice(-200)));
    assert.ok(!end.output.includes('\u001b[?25l'), 'the cursor was never hidden');
    assert.deepEqual(readdirSync(folder), ['chain.onnx']);
  });
