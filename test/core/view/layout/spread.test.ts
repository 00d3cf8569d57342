import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Spreader } from '../../../../src/core/view/layout/spread.ts';
import { seeded } from './random-graph.ts';

/** Overwrites `at` by the answer; `gap[i]` is between i and i + 1. */
function spread(at: Float64Array, weight: Float64Array, gap: Float64Array, count: number): void {
  const spreader = new Spreader();
  for (let i = 0; i < count; i++) spreader.add(at[i]!, weight[i]!, i === 0 ? 0 : gap[i - 1]!);
  spreader.solve();
  at.set(spreader.position);
}

test('things that are far enough apart stay where they want to be', () => {
  const at = Float64Array.of(0, 50, 120);
  spread(at, Float64Array.of(1, 1, 1), Float64Array.of(40, 40), 3);
  assert.deepEqual([...at], [0, 50, 120]);
});

test('two that want the same place part around it', () => {
  const at = Float64Array.of(10, 10);
  spread(at, Float64Array.of(1, 1), Float64Array.of(40), 2);
  assert.deepEqual([...at], [-10, 30]);
});

test('the heavy one keeps its place', () => {
  const at = Float64Array.of(0, 0, 0);
  spread(at, Float64Array.of(1, 1e9, 1), Float64Array.of(30, 20), 3);
  assert.ok(Math.abs(at[1]!) < 1e-6);
  assert.ok(Math.abs(at[0]! + 30) < 1e-6);
  assert.ok(Math.abs(at[2]! - 20) < 1e-6);
});

test('no small move that keeps the gaps is better', () => {
  const random = seeded(11);
  for (let round = 0; round < 200; round++) {
    const count = 2 + Math.floor(random() * 6);
    const wanted = Float64Array.from({ length: count }, () => random() * 200);
    const weight = Float64Array.from({ length: count }, () => 0.5 + random() * 4);
    const gap = Float64Array.from({ length: count - 1 }, () => 10 + random() * 40);
    const at = wanted.slice();
    spread(at, weight, gap, count);
    const cost = (x: Float64Array): number =>
      x.reduce((sum, v, i) => sum + weight[i]! * (v - wanted[i]!) ** 2, 0);
    const fits = (x: Float64Array): boolean => gap.every((g, i) => x[i + 1]! - x[i]! >= g - 1e-9);
    assert.ok(fits(at));
    for (let from = 0; from < count; from++) {
      for (let to = from; to < count; to++) {
        for (const step of [-0.01, 0.01]) {
          const moved = at.map((v, i) => (i >= from && i <= to ? v + step : v));
          assert.ok(!fits(moved) || cost(moved) >= cost(at) - 1e-9);
        }
      }
    }
  }
});
