import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSimulation } from '../../../src/core/explain/resimulate.ts';
import { checkGraph } from '../../../src/core/ir/check-graph.ts';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { PLACING_PASSES } from './pass-groups.ts';
import type { RewritePass } from '../../../src/core/passes/rewrite-pass.ts';
import { runPasses } from '../../../src/core/passes/run-passes.ts';
import type { PassRun } from '../../../src/core/passes/run-passes.ts';
import type { Target } from '../../../src/core/sim/target.ts';
import { valueOf } from '../explain/text-models.ts';
import { randomNetwork } from '../sim/random-network.ts';
import { textModel } from '../sim/text-model.ts';

const TARGET: Target = { trt: '10.6', sm: 90, mode: 'best' };
const SEEDS = Array.from({ length: 300 }, (_, seed) => seed);
const SETS: readonly (readonly [string, readonly RewritePass[]])[] = [
  ...PLACING_PASSES.map((pass) => [pass.id, [pass]] as const),
  ['all together', PLACING_PASSES],
];

const run = async (model: Model, passes: readonly RewritePass[]): Promise<PassRun> =>
  valueOf(await runPasses(model, passes, { target: TARGET }));

/** Layers, and with equally many their surviving Q/DQ, in one number. */
function costOf(model: Model): number {
  const { summary } = startSimulation(model, TARGET).engine;
  return summary.layers + summary.survivingQdq / 1000;
}

// Networks of chance are full of Q/DQ that no calibration would put there, so a pass may lose now and then by what stands
// around its pattern; it must not lose as a rule.
for (const [name, passes] of SETS)
  test(`random networks stay sound, and ${name} seldom makes one worse`, async (context) => {
    const counts = { changed: 0, better: 0, worse: 0 };
    for (const seed of SEEDS) {
      const model = textModel(randomNetwork(seed));
      const done = await run(model, passes);
      if (done.changes.length === 0) continue;
      assert.deepEqual(checkGraph(done.model.graph), [], `seed ${String(seed)}`);
      const again = await run(done.model, passes);
      assert.deepEqual(again.changes, [], `seed ${String(seed)}: a second run changes nothing`);
      const [was, is] = [costOf(model), costOf(done.model)];
      counts.changed++;
      if (is < was) counts.better++;
      else if (is > was) counts.worse++;
    }
    context.diagnostic(JSON.stringify(counts));
    assert.ok(counts.worse <= 0.06 * counts.changed, JSON.stringify(counts));
  });

const conv = (name: string, input: string): string =>
  `${name}_wq = QuantizeLinear (w, s, z) ${name}_wd = DequantizeLinear (${name}_wq, s, z) ` +
  `${name} = Conv (${input}, ${name}_wd)`;
const pair = (value: string, scale = 's'): string =>
  `${value}_q = QuantizeLinear (${value}, ${scale}, z) ${value}_d = DequantizeLinear (${value}_q, ${scale}, z)`;
const network = (outputs: string, nodes: readonly string[], constants = ''): string =>
  `<ir_version: 8, opset_import: ["" : 17]> g (float[1, 32, 8, 8] x) => (${outputs}) ` +
  `<float s = {0.1}, float t = {0.2}, int8 z = {0}, float[32, 32, 1, 1] w = {0.5 ...}${constants}> ` +
  `{ ${nodes.join(' ')} }`;

/** Each holds a pattern of some pass, and something that stands in its way. */
const ODD: Readonly<Record<string, string>> = {
  'the sum is an output of the network': network('float[] a', [
    ...[pair('x'), conv('c', 'x_d'), 'r = Relu (c)', pair('r'), conv('e', 'r_d'), 'a = Add (e, r)'],
    ...[pair('a'), conv('y', 'a_d')],
  ]),
  'scales are computed': network('float[] y', [
    ...['k = Add (s, t)', pair('x'), conv('c', 'x_d'), 'p = MaxPool <kernel_shape = [1, 1]> (c)'],
    ...[pair('c', 'k'), pair('p'), conv('d', 'c_d'), 'e = Concat <axis = 1> (d, p_d)'],
    'y = Sigmoid (e)',
  ]),
  'an Add of one value with itself': network('float[] y', [
    ...[pair('x'), conv('c', 'x_d'), 'a = Add (c, c)', pair('a'), conv('y', 'a_d')],
  ]),
  'a Concat of one value twice': network('float[] y', [
    ...[pair('x'), conv('c', 'x_d'), pair('c'), 'e = Concat <axis = 1> (c_d, c_d)', 'y = Relu (e)'],
  ]),
  'Q without DQ': network('float[] y, int8[] x_q2', [
    ...[pair('x'), 'x_q2 = QuantizeLinear (x, t, z)', 'p = MaxPool <kernel_shape = [1, 1]> (x)'],
    ...[pair('p'), conv('y', 'p_d')],
  ]),
  'operators of another domain': network('float[] y', [
    ...[
      pair('x'),
      'a = my.Add (x_d, x)',
      'b = my.Concat (x_d)',
      'c = my.Mul (a, b)',
      'y = Relu (c)',
    ],
  ]).replace('["" : 17]', '["" : 17, "my" : 1]'),
};

test('odd graphs stay sound', async () => {
  for (const [name, text] of Object.entries(ODD)) {
    const model = textModel(text);
    inferShapes(model);
    const done = await run(model, PLACING_PASSES);
    assert.deepEqual(checkGraph(done.model.graph), [], name);
    assert.deepEqual((await run(done.model, PLACING_PASSES)).changes, [], name);
  }
});

test('a graph without shapes, and one that a subgraph reads, are left sound', async () => {
  const text = network('float y', [
    ...[pair('x'), conv('c', 'x_d'), 'r = Relu (c)', pair('r'), conv('e', 'r_d')],
    ...['cond = Constant <value = bool {1}> ()', 'a = Add (e, r)', pair('a'), conv('v', 'a_d')],
    'y = If (cond) <then_branch = t () => (float u) { u = Identity (r) }, ' +
      'else_branch = f () => (float o) { o = Identity (v) }>',
  ]).replace('float[1, 32, 8, 8] x', 'float x');
  const model = textModel(text);
  const done = await run(model, PLACING_PASSES);
  assert.deepEqual(checkGraph(done.model.graph), []);
  const blamed = done.declined.flatMap(({ nodes }) => nodes);
  const branch = [...model.graph.nodes()].find(({ opType }) => opType === 'If');
  assert.ok(branch && (done.changes.length > 0 || blamed.includes(branch.name)), blamed.join(', '));
});

test('twice the blocks take about twice the time', async (context) => {
  const chain = (blocks: number): string => {
    const lines: string[] = [];
    let value = 'x';
    for (let i = 0; i < blocks; i++) {
      const n = String(i);
      lines.push(pair(value), conv(`c${n}`, `${value}_d`), `g${n} = Sigmoid (c${n})`);
      lines.push(`r${n} = Mul (c${n}, g${n})`, `a${n} = Add (r${n}, ${value})`);
      value = `a${n}`;
    }
    return network('float[] y', [...lines, pair(value), conv('y', `${value}_d`)]);
  };
  const fastest = async (blocks: number): Promise<number> => {
    const model = textModel(chain(blocks));
    inferShapes(model);
    const times: number[] = [];
    for (let i = 0; i < 3; i++) {
      const start = performance.now();
      const { changes } = await run(model, PLACING_PASSES);
      times.push(performance.now() - start);
      assert.ok(changes.length >= blocks - 1);
    }
    return Math.min(...times);
  };
  await fastest(50);
  const [small, large] = [await fastest(200), await fastest(400)];
  context.diagnostic(`1600 nodes ${small.toFixed(0)} ms, 3200 nodes ${large.toFixed(0)} ms`);
  assert.ok(large < 3.5 * small, `${small.toFixed(1)} ms, then ${large.toFixed(1)} ms`);
});
