import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import { simulate } from '../../../src/core/sim/simulate.ts';
import { textModel } from './text-model.ts';

/** A chain of INT8 convolutions with ReLU and a residual Add after every other one: eight nodes a link. */
function chain(nodes: number): string {
  const lines: string[] = [];
  const constants = ['float s = {0.1}', 'int8 z = {0}'];
  let value = 'x';
  for (let i = 0; i < nodes / 8; i++) {
    const n = String(i);
    lines.push(
      `q${n} = QuantizeLinear (${value}, s, z) d${n} = DequantizeLinear (q${n}, s, z)`,
      `p${n} = QuantizeLinear (w${n}, s, z) e${n} = DequantizeLinear (p${n}, s, z)`,
      `c${n} = Conv (d${n}, e${n}) a${n} = Add (c${n}, d${n}) r${n} = Relu (a${n})`,
      `m${n} = MaxPool <kernel_shape = [1, 1]> (r${n})`,
    );
    constants.push(`float[32, 32, 1, 1] w${n} = {0.5 ...}`);
    value = `m${n}`;
  }
  return `g (float[1, 32, 8, 8] x) => (${value}) <${constants.join(', ')}> { ${lines.join('\n')} }`;
}

/** A simulation of a chain, ready to be timed: milliseconds of one run. */
function timed(nodes: number): () => number {
  const model = textModel(chain(nodes));
  assert.equal(model.graph.nodeCount, nodes);
  const report = inferShapes(model);
  return () => {
    const start = performance.now();
    simulate(model, { trt: '10.6', sm: 90, mode: 'best' }, report);
    return performance.now() - start;
  };
}

/** Milliseconds of the fastest runs, taken in turns: what else the machine does makes runs slower, and then both. */
function fastest(runs: readonly (() => number)[]): readonly number[] {
  const best = runs.map(() => Infinity);
  for (let turn = 0; turn < 7; turn++)
    for (const [i, run] of runs.entries()) best[i] = Math.min(best[i] ?? Infinity, run());
  return best;
}

test('twice the nodes take about twice the time', (context) => {
  const [small = 0, large = Infinity] = fastest([timed(8000), timed(16000)]);
  context.diagnostic(`8000 nodes ${small.toFixed(0)} ms, 16000 nodes ${large.toFixed(0)} ms`);
  assert.ok(large < 3 * small, `${small.toFixed(1)} ms, then ${large.toFixed(1)} ms`);
});
