import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { readEngine } from '../../../src/core/engine/read-engine.ts';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import { agreementFigures } from '../../../src/core/reality/agreement-figures.ts';
import type { AgreementFigures } from '../../../src/core/reality/agreement-figures.ts';
import { nodeClasses } from '../../../src/core/reality/node-classes.ts';
import { parseTarget } from '../../../src/core/sim/parse-target.ts';
import { simulate } from '../../../src/core/sim/simulate.ts';
import type { BuildMode } from '../../../src/core/sim/target.ts';
import { engineFaults } from './engine-faults.ts';
import { readModel } from './given-engines.ts';
import { knownMisses, linesOf } from './known-misses.ts';

const FOLDER = new URL('../../engines/', import.meta.url);
const MISSES = 'expect-mismatch-own.txt';
/** Engines that are not well formed; a new one fails, a cured one must be struck out. */
const FAULTS = 'expect-fault-own.txt';
/** What all of the engines were built for. */
const TARGET = 'trt10.6-sm90';

describe('predictions beside the engines of our own networks', () => {
  const misses: string[] = [];
  const faults: string[] = [];
  const figures: AgreementFigures[] = [];

  before(async () => {
    const rows = readFileSync(new URL('index.tsv', FOLDER), 'utf8').trim().split('\n').slice(1);
    for (const row of rows) {
      const [network = '', placement = '', mode = ''] = row.split('\t');
      const name = `${network}.${placement}.${mode}`;
      const found = await compare(`${network}.${placement}`, mode as BuildMode);
      figures.push(found.figures);
      faults.push(...found.faults.map((fault) => `${name}: ${fault}`));
      for (const figure of ['layers', 'precision', 'qdq'] as const)
        if (found.figures[figure] < 1) misses.push(`${name} ${figure}`);
    }
  });

  test('every engine is well formed, but for known faults', () => {
    assert.deepEqual(faults.sort(), linesOf(FAULTS).sort());
  });

  test('what we miss is known, and what is known is missed', () => {
    assert.ok(figures.length > 30);
    assert.deepEqual(misses.sort(), [...knownMisses(MISSES).keys()].sort());
  });
});

test('each known miss has a reason', () => {
  for (const [miss, reason] of knownMisses(MISSES)) assert.match(reason, /^\S.*\w/, miss);
});

/** Predicts the engine of a model and compares it with the one that was built. */
async function compare(file: string, mode: BuildMode) {
  const model = await readModel(new URL(`${file}.onnx.gz`, FOLDER));
  const target = parseTarget(TARGET, mode);
  assert.ok(target.ok);
  const engine = simulate(model, target.value, inferShapes(model));
  const name = `${file}.${mode}.layer.json`;
  const built = readEngine(
    name,
    gunzipSync(readFileSync(new URL(`${name}.gz`, FOLDER))).toString(),
  );
  assert.ok(built.ok);
  return {
    faults: engineFaults(engine, model.graph),
    figures: agreementFigures(engine.layers, built.value.layers, nodeClasses(model.graph)),
  };
}
