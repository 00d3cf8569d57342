import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import { NORMALIZING_PASSES } from './pass-groups.ts';
import type { Numerics } from '../../../src/core/passes/rewrite-pass.ts';
import { runPasses } from '../../../src/core/passes/run-passes.ts';
import { textModel } from '../sim/text-model.ts';
import { compareRuns } from './compare-runs.ts';
import { goldensOf } from './golden-file.ts';

/** How far outputs may move, as a share of the largest: one step of the grids of the examples, or what coarser grids cost. */
const ALLOWED: Readonly<Record<Numerics, number>> = {
  'bit-exact': 0,
  'one-step': 0.05,
  approximate: 0.06,
};

/** Within the ranges that the examples were calibrated for: what lies outside may be clamped elsewhere afterwards. */
const RANGE = { min: -0.7, max: 0.7 };

/** Examples that say in words what they change beyond rounding. */
const SKIPPED: Readonly<Record<string, string>> = {
  'make-activations-symmetric/06-output-dtype': 'its input is taken not to be below 0',
  'make-float16/01-convolution': 'a bias is clamped',
};

for (const pass of NORMALIZING_PASSES.filter(({ numerics }) => numerics === 'approximate'))
  test(`the examples of ${pass.id} are ${pass.numerics} when they run`, async (t) => {
    for (const golden of goldensOf(pass.id)) {
      const model = textModel(golden.model);
      inferShapes(model);
      const { target, settings } = golden;
      const run = await runPasses(model, [pass], { target, settings });
      assert.ok(run.ok, golden.name);
      if (run.value.changes.length === 0 || SKIPPED[golden.name] !== undefined) continue;
      const moved = await compareRuns(model, run.value.model, rangeFor(pass.numerics));
      t.diagnostic(`${golden.name} moves by ${moved.toExponential(2)}`);
      assert.ok(moved <= ALLOWED[pass.numerics], `${golden.name} moves by ${String(moved)}`);
    }
  });

/** What is exact, or but rounded elsewhere, holds for any numbers. */
const rangeFor = (numerics: Numerics): typeof RANGE | undefined =>
  numerics === 'approximate' ? RANGE : undefined;
