import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseTarget } from '../../../src/core/sim/parse-target.ts';
import { simulate } from '../../../src/core/sim/simulate.ts';
import { engineLines } from './engine-text.ts';
import { readModel } from './given-engines.ts';

const SAMPLES = new URL('../../../public/samples/', import.meta.url);
const REPLAY = new URL('../../golden/replay.txt', import.meta.url);
const TARGETS = ['trt10.6-sm90 best', 'trt10.6-sm90 strong', 'trt8.6-sm90 best'] as const;

const HEAD = [
  '# Layers that are predicted for the bundled samples. A refactor changes no byte of this; a change of rules does, and',
  '# `npm run golden -- --update` writes it anew. In a second engine of a sample only the lines that differ are told.',
];

/** Engines of one sample: the first in full, of the others what the first has not (+) and what it alone has (-). */
async function replayOf(file: string): Promise<string[]> {
  const model = await readModel(new URL(file, SAMPLES));
  const lines: string[] = [];
  let first: readonly string[] = [];
  for (const text of TARGETS) {
    const [name, mode] = text.split(' ') as [string, 'best' | 'strong'];
    const target = parseTarget(name, mode);
    assert.ok(target.ok, text);
    const engine = simulate(model, target.value);
    const { layers, computeLayers, int8Layers, reformats, survivingQdq, noops } = engine.summary;
    lines.push(
      '',
      `${file} for ${text}: ${String(layers)} layers, ${String(computeLayers)} compute, ${String(int8Layers)} int8, ` +
        `${String(reformats)} reformats, ${String(survivingQdq)} Q/DQ, ${String(noops)} no-ops`,
    );
    const told = engineLines(engine);
    if (first.length === 0) lines.push(...(first = told));
    else lines.push(...difference(first, told));
  }
  return lines;
}

function difference(before: readonly string[], after: readonly string[]): string[] {
  const [had, has] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !has.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !had.has(line)).map((line) => `+ ${line}`),
  ];
}

test('predictions of the bundled samples are those of the last time', async () => {
  const files = readdirSync(SAMPLES).filter((file) => file.endsWith('.onnx.gz'));
  const lines = [...HEAD];
  for (const file of files.sort()) lines.push(...(await replayOf(file)));
  const found = `${lines.join('\n')}\n`;
  if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(REPLAY, found);
  assert.equal(found, readFileSync(REPLAY, 'utf8'));
});
