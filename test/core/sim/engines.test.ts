import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { predictionFile } from '../../../src/core/sim/prediction-file.ts';
import { engineFaults } from './engine-faults.ts';
import { enginesFolder, judge, predictGiven, skipEngines } from './given-engines.ts';
import type { GivenEngine } from './given-engines.ts';
import { knownMisses, linesOf } from './known-misses.ts';

const FIGURES = ['layers', 'precision', 'qdq'] as const;
type Figure = (typeof FIGURES)[number];
type Figures = Readonly<Record<Figure | 'perfect', number>>;
type Row = GivenEngine & Figures & { readonly missing: boolean };
interface Score {
  readonly table: readonly (Figures & { readonly group: string; readonly engines: number })[];
  readonly rows: readonly Row[];
}

/** What the predictor reaches, and may not fall below. */
const FLOORS: Readonly<Record<string, Partial<Figures>>> = {
  'trt10.6.0-h100 micro best': { layers: 0.985, precision: 0.985, qdq: 0.98, perfect: 0.92 },
  'trt10.6.0-h100 micro strong': { layers: 0.98, precision: 0.98 },
  'trt10.6.0-h100 real best': { layers: 0.97, precision: 0.97, qdq: 0.95 },
  'trt8.6.1-h100 micro best': { layers: 0.96, precision: 0.96 },
  'trt8.6.1-h100 real best': { layers: 0.96, precision: 0.96 },
};
const MISSES = 'expect-mismatch.txt';
/** Engines that are not well formed; a new one fails, a cured one must be struck out. */
const FAULTS = 'expect-fault.txt';

describe('predictions beside the real engines', { skip: skipEngines }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'predictions-'));
  const faults: string[] = [];
  let score: Score;

  before(async () => {
    for await (const { row, model, engine } of predictGiven()) {
      const { target, kind, mode } = row;
      const into = join(folder, target, kind);
      mkdirSync(into, { recursive: true });
      const text = JSON.stringify(predictionFile(engine));
      writeFileSync(join(into, `${row.model}.${mode}.layer.json`), text);
      faults.push(...engineFaults(engine, model.graph).map((fault) => `${nameOf(row)}: ${fault}`));
    }
    score = judged(folder);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  test('every engine is well formed, but for known faults', () => {
    assert.deepEqual(faults.sort(), linesOf(FAULTS).sort());
  });

  test('every engine is predicted', () => {
    assert.deepEqual(score.rows.filter((row) => row.missing).map(nameOf), []);
  });

  for (const [group, floors] of Object.entries(FLOORS))
    test(`figures of ${group}`, (context) => {
      const found = score.table.find((figures) => figures.group === group);
      assert.ok(found, `no engine in ${group}`);
      for (const [figure, floor] of Object.entries(floors)) {
        const value = found[figure as keyof Figures];
        context.diagnostic(`${figure} ${value.toFixed(4)}`);
        assert.ok(value >= floor, `${figure} is ${value.toFixed(4)}, must be ${String(floor)}`);
      }
    });

  test('what we miss is known, and what is known is missed', () => {
    const misses = score.rows.flatMap((row) =>
      FIGURES.filter((figure) => row[figure] < 1).map((figure) => `${nameOf(row)} ${figure}`),
    );
    assert.deepEqual(misses.sort(), [...knownMisses(MISSES).keys()].sort());
  });
});

test('each known miss has a reason', () => {
  for (const [miss, reason] of knownMisses(MISSES)) assert.match(reason, /^\S.*\w/, miss);
});

const nameOf = ({ target, kind, model, mode }: GivenEngine): string =>
  `${target} ${kind}/${model}.${mode}`;

function judged(predictions: string): Score {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [judge, enginesFolder, predictions, '--json'],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Score;
}
